// Asks before a form with `data-confirm` is sent; with `data-confirm-word` that word has to be typed.
//
// Without scripts the form goes out at once: whatever cannot be undone asks again on the server.

const dialog = document.getElementById('confirm');
const text = document.getElementById('confirm-text');
const typed = document.getElementById('confirm-typed');
const label = document.getElementById('confirm-label');
const input = document.getElementById('confirm-input');
const yes = document.getElementById('confirm-yes');
const question = label?.textContent ?? '';
let waiting;

/** Resolves to true when the person says yes. */
export function confirm(message, { word, action } = {}) {
  text.textContent = message;
  typed.hidden = !word;
  label.textContent = question.replace('{word}', word ?? '');
  input.value = '';
  input.oninput = () => {
    yes.disabled = Boolean(word) && input.value !== word;
  };
  yes.disabled = Boolean(word);
  if (action) yes.textContent = action;
  dialog.returnValue = 'no';
  dialog.showModal();
  (word ? input : document.getElementById('confirm-no')).focus();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}

if (dialog) {
  document.addEventListener(
    'submit',
    async (event) => {
      const form = event.target;
      const button = event.submitter;
      const message = button?.dataset.confirm ?? form.dataset.confirm;
      if (!message || waiting === form) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const word = button?.dataset.confirmWord ?? form.dataset.confirmWord;
      if (!(await confirm(message, { word, action: button?.textContent.trim() }))) return;
      waiting = form;
      form.requestSubmit(button);
      waiting = undefined;
    },
    true,
  );
  document.dispatchEvent(new Event('confirm-ready'));
}
