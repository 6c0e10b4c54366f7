// Sections of a card filled in by keyboard: [data-asuso-section] holds its text or, while it is edited, a form
// [data-asuso-section-form]. An opened form takes the cursor, Escape presses its [data-asuso-cancel], Ctrl Enter saves
// from a many-line field; a closed one gives the focus back to [data-asuso-edit].
const FIELDS = 'input:not([type="hidden"]), select, textarea';
let closing = null;

const formOf = (section) => section.querySelector('[data-asuso-section-form]');

function sectionOf(element) {
  return element.matches?.('[data-asuso-section]') ? element : null;
}

document.addEventListener('htmx:beforeSwap', (event) => {
  const section = event.detail.shouldSwap && sectionOf(event.detail.target);
  closing = section && formOf(section) ? section.id : null;
});

document.addEventListener('htmx:load', (event) => {
  const section = sectionOf(event.detail.elt);
  if (!section) return;
  const form = formOf(section);
  if (form && !section.querySelector('.error-summary')) form.querySelector(FIELDS)?.focus();
  else if (!form && section.id === closing && !document.querySelector('[data-asuso-section-form]')) {
    section.querySelector('[data-asuso-edit]')?.focus();
  }
});

document.addEventListener('keydown', (event) => {
  const form = event.target.closest?.('[data-asuso-section-form]');
  if (!form || document.querySelector('dialog[open]')) return;
  if (event.key === 'Escape') {
    event.preventDefault();
    form.querySelector('[data-asuso-cancel]')?.click();
  } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});

// «Продолжить» of a restored draft only takes its question away.
document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-asuso-draft-go-on]');
  if (!button) return;
  const form = button.closest('[data-asuso-section-form]');
  button.closest('.callout').remove();
  form.querySelector(FIELDS)?.focus();
});
