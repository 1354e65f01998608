// The form of /deploy, sent without leaving the page: what was typed stays, and what is wrong with it stands beside it.

import { icon, make } from './dom.js';
import { texts } from './texts.js';

/** The page that the server answers with, and its address; throws an error with a sentence for the person. */
export async function send(form) {
  let response;
  try {
    response = await fetch(form.action, {
      method: 'POST',
      headers: { Accept: 'text/html' },
      body: new URLSearchParams(new FormData(form)),
      cache: 'no-store',
      credentials: 'same-origin',
    });
  } catch {
    throw new Error(texts('unreachable'));
  }
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  if (!response.ok && !page.querySelector('.deploy-form')) throw new Error(texts('answered', { status: response.status }));
  return { page, address: new URL(response.url) };
}

/** Says above the form what went wrong. */
export function sayProblem(place, text) {
  const words = make('div', {}, make('p', {}, text));
  place.replaceChildren(make('div', { class: 'alert', role: 'alert', 'data-testid': 'problem' }, icon('alert'), words));
}

/** Marks the fields that the server's answer marks, and none else; gives the first of them. */
export function markFields(form, page) {
  for (const error of form.querySelectorAll('.field-error')) error.remove();
  for (const field of form.querySelectorAll('.field-wrong')) field.classList.remove('field-wrong');
  for (const input of form.querySelectorAll('[aria-invalid]')) input.removeAttribute('aria-invalid');
  const marked = [...page.querySelectorAll('.deploy-form .field-wrong')].map((other) => mark(form, other));
  return marked.find(Boolean);
}

function mark(form, other) {
  const theirs = other.querySelector('input, textarea, select');
  const input = theirs.id ? find(form, theirs.id) : freeVariable(form, theirs);
  const field = input?.closest('.field, .variable, .free-variable');
  if (!field) return undefined;
  field.classList.add('field-wrong');
  input.setAttribute('aria-invalid', 'true');
  const described = theirs.getAttribute('aria-describedby');
  if (described) input.setAttribute('aria-describedby', described);
  const error = other.querySelector('.field-error');
  if (error) {
    const place = field.matches('.variable') ? field.lastElementChild : field;
    place.insertBefore(document.adoptNode(error), place.querySelector(':scope > .hint'));
  }
  // Of a session ID it is said where the script says it as well.
  const verdict = other.querySelector('.session-verdict');
  if (verdict) {
    const own = find(form, verdict.id);
    own.dataset.kind = verdict.dataset.kind;
    own.textContent = verdict.textContent;
  }
  const fold = field.closest('details');
  if (fold) fold.open = true;
  return input;
}

/** A line of one's own is known by the name that stands in it. */
function freeVariable(form, theirs) {
  return [...form.querySelectorAll('[name="free-name"]')].find((input) => input.value === theirs.value);
}

function find(form, id) {
  return form.querySelector(`#${CSS.escape(id)}`);
}
