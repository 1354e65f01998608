// The dashboard: every bot's status as it changes.

import { follow, showRun } from './live-bots.js';

if (document.querySelector('[data-live="run"]')) {
  follow('bots:own', (event, data) => {
    if (event === 'status') showRun(data.bot, data.run);
  });
}
