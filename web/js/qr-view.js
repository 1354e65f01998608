// The QR card: a picture that is replaced as the service rotates it, and how long it is good for.

import { byID, icon } from './dom.js';
import { RingCountdown } from './countdown.js';
import { serverNow } from './api.js';
import { texts } from './texts.js';

export class QRView {
  #frame = byID('qr-frame');
  #empty = byID('qr-empty');
  #image = byID('qr-image');
  #cover = byID('qr-cover');
  #coverText = byID('qr-cover-text');
  #start = byID('start-qr');
  #scan = document.getElementById('sandbox-scan');
  #countdown = new RingCountdown(byID('qr-countdown'), (time) => texts('renewed_in', { time }), () => {
    this.#coverWith(texts('renewing'), true);
  });
  #end = 0;

  /** `onScan(button)` in the sandbox only. */
  constructor(onScan) {
    this.#scan?.addEventListener('click', () => onScan(this.#scan));
  }

  idle() {
    this.#countdown.stop();
    // A new try in the same second ends with the old one: its countdown is another all the same.
    this.#end = 0;
    this.#image.hidden = true;
    this.#image.removeAttribute('src');
    this.#frame.removeAttribute('data-filled');
    this.#empty.hidden = false;
    this.#cover.hidden = true;
    this.#start.parentElement.hidden = false;
    if (this.#scan) this.#scan.hidden = true;
  }

  connecting() {
    this.#start.parentElement.hidden = true;
    this.#coverWith(texts('connecting'), true);
  }

  show(svg, expiresAt) {
    const end = Date.parse(expiresAt);
    this.#start.parentElement.hidden = true;
    this.#image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
    this.#image.hidden = false;
    this.#empty.hidden = true;
    this.#frame.dataset.filled = '';
    this.#cover.hidden = true;
    if (this.#scan) this.#scan.hidden = false;
    if (Number.isFinite(end) && end !== this.#end) this.#countdown.start(end, Math.max(20_000, end - serverNow()));
    this.#end = end;
  }

  /** The phone has accepted: the code is spent. */
  linking() {
    this.#countdown.stop();
    this.#end = 0;
    if (this.#scan) this.#scan.hidden = true;
    this.#start.parentElement.hidden = true;
    this.#coverWith(texts('accepted'), true);
  }

  /** Covers the picture, which stays below so that the card does not jump. */
  #coverWith(text, isWorking) {
    this.#cover.querySelector('.spinner, .icon')?.replaceWith(isWorking ? spinner() : icon('check'));
    this.#coverText.textContent = text;
    this.#cover.hidden = false;
  }
}

function spinner() {
  const element = document.createElement('span');
  element.className = 'spinner';
  element.setAttribute('aria-hidden', 'true');
  return element;
}
