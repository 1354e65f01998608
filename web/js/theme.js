// Light or dark: the system's wish until somebody presses the button, then a cookie, so that the server sends the next
// page in the right colours from its first byte.

const root = document.documentElement;
const wish = matchMedia('(prefers-color-scheme: dark)');
const button = document.getElementById('theme-toggle');
const label = document.getElementById('theme-toggle-label');

function current() {
  return root.dataset.theme || (wish.matches ? 'dark' : 'light');
}

function show() {
  const scheme = current();
  root.dataset.scheme = scheme;
  if (label) label.textContent = scheme === 'dark' ? button.dataset.light : button.dataset.dark;
}

function choose(theme) {
  root.dataset.theme = theme;
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  show();
}

root.dataset.script = '';
show();
wish.addEventListener('change', show);
if (button) {
  button.hidden = false;
  button.addEventListener('click', () => choose(current() === 'dark' ? 'light' : 'dark'));
}
