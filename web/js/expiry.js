// The time that is left to bots, running down: `<time data-left="SECONDS">` with what the server wrote into it.
//
// How much is left comes from the server, so that the browser's own clock may be wrong. It is plain text without a live
// region: a screen reader reads it where it stands and is not told of every second.

import { clockText } from './countdown.js';

const words = document.getElementById('bot-words')?.dataset ?? {};
const locale = document.documentElement.lang || 'en';
const DAY = 86_400;

/** When the page's answer began to arrive, in milliseconds of this browser's clock. */
function arrival() {
  const began = performance.getEntriesByType('navigation')[0]?.responseStart ?? 0;
  const since = performance.now() - began;
  return Date.now() - (since > 0 && since < 60_000 ? since : 0);
}

function fill(text, values) {
  return (text ?? '').replace(/\{([a-z]+)\}/g, (whole, key) => String(values[key] ?? whole));
}

function counted(name, count) {
  const form = count === 1 && locale === 'en' ? 'One' : 'Other';
  return fill(words[name + form], { count });
}

/** As the server says it; the two days before the end are shown to the second. */
function distance(left) {
  const size = Math.abs(left);
  if (left > 0 && left < 2 * DAY) return fill(words.ahead, { span: clockText(left) });
  if (size < 45) return words.now;
  const span =
    size < 90 * 60 ? counted('minutes', Math.max(1, Math.floor((size + 30) / 60)))
    : size < 36 * 3600 ? counted('hours', Math.floor((size + 1800) / 3600))
    : counted('days', Math.floor((size + DAY / 2) / DAY));
  return fill(left < 0 ? words.ago : words.ahead, { span });
}

/** Whoever's time is over is so at once; the server stops it within a minute. */
function end(element) {
  element.classList.remove('soon');
  const badge = element.closest('[data-bot]')?.querySelector('.badge[data-testid="badge"]');
  if (!badge || badge.dataset.kind !== 'good') return;
  badge.dataset.kind = 'danger';
  badge.textContent = words.expired;
}

class Expiry {
  #element;
  #end;

  constructor(element, arrivedAt) {
    this.#element = element;
    this.#end = arrivedAt + Number(element.dataset.left) * 1000;
    this.isOver = Number(element.dataset.left) <= 0;
  }

  show() {
    const left = (this.#end - Date.now()) / 1000;
    if (left <= 0 && !this.isOver) {
      this.isOver = true;
      end(this.#element);
    }
    const text = fill(left > 0 ? words.ends : words.ended, { distance: distance(left), day: this.#element.dataset.day });
    if (this.#element.textContent !== text) this.#element.textContent = text;
    return left > 0 && left < 2 * DAY + 60;
  }
}

let all = collect(arrival());
let timer;

function collect(arrivedAt) {
  return [...document.querySelectorAll('time[data-left]')]
    .filter((element) => Number.isFinite(Number(element.dataset.left)))
    .map((element) => new Expiry(element, arrivedAt));
}

/** Every second where one runs to the second, else every half minute. */
function tick() {
  clearTimeout(timer);
  const isClose = all.map((expiry) => expiry.show()).some(Boolean);
  if (!document.hidden) timer = setTimeout(tick, isClose ? 1000 - (Date.now() % 1000) : 30_000);
}

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) tick();
});
// Parts that were taken anew bring times of their own.
document.addEventListener('partschange', () => {
  all = collect(Date.now());
  if (words.ends) tick();
});
if (words.ends) tick();
