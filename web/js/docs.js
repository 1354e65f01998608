// The manual: copy buttons on code, and the heading that one is at.

import { make } from './dom.js';
import { copyText } from './clipboard.js';

const manual = document.getElementById('manual');
const words = manual?.dataset ?? {};

for (const block of manual?.querySelectorAll('pre') ?? []) {
  const frame = make('div', { class: 'code-block' });
  const button = make('button', { type: 'button', class: 'code-copy', lang: document.documentElement.lang }, words.copyText);
  button.setAttribute('aria-label', words.copyLabel);
  block.tabIndex = 0;
  block.replaceWith(frame);
  frame.append(block, button);
  button.addEventListener('click', async () => {
    button.textContent = (await copyText(block.innerText.trimEnd())) ? words.copyDone : words.copySelect;
    setTimeout(() => (button.textContent = words.copyText), 2000);
  });
}

const links = new Map(
  [...document.querySelectorAll('.docs-toc a')].map((link) => [decodeURIComponent(link.hash.slice(1)), link]),
);
const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);

function mark() {
  const at = headings.findLast((heading) => heading.getBoundingClientRect().top < 120) ?? headings[0];
  for (const [id, link] of links) {
    if (id === at?.id) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
}

if (headings.length) {
  let waiting = false;
  addEventListener(
    'scroll',
    () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        mark();
      });
    },
    { passive: true },
  );
  mark();
}
