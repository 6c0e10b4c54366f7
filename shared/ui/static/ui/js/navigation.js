// Side menu on narrow screens: [data-asuso-nav] opens it, Escape or a press outside closes it.
const root = document.documentElement;

function setOpen(open) {
  root.classList.toggle('nav-open', open);
  document.querySelector('[data-asuso-nav]')?.setAttribute('aria-expanded', String(open));
  if (open) document.querySelector('.sidebar a, .sidebar button')?.focus();
}

document.addEventListener('click', (event) => {
  if (event.target.closest('[data-asuso-nav]')) setOpen(!root.classList.contains('nav-open'));
  else if (root.classList.contains('nav-open') && !event.target.closest('.sidebar, .popover')) setOpen(false);
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || !root.classList.contains('nav-open')) return;
  setOpen(false);
  document.querySelector('[data-asuso-nav]')?.focus();
});
