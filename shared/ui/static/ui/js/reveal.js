// A masked value: htmx posts to the server, which writes the look into the access log and answers with plain text.
// This script shows the answer instead of the dots on screen; paper keeps the dots (print.css).
document.addEventListener('htmx:afterSwap', (event) => {
  const value = event.detail.target;
  if (!value.matches('.masked__value')) return;
  const box = value.closest('.masked');
  value.hidden = false;
  box.querySelector('.masked__dots').hidden = true;
  box.querySelector('[data-asuso-reveal]')?.remove();
  const said = new CustomEvent('asuso:toast', { detail: { value: 'Просмотр записан в журнал доступа' } });
  document.dispatchEvent(said);
});
