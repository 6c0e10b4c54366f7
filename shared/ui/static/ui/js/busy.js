// A form is sent once: its button turns busy, a second press does nothing. Coming back by history frees it.
// A form that downloads a file stays on the page, so it says [data-asuso-download] and is left alone.
const byHtmx = (form) => form.matches('[hx-post], [hx-put], [hx-delete], [hx-patch]');

function buttonOf(event) {
  return event.submitter ?? event.target.querySelector('button:not([type="button"])');
}

function free(form) {
  delete form.dataset.asusoSent;
  for (const button of form.querySelectorAll('[aria-busy="true"]')) button.removeAttribute('aria-busy');
}

document.addEventListener(
  'submit',
  (event) => {
    const form = event.target;
    if ((form.method !== 'post' && !byHtmx(form)) || 'asusoDownload' in form.dataset) return;
    if ('asusoSent' in form.dataset) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    // After all handlers: a form that one of them stopped is not sent, unless htmx stopped it to send it itself.
    setTimeout(() => {
      if (event.defaultPrevented && !(byHtmx(form) && form.matches('.htmx-request'))) return;
      form.dataset.asusoSent = '';
      buttonOf(event)?.setAttribute('aria-busy', 'true');
    });
  },
  true,
);

document.addEventListener('htmx:afterRequest', (event) => {
  const form = event.detail.elt.closest?.('form');
  if (form) free(form);
});

addEventListener('pageshow', () => document.querySelectorAll('form[data-asuso-sent]').forEach(free));
