// A bot's page: status as it changes, linking a phone, and the name that has to be typed before deleting.

import { call } from './api.js';
import { isBusy, setBusy } from './dom.js';
import { follow, runOf, showRun } from './live-bots.js';
import { refreshParts } from './live-parts.js';

const bot = document.getElementById('bot')?.dataset.bot;
const find = (id) => document.getElementById(id);
const card = find('link');
let wasLinked;

function status(data) {
  const isLinked = Boolean(data.jid);
  showRun(bot, runOf(data.status));
  const axis = document.querySelector('[data-axis="run"] .badge');
  const head = document.querySelector('#bot [data-live="run"]');
  if (axis && head) {
    axis.dataset.kind = head.dataset.kind;
    axis.textContent = head.textContent;
  }
  // What may be done now is the server's to say: the page is fetched anew when a phone came or went.
  if (card && wasLinked === false && isLinked) location.reload();
  // The same where the bot has become another before the page could follow it.
  const isOld = data.version > Number(find('bot').dataset.version);
  if (isOld || (wasLinked !== undefined && wasLinked !== isLinked)) refreshParts();
  wasLinked = isLinked;
  const links = data.status === 'SCAN_QR_CODE' || data.status === 'STARTING';
  if (card) find('link-more').hidden = !links;
  if (card && !links) hideCodes();
}

function hideCodes() {
  const image = find('qr-image');
  image.hidden = true;
  image.removeAttribute('src');
  find('qr-empty').hidden = false;
  delete find('qr-frame').dataset.filled;
  find('pairing-code').hidden = true;
  find('code-until').hidden = true;
  const scan = find('sandbox-scan');
  if (scan) scan.hidden = true;
  for (const id of ['link-form', 'code-form']) find(id).hidden = false;
}

function showQR({ svg }) {
  if (!card) return;
  const image = find('qr-image');
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  image.hidden = false;
  find('qr-empty').hidden = true;
  find('qr-frame').dataset.filled = '';
  find('link-form').hidden = true;
  const scan = find('sandbox-scan');
  if (scan) scan.hidden = false;
}

function showCode({ code }) {
  if (!card) return;
  const element = find('pairing-code');
  element.replaceChildren();
  for (const part of [code.slice(0, 4), code.slice(4)]) {
    const span = document.createElement('span');
    span.className = 'group';
    span.textContent = part;
    element.append(span);
  }
  element.hidden = false;
  find('code-until').hidden = false;
  find('link-error').textContent = '';
}

if (bot) {
  follow(`bot:${bot}`, (event, data) => {
    if (event === 'status') status(data);
    else if (event === 'qr') showQR(data);
    else if (event === 'pairing-code') showCode(data);
    else if (event === 'changed') refreshParts();
    else if (event === 'error' && card) find('link-error').textContent = data.message;
  });
}

for (const id of ['link-form', 'code-form']) {
  const form = find(id);
  form?.addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = event.submitter;
    if (isBusy(button)) return;
    setBusy(button, true);
    find('link-error').textContent = '';
    try {
      const phone = form.elements.phone?.value.trim();
      await call('POST', `/api/bots/${bot}/link`, phone ? { phone } : {});
    } catch (problem) {
      find('link-error').textContent = problem.message;
    } finally {
      setBusy(button, false);
      delete form.dataset.sent;
    }
  });
}

const linking = {
  'regenerate-form': `/api/instances/${bot}/regenerate-code`,
  'stop-linking-form': `/api/bots/${bot}/stop-linking`,
};
for (const [id, path] of Object.entries(linking)) {
  const form = find(id);
  form?.addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = event.submitter;
    if (isBusy(button)) return;
    setBusy(button, true);
    find('link-error').textContent = '';
    try {
      await call('POST', path, {});
    } catch (problem) {
      find('link-error').textContent = problem.message;
    } finally {
      setBusy(button, false);
      delete form.dataset.sent;
    }
  });
}

find('sandbox-scan')?.addEventListener('click', async ({ currentTarget }) => {
  if (isBusy(currentTarget)) return;
  setBusy(currentTarget, true);
  try {
    await call('POST', `/api/sandbox/bots/${bot}/scan`, {});
  } catch (problem) {
    find('link-error').textContent = problem.message;
  } finally {
    setBusy(currentTarget, false);
  }
});

// The button works once the name stands there as it is; the server looks again.
const word = find('confirmation');
const remove = find('delete');
if (word && remove) {
  const check = () => {
    remove.disabled = word.value !== word.dataset.word;
  };
  word.addEventListener('input', check);
  check();
}
