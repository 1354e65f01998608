// What a bot does by itself: files to send along, fields that belong to a kind, choices of a menu, and the preview.

import { APIError } from './api.js';
import { toast } from './toasts.js';

// Fields of another kind than the chosen one are hidden; they do not count either.

const kind = document.getElementById('line-kind');

function showKind() {
  for (const part of document.querySelectorAll('[data-kinds]')) {
    part.hidden = !part.dataset.kinds.split(' ').includes(kind.value);
  }
}

if (kind) {
  kind.addEventListener('change', showKind);
  showKind();
}

// A new file is sent at once, and chosen.

async function send(choice, file, as) {
  const query = new URLSearchParams({ fileName: file.name });
  if (as) query.set('kind', as);
  const response = await fetch(`${choice.dataset.files}?${query}`, {
    method: 'POST',
    headers: {
      Accept: 'application/json',
      'X-CSRF-Token': document.querySelector('meta[name="csrf"]')?.content ?? '',
      'Content-Type': file.type || 'application/octet-stream',
    },
    body: file,
    credentials: 'same-origin',
  });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  throw new APIError(response.status, {
    code: answer.error?.code,
    message: answer.error?.message ?? `The server answered with ${response.status}.`,
  });
}

for (const choice of document.querySelectorAll('.file-choice')) {
  const input = choice.querySelector('input[type="file"]');
  const as = choice.querySelector('#new-kind');
  const list = choice.querySelector('select[name="file"]');
  input.addEventListener('change', async () => {
    const [file] = input.files;
    if (!file) return;
    input.disabled = true;
    try {
      const made = await send(choice, file, as.value);
      const label = as.querySelector(`[value="${made.kind}"]`)?.textContent ?? made.kind;
      const option = new Option(`${made.name} (${label})`, made.id, true, true);
      list.append(option);
      list.dispatchEvent(new Event('input', { bubbles: true }));
      toast(choice.dataset.done, 'good');
    } catch (problem) {
      toast(problem.message, 'bad');
    }
    input.disabled = false;
    input.value = '';
  });
}

// Choices of a menu.

const rows = document.getElementById('menu-rows');

document.getElementById('add-choice')?.addEventListener('click', ({ currentTarget }) => {
  const row = rows.lastElementChild.cloneNode(true);
  for (const field of row.querySelectorAll('input, textarea')) field.value = '';
  rows.append(row);
  row.querySelector('input').focus();
  currentTarget.hidden = rows.children.length >= Number(rows.dataset.limit);
});

// What the command would say, while it is typed: the page that the form's button would show is asked for that part.

const editor = document.querySelector('form[data-preview]');
let turn = 0;

async function preview() {
  const mine = ++turn;
  let response;
  try {
    response = await fetch(editor.dataset.preview, {
      method: 'POST',
      body: new URLSearchParams(new FormData(editor)),
      credentials: 'same-origin',
    });
  } catch {
    return;
  }
  if (!response.ok || mine !== turn) return;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const found = page.getElementById('preview');
  if (found && mine === turn) document.getElementById('preview').replaceChildren(...found.childNodes);
}

if (editor) {
  let timer;
  editor.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(preview, 400);
  });
}

