// The passkey step: hands the request over, takes the answer, lets a code be compared.

import { byID, isBusy, make, setBusy } from './dom.js';
import { copyText } from './clipboard.js';
import { RingCountdown } from './countdown.js';
import { texts } from './texts.js';

export class PasskeyView {
  #section = byID('passkey');
  #title = byID('passkey-title');
  #ask = byID('passkey-ask');
  #compare = byID('passkey-compare');
  #options = byID('passkey-options');
  #site = byID('passkey-site');
  #assertion = byID('passkey-assertion');
  #field = byID('passkey-field');
  #error = byID('passkey-error');
  #submit = byID('passkey-submit');
  #confirm = byID('passkey-confirm');
  #code = byID('passkey-code');
  #countdown = new RingCountdown(byID('passkey-countdown'), (time) => texts('waits', { time }));

  /** `onAssertion(object)` and `onConfirm()` return promises that reject with a message; `onDiffer()` gives up. */
  constructor({ onAssertion, onConfirm, onDiffer }) {
    const copy = byID('passkey-copy');
    copy.addEventListener('click', async () => {
      const words = copy.querySelector('span');
      words.textContent = (await copyText(this.#options.value)) ? texts('copied') : texts('select_it');
      setTimeout(() => (words.textContent = texts('copy')), 2500);
    });
    this.#assertion.addEventListener('input', () => this.#say(''));
    this.#submit.addEventListener('click', () => this.#send(onAssertion));
    this.#confirm.addEventListener('click', async () => {
      if (isBusy(this.#confirm)) return;
      setBusy(this.#confirm, true);
      await onConfirm().catch(() => {});
      setBusy(this.#confirm, false);
    });
    byID('passkey-differs').addEventListener('click', onDiffer);
  }

  request({ options, deadline }) {
    const value = typeof options === 'string' ? parsed(options) : options;
    this.#options.value = value === undefined ? String(options) : JSON.stringify(value, null, 2);
    const site = value?.rpId ?? value?.publicKey?.rpId;
    if (typeof site === 'string') this.#site.textContent = site;
    const isNew = this.#section.hidden;
    this.#section.hidden = false;
    this.#ask.hidden = false;
    this.#compare.hidden = true;
    const end = Date.parse(deadline);
    if (Number.isFinite(end)) this.#countdown.start(end);
    if (!isNew) return;
    this.#title.focus({ preventScroll: true });
    this.#section.scrollIntoView({ block: 'start' });
  }

  confirmation(code) {
    const plain = code.replace(/[^A-Za-z0-9]/g, '');
    this.#code.replaceChildren(
      make('span', { class: 'group' }, plain.slice(0, 4)),
      make('span', { class: 'dash' }, '-'),
      make('span', { class: 'group' }, plain.slice(4)),
    );
    this.#code.setAttribute('aria-label', texts('compare_label', { code: [...plain].join(' ') }));
    this.#countdown.stop();
    this.#section.hidden = false;
    this.#ask.hidden = true;
    this.#compare.hidden = false;
    this.#code.focus({ preventScroll: true });
    this.#section.scrollIntoView({ block: 'start' });
  }

  /** The answer was not taken; another one may be. */
  refused(text) {
    this.#ask.hidden = false;
    this.#compare.hidden = true;
    this.#say(text);
    byID('passkey-handover').open = true;
  }

  hide() {
    this.#countdown.stop();
    this.#section.hidden = true;
    this.#assertion.value = '';
    this.#options.value = '';
    this.#say('');
  }

  async #send(onAssertion) {
    if (isBusy(this.#submit)) return;
    const value = parsed(this.#assertion.value);
    if (!value || typeof value !== 'object' || typeof value.response !== 'object' || value.response === null) {
      this.#say(texts('no_assertion'));
      this.#assertion.focus();
      return;
    }
    setBusy(this.#submit, true);
    try {
      await onAssertion(value);
      this.#say('');
    } catch (error) {
      this.#say(error.message);
    }
    setBusy(this.#submit, false);
  }

  #say(text) {
    this.#error.textContent = text;
    this.#field.classList.toggle('field-wrong', Boolean(text));
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
