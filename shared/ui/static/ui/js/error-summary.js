// A refused form: the focus goes to .error-summary and the page title says «Ошибка: » (after htmx swaps too).
const MARK = 'Ошибка: ';

function focusSummary(root) {
  const summary = root.matches?.('.error-summary') ? root : root.querySelector('.error-summary');
  const title = document.title.startsWith(MARK) ? document.title.slice(MARK.length) : document.title;
  document.title = document.querySelector('.error-summary') ? MARK + title : title;
  summary?.focus();
}

focusSummary(document);
document.addEventListener('htmx:load', (event) => {
  if (event.detail.elt !== document.body) focusSummary(event.detail.elt);
});

// A link of the summary puts the cursor into the field, not only the field into view.
document.addEventListener('click', (event) => {
  const link = event.target.closest('.error-summary a[href^="#"]');
  const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return;
  event.preventDefault();
  field.scrollIntoView({ block: 'center' });
  field.focus();
});
