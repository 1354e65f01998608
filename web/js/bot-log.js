// The log viewer: ten thousand lines, of which those in sight alone are in the page.

import { follow, runOf, showRun } from './live-bots.js';

const bot = document.getElementById('bot').dataset.bot;
const card = document.getElementById('log-card');
const view = document.getElementById('log-view');
const size = document.getElementById('log-size');
const place = document.getElementById('log-lines');
const state = document.getElementById('log-state');
const search = document.getElementById('log-search');
const level = document.getElementById('log-level');
const followBox = document.getElementById('log-follow');
const pause = document.getElementById('log-pause');

const limit = 10_000;
const narrow = matchMedia('(max-width: 47.99rem)');
// Of a line, as the styles have it: on small screens the text has two lines of its own.
let height = narrow.matches ? 66 : 22;
const beyond = 12;
const order = ['debug', 'info', 'warning', 'error'];

let lines = [];
let shown = [];
let waiting = [];
let isPaused = false;
let isComplete = false;
let isScheduled = false;

function fits(line) {
  if (order.indexOf(line.level) < order.indexOf(level.value)) return false;
  const wanted = search.value.trim().toLowerCase();
  return !wanted || line.text.toLowerCase().includes(wanted);
}

function add(fresh) {
  lines.push(...fresh);
  shown.push(...fresh.filter(fits));
  if (lines.length > limit) {
    const first = lines[lines.length - limit].number;
    lines = lines.slice(-limit);
    const kept = shown.findIndex((line) => line.number >= first);
    shown = kept < 0 ? [] : shown.slice(kept);
  }
  schedule();
}

function filter() {
  shown = lines.filter(fits);
  schedule();
}

function schedule() {
  if (isScheduled) return;
  isScheduled = true;
  requestAnimationFrame(() => {
    isScheduled = false;
    draw();
  });
}

function draw() {
  size.style.height = `${shown.length * height}px`;
  if (followBox.checked && !isPaused) view.scrollTop = view.scrollHeight;
  const first = Math.max(0, Math.floor(view.scrollTop / height) - beyond);
  const last = Math.min(shown.length, Math.ceil((view.scrollTop + view.clientHeight) / height) + beyond);
  place.style.transform = `translateY(${first * height}px)`;
  place.replaceChildren(...shown.slice(first, last).map(element));
  const count = (shown.length).toLocaleString(document.documentElement.lang);
  state.textContent = isPaused
    ? card.dataset.paused.replace('{count}', waiting.length)
    : !isComplete ? '' : shown.length ? card.dataset.lines.replace('{count}', count) : card.dataset.none;
}

function element(line) {
  const row = document.createElement('p');
  row.dataset.level = line.level;
  const time = document.createElement('time');
  time.dateTime = line.at;
  time.textContent = new Date(line.number / 1000).toLocaleTimeString(document.documentElement.lang, { hour12: false });
  const word = document.createElement('b');
  word.textContent = line.level;
  const text = document.createElement('span');
  text.textContent = line.text;
  text.title = line.text;
  row.append(time, word, text);
  return row;
}

place.replaceChildren();
view.dataset.live = '';
follow(`bot:${bot}:log`, (event, data) => {
  if (event !== 'lines') return;
  isComplete = data.complete;
  if (isPaused) {
    waiting.push(...data.lines);
    if (waiting.length > limit) waiting = waiting.slice(-limit);
    schedule();
  } else {
    add(data.lines);
  }
});
follow(`bot:${bot}`, (event, data) => {
  if (event === 'status') showRun(bot, runOf(data.status));
});

view.addEventListener('scroll', () => {
  // Whoever scrolls up wants to read; whoever is back at the end wants to follow.
  const isAtEnd = view.scrollTop + view.clientHeight >= view.scrollHeight - height;
  if (!isAtEnd && followBox.checked && !isScheduled) followBox.checked = false;
  schedule();
}, { passive: true });
followBox.addEventListener('change', schedule);
search.addEventListener('input', filter);
level.addEventListener('change', filter);
pause.addEventListener('click', () => {
  isPaused = !isPaused;
  pause.textContent = isPaused ? card.dataset.resume : card.dataset.pause;
  pause.setAttribute('aria-pressed', String(isPaused));
  if (!isPaused) {
    const fresh = waiting;
    waiting = [];
    add(fresh);
  }
  schedule();
});
narrow.addEventListener('change', () => {
  height = narrow.matches ? 66 : 22;
  schedule();
});
new ResizeObserver(schedule).observe(view);
schedule();
