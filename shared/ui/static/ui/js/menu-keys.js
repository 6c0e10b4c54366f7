// Arrow keys walk the lines of an open menu.
document.addEventListener('keydown', (event) => {
  const menu = event.target.closest?.('.popover .menu');
  if (!menu || !['ArrowDown', 'ArrowUp', 'Home', 'End'].includes(event.key)) return;
  const lines = [...menu.querySelectorAll('a, button')];
  const here = lines.indexOf(document.activeElement);
  const to = {
    ArrowDown: (here + 1) % lines.length,
    ArrowUp: (here + lines.length - 1) % lines.length,
    Home: 0,
    End: lines.length - 1,
  };
  event.preventDefault();
  lines[to[event.key]].focus();
});
