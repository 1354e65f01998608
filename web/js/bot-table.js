// All bots: boxes to tick, all at once, and how each bot stands as it changes.

import { follow, showRun } from './live-bots.js';
import { refreshParts } from './live-parts.js';

const all = document.getElementById('choose-all');
const boxes = () => [...document.querySelectorAll('input[name="bot"]')];

function show() {
  if (!all) return;
  const there = boxes();
  const chosen = there.filter((box) => box.checked).length;
  all.checked = chosen === there.length && chosen > 0;
  all.indeterminate = chosen > 0 && chosen < there.length;
}

all?.addEventListener('change', () => {
  for (const box of boxes()) box.checked = all.checked;
  show();
});
document.addEventListener('change', (event) => {
  if (event.target.matches('input[name="bot"]')) show();
});
document.addEventListener('partschange', show);
show();

if (document.querySelector('[data-live="run"]')) {
  follow(all ? 'bots:all' : 'bots:own', (event, data) => {
    // The server's other bots are not on this page.
    if (!document.querySelector(`[data-bot="${CSS.escape(data.bot)}"]`)) return;
    if (event === 'status') showRun(data.bot, data.run);
    else if (event === 'changed') refreshParts();
  });
}
