// Where the try stands: four steps, a sentence, and the time that is left.

import { byID, make } from './dom.js';
import { Countdown, clockText } from './countdown.js';
import { texts } from './texts.js';

const order = ['connecting', 'ready', 'linking', 'done'];
/** Steps at which other states stand. */
const stepOf = { passkey: 'linking', expired: 'ready', failed: 'linking' };

export class ProgressView {
  #section = byID('progress');
  #status = byID('status');
  #rest = byID('attempt-rest');
  #cancel = byID('cancel');
  #text = '';
  #hasWarned = false;
  #steps = [...document.querySelectorAll('#progress [data-step]')];
  #countdown = new Countdown({
    onTick: (seconds) => {
      const text = texts('time_left', { time: clockText(seconds) });
      if (this.#rest.textContent !== text) this.#rest.textContent = text;
      if (seconds <= 60 && !this.#hasWarned) {
        this.#hasWarned = true;
        this.say(this.#text, texts('one_minute'));
      }
    },
    onEnd: () => (this.#rest.textContent = ''),
  });

  constructor(onCancel) {
    this.#cancel.addEventListener('click', onCancel);
  }

  /** The sentence that is shown. */
  get text() {
    return this.#text;
  }

  /** `state` of the API; what is said is read out by screen readers. */
  show(state, text, more) {
    this.#section.hidden = state === 'expired' || state === 'failed';
    this.#status.dataset.state = state;
    if (text && this.#text !== text) this.say(text, more);
    const at = order.indexOf(stepOf[state] ?? state);
    this.#steps.forEach((step, index) => {
      const finished = index < at || state === 'done';
      step.toggleAttribute('data-reached', finished);
      if (index === at && !finished) step.setAttribute('aria-current', 'step');
      else step.removeAttribute('aria-current');
    });
    const isOver = ['done', 'expired', 'failed', 'idle'].includes(state);
    this.#cancel.hidden = isOver;
    if (isOver) this.stopClock();
  }

  /** A sentence without another state; `more` follows it where there is room, and for screen readers everywhere. */
  say(text, more) {
    this.#text = text;
    this.#status.replaceChildren(text, more ? make('span', { class: 'status-more' }, ` ${more}`) : '');
  }

  startClock(end) {
    this.#hasWarned = false;
    this.#countdown.start(end);
  }

  stopClock() {
    this.#countdown.stop();
    this.#rest.textContent = '';
  }

  /** Back to before any try; `text` says why. */
  reset(text) {
    this.stopClock();
    this.#cancel.hidden = true;
    this.#status.dataset.state = 'idle';
    this.say(text ?? '');
    for (const step of this.#steps) {
      step.removeAttribute('data-reached');
      step.removeAttribute('aria-current');
    }
    this.#section.hidden = !text;
  }
}
