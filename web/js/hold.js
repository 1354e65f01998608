// Keeps a form with `data-confirm` that is sent before the page's scripts are there, so that a quick click is asked
// back too. The only script that runs before the page is drawn: `confirm.js` takes over what it holds.

(() => {
  let held;

  function hold(event) {
    const button = event.submitter;
    if (!(button?.dataset.confirm ?? event.target.dataset.confirm)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    held = { form: event.target, button };
  }

  document.addEventListener('submit', hold, true);
  document.addEventListener(
    'confirm-ready',
    () => {
      document.removeEventListener('submit', hold, true);
      held?.form.requestSubmit(held.button);
    },
    { once: true },
  );
})();
