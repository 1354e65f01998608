// The form of a bot's variables: lines of one's own, and secrets that are typed unseen.

const free = document.getElementById('free-variables');

function number(line, index) {
  const box = line.querySelector('[name="free-secret"]');
  if (box) box.value = String(index);
}

function renumber() {
  [...free.querySelectorAll('.free-variable')].forEach(number);
}

function dress(line) {
  const secret = line.querySelector('[name="free-secret"]');
  const value = line.querySelector('[name="free-value"]');
  secret.addEventListener('change', () => {
    value.type = secret.checked ? 'password' : 'text';
  });
  const name = line.querySelector('[name="free-name"]');
  name.addEventListener('input', () => {
    name.value = name.value.toUpperCase().replace(/[^A-Z0-9_]/g, '_');
  });
  const remove = document.createElement('button');
  remove.type = 'button';
  remove.className = 'icon-button free-remove';
  remove.textContent = '×';
  remove.setAttribute('aria-label', free.dataset.remove);
  remove.addEventListener('click', () => {
    line.remove();
    renumber();
    free.dispatchEvent(new Event('input', { bubbles: true }));
  });
  line.append(remove);
}

/** Makes the lines usable, and the button that adds one. */
export function dressVariables() {
  if (!free) return;
  const template = free.querySelector('.free-variable:last-child').cloneNode(true);
  for (const line of free.querySelectorAll('.free-variable')) dress(line);
  document.getElementById('add-variable').addEventListener('click', () => {
    const line = template.cloneNode(true);
    for (const input of line.querySelectorAll('input')) {
      if (input.type === 'checkbox') input.checked = false;
      else input.value = '';
    }
    free.append(line);
    dress(line);
    renumber();
    line.querySelector('input').focus();
  });
}
