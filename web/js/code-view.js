// The pairing-code card: asks for the number, shows the code in two groups of four.

import { bringIntoView, byID, make, setBusy } from './dom.js';
import { copyText } from './clipboard.js';
import { countryOfLanguage } from './countries.js';
import { RingCountdown } from './countdown.js';
import { readPhone } from './phone.js';
import { locale, texts } from './texts.js';

export class CodeView {
  #card = byID('way-code');
  #ask = byID('code-ask');
  #show = byID('code-show');
  #country = byID('country');
  #phone = byID('phone');
  #field = byID('phone-field');
  #error = byID('phone-error');
  #prefix = byID('phone-code');
  #hint = byID('phone-hint');
  #plainHint = this.#hint.textContent;
  #start = byID('start-code');
  #startText = this.#start.textContent;
  #code = byID('pairing-code');
  #copy = byID('copy-code');
  #link = document.getElementById('sandbox-link');
  #touched = false;
  #text = '';
  #countdown = new RingCountdown(byID('code-countdown'), (time) => texts('type_within', { time }), () => this.expired());

  /** `onLink(button, code)` in the sandbox only. */
  constructor(onLink) {
    this.#phone.addEventListener('input', () => this.#read());
    this.#phone.addEventListener('blur', () => this.#leave());
    this.#country.addEventListener('change', () => this.#read());
    this.#copy.addEventListener('click', () => this.#copyCode());
    this.#link?.addEventListener('click', () => onLink(this.#link, this.#text));
    this.#nameCountries();
    const guess = countryOfLanguage(navigator.language);
    if (guess && !this.#country.value) this.#choose(guess.iso);
    this.#read();
  }

  /** In the page's language; the page itself has their English names. */
  #nameCountries() {
    if (locale.startsWith('en') || !Intl.DisplayNames) return;
    const names = new Intl.DisplayNames(locale, { type: 'region' });
    const chosen = this.#country.selectedOptions[0];
    const options = [...this.#country.options].filter((option) => option.dataset.iso);
    for (const option of options) option.textContent = `${names.of(option.dataset.iso)} (+${option.value})`;
    options.sort((one, other) => one.textContent.localeCompare(other.textContent, locale));
    this.#country.append(...options);
    if (chosen) chosen.selected = true;
  }

  get hasFocus() {
    return document.activeElement === this.#phone || document.activeElement === this.#country;
  }

  get isShown() {
    return !this.#show.hidden;
  }

  /** The number in international form, or nothing after having said what is wrong with it. */
  number() {
    this.#touched = true;
    const result = this.#read();
    if (result.digits) return `+${result.digits}`;
    this.#phone.focus();
    return undefined;
  }

  idle() {
    this.#card.inert = false;
    this.#countdown.stop();
    this.#ask.hidden = false;
    this.#show.hidden = true;
    this.#text = '';
    this.#code.replaceChildren();
    this.#busy(false);
  }

  /** The request is under way; the answer comes as an event. */
  asking() {
    this.#busy(true);
  }

  show(code, expiresAt) {
    const plain = code.replace(/[^A-Za-z0-9]/g, '');
    this.#text = plain;
    const groups = [plain.slice(0, 4), plain.slice(4)];
    this.#code.replaceChildren(
      make('span', { class: 'group' }, groups[0]),
      make('span', { class: 'dash' }, '-'),
      make('span', { class: 'group' }, groups[1]),
    );
    this.#code.setAttribute('aria-label', texts('code_label', { code: groups.map((group) => [...group].join(' ')).join(', ') }));
    this.#busy(false);
    this.#ask.hidden = true;
    this.#show.hidden = false;
    if (this.#link) this.#link.hidden = false;
    const end = Date.parse(expiresAt);
    if (Number.isFinite(end)) this.#countdown.start(end);
    this.#code.focus({ preventScroll: true });
    bringIntoView(this.#card);
  }

  /** The code is void; another may be asked for. */
  expired(text = texts('code_expired')) {
    if (this.#show.hidden) return;
    const hadFocus = this.#show.contains(document.activeElement);
    this.idle();
    this.#say(text);
    if (hadFocus) this.#start.focus();
  }

  refused(text) {
    this.idle();
    this.#say(text, true);
    this.#phone.focus();
  }

  linking() {
    this.#countdown.stop();
    this.#busy(false);
    this.#card.inert = true;
    if (this.#link) this.#link.hidden = true;
  }

  #busy(busy) {
    setBusy(this.#start, busy);
    this.#start.textContent = busy ? texts('asking') : this.#startText;
  }

  async #copyCode() {
    const words = this.#copy.querySelector('span');
    const before = texts('copy_code');
    words.textContent = (await copyText(this.#text)) ? texts('copied') : texts('select_code');
    setTimeout(() => (words.textContent = before), 2500);
  }

  #leave() {
    this.#touched = this.#touched || this.#phone.value.trim() !== '';
    if (this.#touched) this.#read();
  }

  /** While somebody types, only what cannot become right any more is called wrong. */
  #read() {
    const result = readPhone(this.#phone.value, this.#country.selectedOptions[0]?.dataset.iso);
    if (result.iso) this.#choose(result.iso);
    const code = this.#country.value;
    this.#prefix.textContent = `+${code}`;
    this.#prefix.hidden = !code || /^\s*(\+|00)/.test(this.#phone.value);
    const tooShort = result.isShort;
    const quiet = !this.#touched && (result.empty || tooShort);
    this.#say(quiet ? '' : (result.problem ?? ''), Boolean(result.problem) && !quiet);
    this.#hint.classList.toggle('phone-read', Boolean(result.text));
    this.#hint.textContent = result.text
      ? texts('asked_for', { number: result.text })
      : ((this.#touched && result.doubt) || this.#plainHint);
    return result;
  }

  #choose(iso) {
    const now = this.#country.selectedOptions[0];
    const option = [...this.#country.options].find((entry) => entry.dataset.iso === iso);
    // +1 and +7 are shared: a country that somebody chose by hand stays.
    if (option && now?.value !== option.value) option.selected = true;
  }

  #say(text, isWrong = true) {
    this.#error.textContent = text;
    this.#field.classList.toggle('field-wrong', isWrong && Boolean(text));
    if (isWrong && text) this.#phone.setAttribute('aria-invalid', 'true');
    else this.#phone.removeAttribute('aria-invalid');
  }
}
