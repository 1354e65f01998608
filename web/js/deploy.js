// Deploying a bot: one of two ways to an account, a session ID that is read while it is typed, and a phone that is linked on
// the spot.

import { followBot } from './bot-link.js';
import { describeCredentials } from './credentials.js';
import { markFields, sayProblem, send } from './deploy-form.js';
import { isBusy, setBusy } from './dom.js';
import { readSessionID } from './session-id-reader.js';
import { texts } from './texts.js';
import { toastNext } from './toasts.js';
import { dressVariables } from './variables.js';

const form = document.querySelector('.deploy-form');
const submit = form.querySelector('.deploy-actions button');
const problems = document.getElementById('deploy-problem');
const linked = document.getElementById('deploy-linked');

const input = document.getElementById('sessionID');
const verdict = document.getElementById('sessionID-verdict');
const parts = { link: document.getElementById('part-link'), paste: document.getElementById('part-paste') };
let turn = 0;

function showWay() {
  const way = document.querySelector('input[name="way"]:checked')?.value ?? 'link';
  for (const [name, part] of Object.entries(parts)) part.hidden = name !== way;
}

async function read() {
  const mine = ++turn;
  const text = input.value;
  let kind = '';
  let words = '';
  if (/(^|\/generate\/)[A-Za-z0-9_-]{24}$/.test(text.trim())) {
    kind = 'good';
    words = input.dataset.short;
  } else if (text.trim()) {
    try {
      const found = await readSessionID(text);
      const report = describeCredentials(found.credentials);
      const id = found.credentials.me?.id ?? '';
      kind = report.missing.length ? 'wrong' : 'good';
      words = report.missing.length
        ? texts('incomplete_text', { missing: report.missing.join('; ') })
        : `${input.dataset.good} +${id.split(/[:@]/)[0]}`;
    } catch (problem) {
      if (!problem.title) throw problem;
      kind = 'wrong';
      words = `${problem.title}. ${problem.message}`;
    }
  }
  if (mine !== turn) return;
  verdict.dataset.kind = kind;
  verdict.textContent = words;
}

async function deploy() {
  if (isBusy(submit)) return;
  setBusy(submit, true);
  try {
    const { page, address } = await send(form);
    if (page.querySelector('.deploy-form')) showWrong(page);
    else goOn(page, address);
  } catch (problem) {
    sayProblem(problems, problem.message);
    problems.scrollIntoView({ block: 'nearest' });
  } finally {
    setBusy(submit, false);
  }
}

function showWrong(page) {
  sayProblem(problems, page.querySelector('[data-testid="problem"] p')?.textContent ?? '');
  const wrong = markFields(form, page);
  if (wrong) wrong.focus();
  else problems.scrollIntoView({ block: 'nearest' });
}

/** To the bot; a phone is linked here. */
function goOn(page, address) {
  const bot = page.getElementById('bot')?.dataset.bot;
  const card = page.getElementById('link');
  if (!bot || !card) {
    const said = page.querySelector('#toasts .toast')?.textContent;
    if (said) toastNext(said);
    location.assign(address);
    return;
  }
  // From here on the address is the bot's: opened anew, its own page goes on with what has begun here.
  history.replaceState(null, '', address);
  document.title = page.title;
  const head = page.querySelector('[data-part="head"]');
  document.getElementById('deploy-top').replaceChildren(document.adoptNode(head));
  form.replaceWith(document.adoptNode(card));
  document.getElementById('link-title').focus();
  scrollTo(0, 0);
  if (document.querySelector('time[data-left]')) import('./expiry.js');
  followBot(bot, { onLinked: () => showLinked(card, address), onStatus: tellState });
}

/** Says that the phone is linked, and from then on what becomes of the bot. */
function showLinked(card, address) {
  linked.querySelector('a').href = address;
  linked.hidden = false;
  const hadFocus = card.contains(document.activeElement);
  card.remove();
  if (hadFocus) linked.querySelector('h2').focus();
  document.addEventListener('partschange', tellState);
}

function tellState() {
  if (linked.hidden) return;
  const text = document.getElementById('deploy-state');
  const { isNew } = document.getElementById('bot').dataset;
  const run = document.querySelector('#bot [data-live="run"]').dataset.run;
  const words = isNew === undefined ? (text.dataset[run] ?? '') : text.dataset.waits;
  if (text.textContent !== words) text.textContent = words;
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  deploy();
});
for (const radio of document.querySelectorAll('input[name="way"]')) radio.addEventListener('change', showWay);
let timer;
input.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(read, 150);
});
showWay();
dressVariables();
