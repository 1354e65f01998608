// The choice of bot, form and prefix, with an example that follows it.

import { byID } from './dom.js';
import { example, hasPrefix, prefixProblem } from './dialects.js';

export class FormatView {
  #family = byID('family');
  #dialect = byID('dialect');
  #prefix = byID('prefix');
  #prefixField = byID('prefix-field');
  #error = byID('prefix-error');
  #example = byID('example');
  #hint = byID('format-hint');
  #onChange;

  /** `onChange()` after each choice that is complete and allowed. */
  constructor(onChange) {
    this.#onChange = onChange;
    this.#family.addEventListener('change', () => this.#takeFamily());
    this.#dialect.addEventListener('change', () => this.#takeOwn());
    this.#prefix.addEventListener('input', () => this.#takeOwn());
    this.#matchFamily();
    this.#show();
  }

  get element() {
    return byID('format');
  }

  get dialect() {
    return this.#dialect.value;
  }

  get prefix() {
    return hasPrefix(this.dialect) ? this.#prefix.value.trim() : '';
  }

  /** Says what is wrong, puts the focus there, and returns false; or returns true. */
  check() {
    if (!this.#problem()) return true;
    byID('format-own').open = true;
    this.#prefix.focus();
    return false;
  }

  #problem() {
    return hasPrefix(this.dialect) ? prefixProblem(this.#prefix.value.trim()) : undefined;
  }

  #takeFamily() {
    const choice = this.#family.selectedOptions[0];
    if (choice && !('own' in choice.dataset)) {
      this.#dialect.value = choice.dataset.dialect;
      if (hasPrefix(this.dialect)) this.#prefix.value = choice.dataset.prefix;
    }
    this.#show();
    if ('own' in (choice?.dataset ?? {})) byID('format-own').open = true;
    else this.#onChange();
  }

  #takeOwn() {
    this.#matchFamily();
    this.#show();
    if (!this.#problem()) this.#onChange();
  }

  /** Shows the family that fits form and prefix, so that the three fields never contradict each other. */
  #matchFamily() {
    const options = [...this.#family.options];
    const fits = (option) =>
      option.dataset.dialect === this.dialect && (!hasPrefix(this.dialect) || option.dataset.prefix === this.#prefix.value.trim());
    const selected = this.#family.selectedOptions[0];
    if (selected && fits(selected)) return;
    const choice = options.find(fits) ?? options.find((option) => 'own' in option.dataset);
    if (choice) choice.selected = true;
  }

  #show() {
    const prefixed = hasPrefix(this.dialect);
    this.#prefix.disabled = !prefixed;
    this.#prefixField.classList.toggle('field-off', !prefixed);
    const problem = this.#problem();
    this.#error.textContent = problem ?? '';
    this.#prefixField.classList.toggle('field-wrong', Boolean(problem));
    if (problem) this.#prefix.setAttribute('aria-invalid', 'true');
    else this.#prefix.removeAttribute('aria-invalid');
    this.#example.textContent = example(this.dialect, this.#prefix.value.trim());
    const note = this.#family.selectedOptions[0]?.dataset.note || this.#dialect.selectedOptions[0]?.dataset.hint || '';
    this.#hint.textContent = note;
  }
}
