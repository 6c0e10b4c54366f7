// Page-wide keys: Ctrl K opens the search palette, «?» the list of keys, «/» goes to the search of this page.
function isTyping(target) {
  return target.matches('input, textarea, select, [contenteditable="true"]');
}

function show(selector) {
  const dialog = document.querySelector(selector);
  if (dialog && !dialog.open && !document.querySelector('dialog[open]')) dialog.showModal();
  return Boolean(dialog);
}

document.addEventListener('keydown', (event) => {
  // By physical key, so that the Russian layout works too.
  if ((event.ctrlKey || event.metaKey) && event.code === 'KeyK') {
    if (show('#palette')) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (event.key === '?' || (event.shiftKey && event.code === 'Slash' && event.key === ',')) {
    show('#shortcuts');
  } else if (event.code === 'Slash' && !event.shiftKey) {
    const field = document.querySelector('[data-asuso-search], main input[type="search"]');
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  }
});
