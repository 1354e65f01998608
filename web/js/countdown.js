// A ring and a time that run down to a moment of the server's clock.

import { serverNow } from './api.js';
import { texts } from './texts.js';

/** «1:05» for 65 seconds, «25:00:05» for a day more and one hour. */
export function clockText(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  const two = (number) => String(number).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(whole % 60)}`;
}

/** «12 minutes» for 700 seconds. */
export function durationText(seconds) {
  const whole = Math.max(1, Math.ceil(seconds));
  if (whole < 90) return whole === 1 ? texts('second') : texts('seconds', { count: whole });
  return texts('minutes', { count: Math.ceil(whole / 60) });
}

export class Countdown {
  #onTick;
  #onEnd;
  #timer;

  /** `onTick(secondsLeft, share)` several times a second, `onEnd()` once at the end. */
  constructor({ onTick, onEnd }) {
    this.#onTick = onTick;
    this.#onEnd = onEnd;
  }

  /** Runs down to `end`, in milliseconds of the server's clock; `total` is what a full ring stands for. */
  start(end, total = end - serverNow()) {
    this.stop();
    const tick = () => {
      const left = Math.max(0, end - serverNow());
      this.#onTick?.(left / 1000, total > 0 ? Math.min(1, left / total) : 0);
      if (left > 0) return;
      this.stop();
      this.#onEnd?.();
    };
    this.#timer = setInterval(tick, 250);
    tick();
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/** A countdown that draws into `.countdown`: the ring's hand and a text. Silent for screen readers. */
export class RingCountdown {
  #element;
  #countdown;

  constructor(element, text, onEnd) {
    this.#element = element;
    const hand = element.querySelector('.ring-hand');
    const words = element.querySelector('.countdown-text');
    this.#countdown = new Countdown({
      onTick: (seconds, share) => {
        hand.style.strokeDashoffset = String(100 - share * 100);
        const now = text(clockText(seconds));
        if (words.textContent !== now) words.textContent = now;
      },
      onEnd,
    });
  }

  start(end, total) {
    this.#element.hidden = false;
    this.#countdown.start(end, total);
  }

  stop() {
    this.#element.hidden = true;
    this.#countdown.stop();
  }
}
