// Keyboard in a list: table [data-asuso-rows] is one tab stop; Up, Down, Home, End move over its rows, Enter opens
// the row's page (its first link or [data-asuso-url]), Right its side panel, Space marks its checkbox.
const rowsOf = (table) => [...table.tBodies].flatMap((body) => [...body.rows]);

function prepare() {
  for (const table of document.querySelectorAll('table[data-asuso-rows]')) {
    const rows = rowsOf(table);
    const active = rows.find((row) => row.tabIndex === 0) ?? rows[0];
    for (const row of rows) row.tabIndex = row === active ? 0 : -1;
  }
}

function move(rows, from, to) {
  from.tabIndex = -1;
  const next = rows[Math.max(0, Math.min(rows.length - 1, to))];
  next.tabIndex = 0;
  next.focus();
}

function openPage(row) {
  const link = row.querySelector('th a[href], a.cell-name, a[href]');
  if (link) link.click();
  else if (row.dataset.asusoUrl) location.assign(row.dataset.asusoUrl);
}

document.addEventListener('keydown', (event) => {
  const row = event.target;
  if (!row.matches?.('table[data-asuso-rows] tbody > tr') || event.ctrlKey || event.metaKey || event.altKey) return;
  const rows = rowsOf(row.closest('table'));
  const here = rows.indexOf(row);
  const actions = {
    ArrowDown: () => move(rows, row, here + 1),
    ArrowUp: () => move(rows, row, here - 1),
    Home: () => move(rows, row, 0),
    End: () => move(rows, row, rows.length - 1),
    Enter: () => openPage(row),
    ArrowRight: () => row.dataset.asusoPeek && row.dispatchEvent(new CustomEvent('asuso:peek', { bubbles: true })),
    ' ': () => row.querySelector('input[type="checkbox"]')?.click(),
  };
  if (!actions[event.key]) return;
  event.preventDefault();
  actions[event.key]();
});

document.addEventListener('click', (event) => {
  const row = event.target.closest('tr[data-asuso-url]');
  if (row && !event.target.closest('a, button, input, select, label') && !getSelection().toString()) {
    location.assign(row.dataset.asusoUrl);
  }
});

prepare();
document.addEventListener('htmx:load', prepare);
