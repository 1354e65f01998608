// The checker: what a pasted session ID holds.

import { byID, icon, isBusy, make, setBusy } from './dom.js';
import { call } from './api.js';
import { describeCredentials } from './credentials.js';
import { phoneText } from './phone.js';
import { readSessionID } from './session-id-reader.js';
import { locale, texts, told } from './texts.js';

export class DecoderView {
  #input = byID('decoder-input');
  #result = byID('decoder-result');
  #clear = byID('decoder-clear');
  #login = byID('decoder-login');
  #ask = byID('decoder-ask');
  #verdict = byID('decoder-verdict');
  #timer;
  #turn = 0;

  constructor() {
    byID('decoder').hidden = false;
    this.#input.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#read(), 150);
    });
    this.#clear.addEventListener('click', () => {
      this.#input.value = '';
      this.#read();
      this.#input.focus();
    });
    this.#ask.addEventListener('click', () => this.#askServer());
  }

  async #read() {
    const turn = ++this.#turn;
    const text = this.#input.value;
    this.#verdict.textContent = '';
    this.#clear.hidden = !text;
    if (!text.trim()) {
      this.#result.replaceChildren();
      this.#login.hidden = true;
      return;
    }
    let shown;
    let canAsk = false;
    try {
      const found = await readSessionID(text);
      const report = describeCredentials(found.credentials);
      shown = reportElements(found, report);
      canAsk = report.missing.length === 0;
    } catch (problem) {
      if (!problem.title) throw problem;
      shown = [verdict(problem.kind === 'pointer' ? 'careful' : 'wrong', problem.title, problem.message)];
    }
    if (turn !== this.#turn) return;
    this.#result.replaceChildren(...shown);
    this.#login.hidden = !canAsk;
  }

  async #askServer() {
    if (isBusy(this.#ask)) return;
    setBusy(this.#ask, true);
    this.#verdict.textContent = texts('logging_in');
    try {
      const answer = await call('POST', '/api/session/validate', { sessionID: this.#input.value.trim(), checkLogin: true });
      this.#verdict.textContent = loginText(answer);
    } catch (error) {
      this.#verdict.textContent = error.message;
    }
    setBusy(this.#ask, false);
  }
}

function loginText(answer) {
  if (!answer.valid) return told(answer.message) ?? texts('cannot_read');
  if (answer.login?.ok) return texts('logs_in');
  return told(answer.login?.message ?? answer.message) ?? texts('no_login');
}

function verdict(kind, title, ...texts) {
  const iconName = kind === 'good' ? 'check' : 'alert';
  return make(
    'div',
    { class: `verdict verdict-${kind}`, 'data-kind': kind },
    icon(iconName),
    make('div', {}, make('p', {}, make('strong', {}, title)), ...texts.map((text) => make('p', {}, text))),
  );
}

function reportElements(found, report) {
  const isWhole = report.missing.length === 0;
  const head = isWhole
    ? verdict('good', texts('complete'), texts('complete_text'))
    : verdict('wrong', texts('incomplete'), texts('incomplete_text', { missing: report.missing.join('; ') }));
  const traits = [
    [texts('trait.form'), found.form],
    [texts('trait.number'), report.number ? phoneText(report.number) : undefined],
    [texts('trait.device'), report.device ? texts('linked_device', { number: report.device }) : undefined],
    [texts('trait.name'), report.name],
    [texts('trait.phone'), report.platform],
    [texts('trait.linked'), report.linkedAt ? dateText(report.linkedAt) : undefined],
    ['LID', report.lid],
    [texts('trait.beside'), found.folderFiles ? texts(found.folderFiles === 1 ? 'folder_file' : 'folder_files', { count: found.folderFiles }) : undefined],
  ].filter(([, value]) => value);
  const list = make('dl', { class: 'traits' }, ...traits.map(([name, value]) => make('div', {}, make('dt', {}, name), make('dd', {}, value))));
  const notes = report.notes.length ? make('ul', { class: 'findings' }, ...report.notes.map((note) => make('li', {}, note))) : undefined;
  return [head, list, notes].filter(Boolean);
}

function dateText(date) {
  return date.toLocaleString(locale, { dateStyle: 'long', timeStyle: 'short' });
}
