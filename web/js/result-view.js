// The session ID: hidden until asked for, copied, saved, written in another form, wiped.

import { byID, isBusy, setBusy } from './dom.js';
import { canPack } from './bytes.js';
import { copyText, saveFile } from './clipboard.js';
import { dialects } from './dialects.js';
import { phoneText } from './phone.js';
import { readSessionID } from './session-id-reader.js';
import { writeSessionID } from './session-id-writer.js';
import { locale, texts } from './texts.js';

export class ResultView {
  #section = byID('result');
  #title = byID('result-title');
  #who = byID('result-who');
  #live = byID('result-live');
  #wiped = byID('result-wiped');
  #field = byID('session-id');
  #fieldState = byID('session-id-state');
  #fieldLabel = byID('session-id-label');
  #length = byID('session-id-length');
  #reveal = byID('reveal');
  #copy = byID('copy');
  #download = byID('download');
  #ask = byID('wipe-ask');
  #askDone = byID('wipe-done');
  #wipe = byID('wipe');
  #rest = byID('result-rest');
  #format;
  #home;
  #text = '';
  #dialect = '';
  #json;
  #isTaken = false;

  /** `onWipe()` returns a promise; `onAgain()` asks for another try; `format` is the FormatView. */
  constructor({ format, onWipe, onAgain }) {
    this.#format = format;
    this.#home = format.element.parentElement;
    this.#reveal.addEventListener('click', () => this.#showSecret(this.#field.dataset.hidden === 'true'));
    this.#copy.addEventListener('click', () => this.#copyID());
    this.#download.addEventListener('click', () => this.#save());
    byID('wipe-later').addEventListener('click', () => {
      this.#ask.hidden = true;
      this.#copy.focus();
    });
    this.#wipe.addEventListener('click', () => this.#wipeNow(onWipe));
    byID('again').addEventListener('click', onAgain);
    addEventListener('beforeunload', (event) => {
      if (this.#text && !this.#isTaken) event.preventDefault();
    });
  }

  get isShown() {
    return !this.#section.hidden;
  }

  async show({ sessionID, dialect, jid }) {
    this.#text = sessionID;
    this.#dialect = dialect;
    this.#json = await readSessionID(sessionID).then((result) => result.json, () => undefined);
    this.#isTaken = false;
    this.#who.textContent = whoText(jid);
    this.#section.hidden = false;
    this.#live.hidden = false;
    this.#wiped.hidden = true;
    this.#ask.hidden = true;
    this.#download.disabled = !this.#json;
    byID('result-form').hidden = !this.#json || !canPack;
    byID('result-form').open = false;
    byID('result-format').append(this.#format.element);
    this.#showSecret(false);
    this.#title.focus({ preventScroll: true });
    this.#section.scrollIntoView({ block: 'start' });
    if (this.#json && (this.#format.dialect !== dialect)) await this.rewrite();
  }

  /** Writes the same credentials in the form that is chosen now. */
  async rewrite() {
    if (!this.isShown || !this.#json || !canPack) return;
    const { dialect, prefix } = this.#format;
    this.#text = await writeSessionID(this.#json, dialect, prefix);
    this.#dialect = dialect;
    this.#ask.hidden = true;
    this.#showSecret(this.#field.dataset.hidden === 'false');
  }

  /** The server's copy ends by itself; the page keeps its own until it is left. */
  serverForgot() {
    this.#ask.hidden = true;
    this.#rest.textContent = texts('server_forgot');
  }

  serverForgetsAt(text) {
    this.#rest.textContent = text;
  }

  hide() {
    this.#forget();
    this.#section.hidden = true;
    this.#home.insertBefore(this.#format.element, byID('ways'));
  }

  #forget() {
    this.#text = '';
    this.#json = undefined;
    this.#field.value = '';
    this.#showSecret(false);
  }

  #showSecret(isShown) {
    const isFile = Boolean(dialects.get(this.#dialect)?.file);
    this.#field.dataset.hidden = String(!isShown);
    this.#field.value = isShown ? this.#text : masked(this.#text, this.#dialect);
    this.#field.rows = isShown ? 6 : 1;
    this.#field.setAttribute('aria-readonly', 'true');
    this.#reveal.setAttribute('aria-pressed', String(isShown));
    this.#reveal.querySelector('span').textContent = isShown ? texts('hide') : texts('show');
    this.#fieldState.textContent = isShown ? texts('shown') : texts('hidden');
    this.#fieldLabel.textContent = isFile ? 'creds.json' : texts('session_id');
    this.#copy.querySelector('span').textContent = isFile ? texts('copy_file') : texts('copy_id');
    this.#length.textContent = this.#text ? texts('characters', { count: this.#text.length.toLocaleString(locale) }) : '';
  }

  async #copyID() {
    if (await copyText(this.#text)) {
      this.#taken(texts('copied_done'));
      return;
    }
    this.#showSecret(true);
    this.#field.focus();
    this.#field.select();
    this.#rest.textContent = texts('no_copy');
  }

  #save() {
    if (!this.#json) return;
    saveFile('creds.json', this.#json, 'application/json');
    this.#taken(texts('saved'));
  }

  #taken(text) {
    this.#isTaken = true;
    this.#askDone.textContent = text;
    this.#ask.hidden = false;
    byID('wipe-question').focus({ preventScroll: true });
    this.#ask.scrollIntoView({ block: 'nearest' });
  }

  async #wipeNow(onWipe) {
    if (isBusy(this.#wipe)) return;
    setBusy(this.#wipe, true);
    try {
      await onWipe();
      this.#forget();
      this.#live.hidden = true;
      this.#wiped.hidden = false;
      this.#title.textContent = texts('wiped');
      this.#title.focus({ preventScroll: true });
    } catch (error) {
      this.#askDone.textContent = texts('not_wiped', { problem: error.message });
    }
    setBusy(this.#wipe, false);
  }
}

/** Prefix and separator as they are, the rest as dots. */
function masked(text, dialect) {
  if (!text) return '';
  const separator = dialects.get(dialect)?.separator;
  const lead = separator ? text.slice(0, text.indexOf(separator) + separator.length) : '';
  return lead + '•'.repeat(64);
}

function whoText(jid) {
  const parts = /^(\d+)(?::(\d+))?@/.exec(jid ?? '');
  if (!parts) return '';
  const device = parts[2] ? texts('as_device', { device: parts[2] }) : '';
  return `${phoneText(parts[1])}${device}`;
}
