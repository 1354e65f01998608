// Parts of a page that are taken anew from the server: every `[data-part]`, and the rows of lists within them.
//
// What may be done with a bot is the server's to say, so the page asks for itself and shows what has become of its parts.

const PAUSE = 250;
let timer;
let turn = 0;

/** Fetches the page anew, once for all changes that come close together. */
export function refreshParts() {
  clearTimeout(timer);
  if (document.querySelector('[data-part]')) timer = setTimeout(refresh, PAUSE);
}

async function refresh() {
  const mine = ++turn;
  let fresh;
  try {
    const response = await fetch(location.href, { headers: { Accept: 'text/html' }, credentials: 'same-origin' });
    // Somebody who may no longer see it is told so by the page itself.
    if (!response.ok || response.redirected) {
      location.reload();
      return;
    }
    fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  } catch {
    return;
  }
  if (mine !== turn) return;
  for (const part of document.querySelectorAll('[data-part]')) {
    const other = fresh.querySelector(`[data-part="${CSS.escape(part.dataset.part)}"]`);
    if (!other || part.innerHTML === other.innerHTML) continue;
    // Whoever types or chooses there goes on.
    if (part.contains(document.activeElement) && document.activeElement.matches('input, select, textarea')) continue;
    const focused = part.contains(document.activeElement) ? document.activeElement.dataset.testid : undefined;
    const ticked = new Set([...part.querySelectorAll('input:checked')].map(identity));
    part.replaceChildren(...document.adoptNode(other).childNodes);
    for (const box of part.querySelectorAll('input[type="checkbox"]')) box.checked = ticked.has(identity(box));
    if (focused) part.querySelector(`[data-testid="${CSS.escape(focused)}"]`)?.focus();
  }
  document.dispatchEvent(new CustomEvent('partschange'));
}

/** A ticked row is known by its bot, whose version has changed. */
function identity(box) {
  return box.closest('[data-bot]')?.dataset.bot ?? box.value;
}
