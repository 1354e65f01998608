// Why a try ended or did not begin, and what to do next.

import { byID } from './dom.js';
import { Countdown, durationText } from './countdown.js';
import { serverNow } from './api.js';
import { texts } from './texts.js';

export class ProblemView {
  #section = byID('problem');
  #title = byID('problem-title');
  #text = byID('problem-text');
  #next = byID('problem-next');
  #again = byID('new-try');
  #countdown;

  constructor(onAgain) {
    this.#again.addEventListener('click', onAgain);
    this.#countdown = new Countdown({
      onTick: (seconds) => {
        const text = texts('again_in', { time: durationText(seconds) });
        if (this.#next.textContent !== text) this.#next.textContent = text;
      },
      onEnd: () => {
        this.#next.hidden = true;
        this.#again.hidden = false;
      },
    });
  }

  /** With `retryAfter` seconds the way to a new try appears when they are over. */
  show({ title, text, retryAfter, canRetry = true, kind = 'danger' }) {
    this.#countdown.stop();
    this.#section.dataset.kind = kind;
    this.#title.textContent = title;
    this.#text.textContent = text;
    this.#next.hidden = true;
    this.#again.hidden = !canRetry;
    this.#section.hidden = false;
    if (retryAfter > 0) {
      this.#again.hidden = true;
      this.#next.hidden = false;
      this.#countdown.start(serverNow() + retryAfter * 1000);
    }
    this.#section.focus({ preventScroll: true });
    this.#section.scrollIntoView({ block: 'nearest' });
  }

  hide() {
    this.#countdown.stop();
    this.#section.hidden = true;
  }
}
