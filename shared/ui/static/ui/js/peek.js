// Side panel beside a list. A row [data-asuso-peek="URL"] fills #peek with that fragment when it is pressed outside its
// links and buttons; the list stays alive. Escape or [data-asuso-peek-close] closes it and returns to the row.
let row = null;
const panel = () => document.querySelector('#peek');

function select(next) {
  const table = next.closest('table, ul, ol');
  for (const other of table?.querySelectorAll('.is-selected') ?? []) {
    other.classList.remove('is-selected');
    other.removeAttribute('aria-selected');
  }
  next.classList.add('is-selected');
  row = next;
}

async function show(next) {
  select(next);
  await window.htmx.ajax('GET', next.dataset.asusoPeek, { target: '#peek', swap: 'innerHTML' });
  panel().hidden = panel().childElementCount === 0; // a refused request leaves nothing to show
}

function hide() {
  if (!panel() || panel().hidden) return;
  panel().hidden = true;
  panel().replaceChildren();
  row?.classList.remove('is-selected');
  row?.focus();
}

document.addEventListener('click', (event) => {
  if (event.target.closest('[data-asuso-peek-close]')) return hide();
  const next = event.target.closest('[data-asuso-peek]');
  if (!next || !panel() || event.target.closest('a, button, input, select, label, textarea')) return;
  if (!getSelection().toString()) show(next);
});

document.addEventListener('asuso:peek', (event) => show(event.target));

document.addEventListener('keydown', (event) => {
  const busyElsewhere = document.querySelector('dialog[open], .popover:not([hidden])');
  if (event.key === 'Escape' && !event.defaultPrevented && !busyElsewhere) hide();
});
