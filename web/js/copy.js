// Copies the text of the element that a button's `data-copy` names, and says so on the button for a moment.

export async function copyText(button) {
  const source = document.getElementById(button.dataset.copy);
  if (!source) return;
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
  } catch {
    const selection = getSelection();
    selection.selectAllChildren(source);
    return;
  }
  const words = button.textContent;
  button.textContent = button.dataset.done ?? words;
  setTimeout(() => {
    button.textContent = words;
  }, 2000);
}
