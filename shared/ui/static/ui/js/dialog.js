// Native dialogs: [data-asuso-dialog="#id"] opens, [data-asuso-dialog-close] closes; the browser returns the focus.
document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-asuso-dialog]');
  if (opener) {
    event.preventDefault();
    const dialog = document.querySelector(opener.dataset.asusoDialog);
    if (dialog && !dialog.open) dialog.showModal();
    return;
  }
  event.target.closest('[data-asuso-dialog-close]')?.closest('dialog').close();
});

// A press on the backdrop lands on the dialog itself.
document.addEventListener('mousedown', (event) => {
  if (event.target.matches('dialog[open].palette')) event.target.close();
});
