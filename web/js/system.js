// The machine's figures as they come.

import { follow } from './live-bots.js';

// In powers of 1,024, as the server counts.
function bytes(count) {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

function put(name, text, share) {
  const value = document.querySelector(`[data-figure="${name}"]`);
  if (value && value.textContent !== text) value.textContent = text;
  const bar = document.querySelector(`[data-share="${name}"]`);
  if (bar && Number.isFinite(share)) bar.value = Math.max(0, Math.min(100, share));
}

follow('system:figures', (event, { host, sessions, waiting, delayed, database }) => {
  if (event !== 'figures') return;
  const percent = host.processorPercent ?? 0;
  put('processor', `${Math.round(percent)} %`, percent);
  put('load', `${host.loadAverage ?? 0} / ${host.processors}`);
  put('memory', `${bytes(host.memoryUsed)} / ${bytes(host.memoryTotal)}`, (100 * host.memoryUsed) / host.memoryTotal);
  put('process', bytes(host.processMemory), (100 * host.processMemory) / host.memoryTotal);
  put('disk', `${bytes(host.diskUsed)} / ${bytes(host.diskTotal)}`, (100 * host.diskUsed) / host.diskTotal);
  put('lag', `${host.loopLag.toFixed(1)} ms`);
  for (const [name, count] of Object.entries(sessions)) put(`session-${name}`, count.toLocaleString());
  const isBrief = !document.querySelector('[data-figure="delayed"]');
  put('waiting', String(isBrief ? waiting + delayed : waiting));
  put('delayed', String(delayed));
  if (!database) return;
  put('database', bytes(database.bytes));
  put('connections', String(database.connections));
  const list = document.getElementById('slow');
  list?.replaceChildren(
    ...(database.slow.length ? database.slow : [{ text: list.dataset.none }]).map(({ text, seconds, count }) => {
      const row = document.createElement('li');
      row.textContent = seconds === undefined ? text : `${text} (${seconds.toFixed(1)} s × ${count})`;
      return row;
    }),
  );
});
