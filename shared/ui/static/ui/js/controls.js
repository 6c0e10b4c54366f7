// Small controls: [data-asuso-print] prints, [data-asuso-sheet="#id"] opens the filters on narrow screens,
// [data-asuso-password] shows the password beside it.
const press = {
  asusoPrint: () => print(),
  asusoSheet: (button) => document.querySelector(button.dataset.asusoSheet)?.classList.toggle('is-open'),
  asusoPassword: (button) => {
    const field = button.parentElement.querySelector('input');
    const hidden = field.type === 'password';
    field.type = hidden ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(hidden));
  },
};

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-asuso-print], [data-asuso-sheet], [data-asuso-password]');
  if (!button) return;
  for (const [name, action] of Object.entries(press)) if (name in button.dataset) action(button);
});

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') document.querySelector('.rg__facets.is-open')?.classList.remove('is-open');
});
