// A bot's page: status as it changes, linking a phone, and the name that has to be typed before deleting.

import { followBot } from './bot-link.js';

const find = (id) => document.getElementById(id);
const bot = find('bot')?.dataset.bot;

// The whole page is another once a phone is linked.
if (bot) followBot(bot, { onLinked: () => location.reload() });

// The button works once the name stands there as it is; the server looks again.
const word = find('confirmation');
const remove = find('delete');
if (word && remove) {
  const check = () => {
    remove.disabled = word.value !== word.dataset.word;
  };
  word.addEventListener('input', check);
  check();
}
