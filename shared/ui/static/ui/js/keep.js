// Nothing typed is lost: form [data-asuso-keep="name"] is kept in this tab until the server has taken it. Passwords,
// files, hidden fields and [data-asuso-sensitive] are never kept; leaving the session empties the store.
const PREFIX = 'asuso-keep:';
const FIELDS = [
  'input:not([type="password"], [type="file"], [type="hidden"], [data-asuso-sensitive])',
  'select',
  'textarea:not([data-asuso-sensitive])',
].join(', ');
const user = document.body.dataset.asusoUser;
const keyOf = (form) => `${PREFIX}${user}:${location.pathname}:${form.dataset.asusoKeep}`;
const keys = () => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
const isChoice = (field) => ['checkbox', 'radio'].includes(field.type);

function snapshot(form) {
  return [...form.querySelectorAll(FIELDS)]
    .filter((field) => field.name)
    .map((field) => ({ name: field.name, value: field.value, checked: isChoice(field) ? field.checked : null }));
}

function restore(form, fields) {
  const present = [...form.querySelectorAll(FIELDS)];
  for (const { name, value, checked } of fields) {
    const field = present.find((other) => other.name === name && (checked === null || other.value === value));
    if (field && checked === null) field.value = value;
    else if (field) field.checked = checked;
  }
}

function write(form, isSent) {
  sessionStorage.setItem(keyOf(form), JSON.stringify({ isSent, fields: snapshot(form) }));
}

// A refused form comes back with its values; a page that thanks, or has no such form, means the server has taken it.
function start() {
  const forms = [...document.querySelectorAll('form[data-asuso-keep]:not([data-asuso-kept])')];
  const isDone = document.querySelector('[data-asuso-done]') !== null;
  for (const key of keys()) {
    const { isSent, fields } = JSON.parse(sessionStorage.getItem(key));
    const form = forms.find((other) => keyOf(other) === key);
    if (isSent && (isDone || !form)) sessionStorage.removeItem(key);
    else if (form && !form.querySelector('.error-summary')) {
      if (JSON.stringify(snapshot(form)) === JSON.stringify(fields)) continue;
      restore(form, fields);
      const value = 'Восстановлено то, что вы не успели сохранить.';
      document.dispatchEvent(new CustomEvent('asuso:toast', { detail: { value } }));
    }
  }
  for (const form of forms) form.dataset.asusoKept = '';
}

document.addEventListener('input', (event) => {
  const form = event.target.closest('form[data-asuso-keep]');
  if (form && user) write(form, false);
});

document.addEventListener('submit', (event) => {
  if (event.target.matches('[data-asuso-logout]')) keys().forEach((key) => sessionStorage.removeItem(key));
  else if (user && event.target.matches('form[data-asuso-keep]')) write(event.target, true);
});

document.addEventListener('htmx:afterRequest', (event) => {
  const form = event.detail.elt.closest?.('form[data-asuso-keep]');
  if (form && event.detail.successful) sessionStorage.removeItem(keyOf(form));
});

// Pages without a user are left alone: the sign-in page in the middle of a lost session must not empty the store.
// So is the page of a maintenance break: what it refused is still to be sent.
if (user && !document.querySelector('[data-asuso-held]')) start();
