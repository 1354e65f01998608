// All bots: boxes to tick, all at once.

const all = document.getElementById('choose-all');
const boxes = [...document.querySelectorAll('input[name="bot"]')];

function show() {
  const chosen = boxes.filter((box) => box.checked).length;
  if (!all) return;
  all.checked = chosen === boxes.length && chosen > 0;
  all.indeterminate = chosen > 0 && chosen < boxes.length;
}

all?.addEventListener('change', () => {
  for (const box of boxes) box.checked = all.checked;
  show();
});
for (const box of boxes) box.addEventListener('change', show);
show();
