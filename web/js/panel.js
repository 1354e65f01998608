// What every page for whoever is logged in has: menu, forms, toasts, questions, keys.

import './confirm.js';
import './forms.js';
import './toasts.js';
import { copyText } from './copy.js';

const menu = document.getElementById('account-menu');

document.addEventListener('click', (event) => {
  if (menu?.open && !menu.contains(event.target)) menu.open = false;
});

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && menu?.open) {
    menu.open = false;
    menu.querySelector('summary').focus();
    return;
  }
  const isTyping = event.target.closest('input, textarea, select, [contenteditable], dialog');
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  // As in many panels: / goes to the search, n to the page that makes something new, ? shows them all.
  if (event.key === '/') {
    const search = document.querySelector('input[type="search"]');
    if (search) {
      event.preventDefault();
      search.focus();
    }
  } else if (event.key === 'n') {
    document.querySelector('[data-key="n"]')?.click();
  } else if (event.key === '?') {
    document.getElementById('keys')?.showModal();
  }
});

document.getElementById('show-keys')?.addEventListener('click', () => {
  menu.open = false;
  document.getElementById('keys').showModal();
});

// Where the navigation is wider than the screen, the present page's entry is in sight.
for (const entry of document.querySelectorAll('.panel-nav [aria-current], .sub-nav [aria-current]')) {
  const row = entry.parentElement;
  if (row.scrollWidth > row.clientWidth) row.scrollLeft = entry.offsetLeft - (row.clientWidth - entry.offsetWidth) / 2;
}

// Filters of a table apply when they are chosen; the button is for those without scripts.
for (const select of document.querySelectorAll('.table-tools select')) {
  select.addEventListener('change', () => select.form.requestSubmit());
}

for (const button of document.querySelectorAll('[data-copy]')) {
  button.addEventListener('click', () => copyText(button));
}

if (document.querySelector('time[data-left]')) import('./expiry.js');
