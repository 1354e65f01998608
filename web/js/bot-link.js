// A bot as it changes, and its card for linking a phone where the page has one (`templates/bots/link`).

import { call } from './api.js';
import { RingCountdown } from './countdown.js';
import { isBusy, setBusy } from './dom.js';
import { follow, runOf, showRun } from './live-bots.js';
import { refreshParts } from './live-parts.js';

const find = (id) => document.getElementById(id);

/**
 * Follows a bot that the page shows: `onLinked()` when a phone was linked with the page's card, which has done its work then;
 * `onStatus()` when the page shows how the bot runs.
 */
export function followBot(bot, { onLinked, onStatus }) {
  let card = find('link') ? new LinkCard(bot) : undefined;
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
    // What may be done now is the server's to say, also where the bot has become another before the page could follow it.
    const isOld = data.version > Number(find('bot').dataset.version);
    if (isOld || (wasLinked !== undefined && wasLinked !== isLinked)) refreshParts();
    const comes = wasLinked === false && isLinked;
    wasLinked = isLinked;
    if (card && comes) {
      card.end();
      card = undefined;
      onLinked();
    }
    card?.run(data.status);
    onStatus?.();
  }

  follow(`bot:${bot}`, (event, data) => {
    if (event === 'status') status(data);
    else if (event === 'qr') card?.showQR(data);
    else if (event === 'pairing-code') card?.showCode(data);
    else if (event === 'changed') refreshParts();
    else if (event === 'error') card?.say(data.message);
  });
}

/** The card: a QR code that is renewed, a pairing code, how long each is good for, and the buttons for another one. */
class LinkCard {
  #error = find('link-error');
  #scan = find('sandbox-scan');
  #qrTime = new RingCountdown(...timeIn(find('qr-countdown')));
  #codeTime = new RingCountdown(...timeIn(find('code-countdown')));
  #end = 0;

  constructor(bot) {
    this.#send('link-form', `/api/bots/${bot}/link`);
    this.#send('code-form', `/api/bots/${bot}/link`);
    this.#send('regenerate-form', `/api/instances/${bot}/regenerate-code`);
    this.#send('stop-linking-form', `/api/bots/${bot}/stop-linking`);
    // The times are the server's, whose clock is known from any answer of it.
    call('GET', '/api/health').catch(() => {});
    this.#scan?.addEventListener('click', () => this.#call(this.#scan, `/api/sandbox/bots/${bot}/scan`, {}));
  }

  /** How the bot's session runs; its codes are void where it links no longer. */
  run(status) {
    const links = status === 'SCAN_QR_CODE' || status === 'STARTING';
    find('link-more').hidden = !links;
    if (!links) this.#hideCodes();
  }

  showQR({ svg, expiresAt }) {
    const image = find('qr-image');
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
    image.hidden = false;
    find('qr-empty').hidden = true;
    find('qr-frame').dataset.filled = '';
    find('link-form').hidden = true;
    if (this.#scan) this.#scan.hidden = false;
    const end = Date.parse(expiresAt);
    if (Number.isFinite(end) && end !== this.#end) this.#qrTime.start(end);
    this.#end = end;
  }

  showCode({ code, expiresAt }) {
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
    const end = Date.parse(expiresAt);
    if (Number.isFinite(end)) this.#codeTime.start(end);
    this.say('');
  }

  /** What went wrong, or that nothing did. */
  say(problem) {
    this.#error.textContent = problem;
  }

  end() {
    this.#qrTime.stop();
    this.#codeTime.stop();
  }

  #hideCodes() {
    this.end();
    // A new try in the same second ends with the old one: its countdown is another all the same.
    this.#end = 0;
    const image = find('qr-image');
    image.hidden = true;
    image.removeAttribute('src');
    find('qr-empty').hidden = false;
    delete find('qr-frame').dataset.filled;
    find('pairing-code').hidden = true;
    find('code-until').hidden = true;
    if (this.#scan) this.#scan.hidden = true;
    for (const id of ['link-form', 'code-form']) find(id).hidden = false;
  }

  #send(id, path) {
    const form = find(id);
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const phone = form.elements.phone?.value.trim();
      await this.#call(event.submitter, path, phone ? { phone } : {});
      delete form.dataset.sent;
    });
  }

  async #call(button, path, body) {
    if (isBusy(button)) return;
    setBusy(button, true);
    this.say('');
    try {
      await call('POST', path, body);
    } catch (problem) {
      this.say(problem.message);
    } finally {
      setBusy(button, false);
    }
  }
}

/** A countdown's element, its text with the time in it, and what it says once the time is over. */
function timeIn(element) {
  const over = () => {
    element.querySelector('.countdown-text').textContent = element.dataset.over;
  };
  return [element, (time) => element.dataset.text.replace('{time}', time), over];
}
