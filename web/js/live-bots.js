// The status of bots, wherever one is shown: `[data-live="run"]` within `[data-bot]`.

import { refreshParts } from './live-parts.js';
import { LiveTopic } from './socket.js';

const words = document.getElementById('bot-words')?.dataset ?? {};
const kinds = { running: 'good', starting: 'warning', linking: 'warning', failed: 'danger', stopped: 'quiet' };
const runs = { STOPPED: 'stopped', STARTING: 'starting', SCAN_QR_CODE: 'linking', WORKING: 'running', FAILED: 'failed' };

/** The bot's word for a session's status. */
export function runOf(status) {
  return runs[status] ?? 'stopped';
}

/** Shows how a bot runs; says whether that is something new. */
export function showRun(bot, run) {
  let changed = false;
  for (const element of document.querySelectorAll(`[data-bot="${CSS.escape(bot)}"] [data-live="run"]`)) {
    if (element.dataset.run === run) continue;
    changed = true;
    element.dataset.run = run;
    element.dataset.kind = kinds[run] ?? 'quiet';
    if (words[run]) element.textContent = words[run];
  }
  return changed;
}

/** Tells the bar at the top whether the page is live. */
export function showLink(isUp) {
  const state = document.getElementById('live-state');
  if (!state) return;
  // What happened meanwhile was told to nobody.
  if (isUp && !state.hidden) refreshParts();
  state.hidden = isUp;
  state.textContent = isUp ? '' : state.dataset.offline;
}

/** What was live is so no longer: whoever is logged out logs in, and others are told why. */
function showEnd({ code, message }) {
  if (code === 'request.login_needed') {
    location.reload();
    return;
  }
  const state = document.getElementById('live-state');
  if (!state) return;
  state.hidden = false;
  state.textContent = message;
}

/** Follows a topic of the panel. */
export function follow(topic, onEvent, after = 0) {
  return new LiveTopic('/ws', topic, { after, onEvent, onRefusal: showEnd, onLink: showLink });
}
