// Forms: a button that shows what is typed into a password, and one press that counts once.

for (const button of document.querySelectorAll('[data-reveal]')) {
  const input = document.getElementById(button.dataset.reveal);
  if (!input) continue;
  button.hidden = false;
  button.addEventListener('click', () => {
    const shows = input.type === 'password';
    input.type = shows ? 'text' : 'password';
    button.setAttribute('aria-label', shows ? button.dataset.hide : button.dataset.show);
    const use = button.querySelector('use');
    const target = use.getAttribute('href').replace(/#.*/, '');
    use.setAttribute('href', `${target}#${shows ? 'eye-off' : 'eye'}`);
    input.focus();
  });
}

// A form that is on its way is not sent again; coming back to the page makes it usable anew.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === 'dialog' || form.method === 'get') return;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = '';
  const button = event.submitter;
  if (button) setTimeout(() => button.setAttribute('aria-disabled', 'true'));
});

addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll('button[aria-disabled]')) button.removeAttribute('aria-disabled');
  }
});
