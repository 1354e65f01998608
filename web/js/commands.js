// A bot's commands: switched one by one and searched while typing.

import { call } from './api.js';
import { toast } from './toasts.js';

const list = document.getElementById('command-list');
const bot = list?.dataset.bot.split('/').pop();

/** Shows the switches as the server has them. */
function show({ categories, commands }) {
  for (const { name, on } of categories) {
    const box = list.querySelector(`[data-toggle-category="${name}"]`);
    if (box) box.checked = on;
  }
  for (const { name, on } of commands) {
    const box = list.querySelector(`[data-toggle="${name}"]`);
    if (box) box.checked = on;
  }
}

// One after the other, so that the last press is the one that counts.
let last = Promise.resolve();

function change(box, body) {
  last = last.then(async () => {
    try {
      show(await call('PATCH', `/api/bots/${bot}/commands`, body));
      toast(list.dataset.saved, 'good');
    } catch (problem) {
      box.checked = !box.checked;
      toast(problem.message, 'bad');
    }
  });
}

list?.addEventListener('change', ({ target }) => {
  if (target.dataset.toggle) change(target, { commands: { [target.dataset.toggle]: target.checked } });
  const category = target.dataset.toggleCategory;
  if (category) change(target, { categories: { [category]: target.checked } });
});

const search = document.getElementById('command-search');

function filter() {
  const word = search.value.trim().toLowerCase();
  let found = 0;
  for (const section of list.querySelectorAll('.command-category')) {
    let here = 0;
    for (const row of section.querySelectorAll('.command')) {
      row.hidden = Boolean(word) && !row.dataset.words.includes(word);
      if (!row.hidden) here += 1;
    }
    section.hidden = here === 0;
    found += here;
  }
  document.getElementById('command-none').hidden = found > 0;
}

if (list && search) {
  search.addEventListener('input', filter);
  search.form.addEventListener('submit', (event) => event.preventDefault());
}

// A command that the address names is opened.
const named = location.hash.startsWith('#command-') ? document.getElementById(location.hash.slice(1)) : undefined;
if (named) named.querySelector('details').open = true;
