// Sentences that come and go, in the corner; screen readers hear them too.

const KEPT = 'toast';
const place = document.getElementById('toasts');

/** Shows one sentence; `kind` is good, bad or left out. */
export function toast(text, kind) {
  if (!place) return;
  const line = document.createElement('p');
  line.className = 'toast';
  if (kind) line.dataset.kind = kind;
  line.textContent = text;
  dress(line);
  place.append(line);
}

/** Shows a sentence on the next page of this window. */
export function toastNext(text) {
  try {
    sessionStorage.setItem(KEPT, text);
  } catch {
    // A browser that keeps nothing goes without.
  }
}

function dress(line) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = '×';
  button.setAttribute('aria-label', place.dataset.dismiss);
  button.addEventListener('click', () => line.remove());
  line.append(button);
  // What went wrong stays until somebody has read it.
  if (line.dataset.kind !== 'bad') setTimeout(() => line.remove(), 8000);
}

if (place) for (const line of place.querySelectorAll('.toast')) dress(line);

try {
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  if (kept) toast(kept, 'good');
} catch {
  // As above.
}
