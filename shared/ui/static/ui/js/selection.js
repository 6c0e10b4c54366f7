// Choosing rows for a common action: inside [data-asuso-selection], checkboxes [data-asuso-select] are counted, the box
// [data-asuso-select-all] marks the page, and [data-asuso-bulkbar] replaces [data-asuso-toolbar] while any is marked.
function update(scope) {
  const boxes = [...scope.querySelectorAll('[data-asuso-select]')];
  const marked = boxes.filter((box) => box.checked);
  const all = scope.querySelector('[data-asuso-select-all]');
  if (all) {
    all.checked = marked.length > 0 && marked.length === boxes.length;
    all.indeterminate = marked.length > 0 && marked.length < boxes.length;
  }
  for (const box of boxes) box.closest('tr')?.classList.toggle('is-selected', box.checked);
  scope.querySelectorAll('[data-asuso-bulkbar]').forEach((bar) => {
    bar.hidden = marked.length === 0;
  });
  scope.querySelectorAll('[data-asuso-toolbar]').forEach((bar) => {
    bar.hidden = marked.length > 0;
  });
  scope.querySelectorAll('[data-asuso-selected-count]').forEach((place) => {
    place.textContent = String(marked.length);
  });
}

function setAll(scope, checked) {
  for (const box of scope.querySelectorAll('[data-asuso-select]')) box.checked = checked;
  update(scope);
}

document.addEventListener('change', (event) => {
  const scope = event.target.closest('[data-asuso-selection]');
  if (!scope) return;
  if (event.target.matches('[data-asuso-select-all]')) setAll(scope, event.target.checked);
  else if (event.target.matches('[data-asuso-select]')) update(scope);
});

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-asuso-select-none]');
  if (button) setAll(button.closest('[data-asuso-selection]'), false);
});

document.addEventListener('htmx:load', () => document.querySelectorAll('[data-asuso-selection]').forEach(update));
