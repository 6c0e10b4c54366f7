// Popovers and menus: [data-asuso-popover="#id"] opens one beside itself, Escape closes it and returns the focus.
const anchors = new WeakMap();
const opened = () => document.querySelectorAll('.popover:not([hidden])');

function place(popover) {
  const anchor = anchors.get(popover);
  if (!anchor) return;
  const host = (popover.offsetParent || document.body).getBoundingClientRect();
  const box = anchor.getBoundingClientRect();
  const left = Math.max(12, Math.min(box.left, innerWidth - 12 - popover.offsetWidth));
  const below = box.bottom + 6;
  const above = box.top - popover.offsetHeight - 6;
  const top = below + popover.offsetHeight > innerHeight - 12 && above > 0 ? above : below;
  popover.style.left = `${left - host.left}px`;
  popover.style.top = `${top - host.top}px`;
}

function close(popover, { refocus = false } = {}) {
  popover.hidden = true;
  anchors.get(popover)?.setAttribute('aria-expanded', 'false');
  if (refocus) anchors.get(popover)?.focus();
}

function open(popover, anchor) {
  anchors.set(popover, anchor);
  popover.hidden = false;
  anchor.setAttribute('aria-expanded', 'true');
  place(popover);
  popover.querySelector('a, button, input')?.focus();
}

document.addEventListener('click', (event) => {
  const anchor = event.target.closest('[data-asuso-popover]');
  const inside = event.target.closest('.popover');
  if (event.target.closest('[data-asuso-popover-close]') && inside) return close(inside, { refocus: true });
  const wanted = anchor && document.querySelector(anchor.dataset.asusoPopover);
  const wasOpen = wanted && !wanted.hidden && anchors.get(wanted) === anchor;
  for (const popover of opened()) if (popover !== inside) close(popover);
  if (wanted && !wasOpen) open(wanted, anchor);
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || opened().length === 0) return;
  event.preventDefault(); // the panel and the page under the popover stay as they are
  for (const popover of opened()) close(popover, { refocus: true });
});

addEventListener('resize', () => opened().forEach(place));
