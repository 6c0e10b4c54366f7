// Arrow keys inside the search palette: the field keeps the focus at the top, Down enters the found lines.
document.addEventListener('keydown', (event) => {
  const palette = event.target.closest?.('.palette');
  if (!palette || !['ArrowDown', 'ArrowUp'].includes(event.key)) return;
  const field = palette.querySelector('input');
  const stops = [field, ...palette.querySelectorAll('.menu a, .menu button')];
  const step = event.key === 'ArrowDown' ? 1 : stops.length - 1;
  const here = Math.max(0, stops.indexOf(document.activeElement));
  event.preventDefault();
  stops[(here + step) % stops.length].focus();
});

// Enter in the field opens the first found line.
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || !event.target.matches?.('.palette input')) return;
  const first = event.target.closest('.palette').querySelector('.menu a');
  if (first) {
    event.preventDefault();
    first.click();
  }
});
