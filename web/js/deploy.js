// Deploying a bot: one of two ways to an account, and a session ID that is read while it is typed.

import { readSessionID } from './session-id-reader.js';
import { describeCredentials } from './credentials.js';
import { texts } from './texts.js';
import { dressVariables } from './variables.js';

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

for (const radio of document.querySelectorAll('input[name="way"]')) radio.addEventListener('change', showWay);
let timer;
input.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(read, 150);
});
showWay();
dressVariables();
