// The environment editor: what a change does is shown before it is saved.

import { follow, runOf, showRun } from './live-bots.js';
import { dressVariables } from './variables.js';

const form = document.getElementById('environment');
const diff = document.getElementById('diff');
const bot = document.getElementById('bot').dataset.bot;

/** Names and values as they stand in the form; secrets that are not typed anew stand for themselves. */
function read() {
  const values = new Map();
  for (const input of form.querySelectorAll('[data-variable]')) {
    const isKept = 'secret' in input.dataset && !input.value && input.placeholder;
    const isRemoved = form.elements[`remove-${input.dataset.variable}`]?.checked;
    if (isKept && !isRemoved) values.set(input.dataset.variable, { kept: true });
    else if (input.value) values.set(input.dataset.variable, { text: input.value, secret: 'secret' in input.dataset });
  }
  for (const line of form.querySelectorAll('.free-variable')) {
    const name = line.querySelector('[name="free-name"]').value.trim();
    if (!name) continue;
    const secret = line.querySelector('[name="free-secret"]').checked;
    const text = line.querySelector('[name="free-value"]').value;
    const was = before?.get(name);
    values.set(name, secret && !text && (!before || was?.kept) ? { kept: true } : { text, secret });
  }
  return values;
}

let before;
before = read();

function same(one, other) {
  return one.kept ? Boolean(other.kept) : !other.kept && one.text === other.text && one.secret === other.secret;
}

function line(kind, sign, name, value) {
  const row = document.createElement('p');
  row.dataset.kind = kind;
  const mark = document.createElement('b');
  mark.textContent = `${sign} ${form.dataset[kind]}`;
  const code = document.createElement('code');
  code.textContent = value === undefined ? name : `${name}=${value}`;
  row.append(mark, ' ', code);
  return row;
}

function show() {
  const now = read();
  const rows = [];
  const words = (entry) => (entry.kept || entry.secret ? '••••••' : entry.text);
  for (const [name, entry] of now) {
    const old = before.get(name);
    if (!old) rows.push(line('added', '+', name, words(entry)));
    else if (!same(old, entry)) rows.push(line('changed', '~', name, words(entry)));
  }
  for (const [name] of before) if (!now.has(name)) rows.push(line('removed', '−', name));
  if (rows.length === 0) {
    const none = document.createElement('p');
    none.textContent = form.dataset.none;
    rows.push(none);
  }
  diff.replaceChildren(...rows);
}

dressVariables();
form.addEventListener('input', show);
form.addEventListener('change', show);
show();
follow(`bot:${bot}`, (event, data) => {
  if (event === 'status') showRun(bot, runOf(data.status));
});
