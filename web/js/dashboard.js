// The dashboard: every bot as it changes.

import { follow, showRun } from './live-bots.js';
import { refreshParts } from './live-parts.js';

if (document.querySelector('[data-live="run"]')) {
  follow('bots:own', (event, data) => {
    if (event === 'status') showRun(data.bot, data.run);
    else if (event === 'changed') refreshParts();
  });
}
