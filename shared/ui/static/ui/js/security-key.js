// form[data-asuso-key="get|create"] asks the browser's security key what the address in data-asuso-key-options says,
// and is then sent with the key's answer. Where the browser knows no keys the forms stay hidden.
const FROM_BASE64 = { '-': '+', _: '/' };
const TO_BASE64 = { '+': '-', '/': '_', '=': '' };
const SAID = {
  NotAllowedError: 'Ключ не ответил. Попробуйте ещё раз или выберите другой способ.',
  InvalidStateError: 'Этот ключ уже подключён. Вставьте другой.',
};

function bytes(text) {
  return Uint8Array.from(
    atob(text.replace(/[-_]/g, (sign) => FROM_BASE64[sign])),
    (sign) => sign.charCodeAt(0),
  );
}

function text(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/[+/=]/g, (sign) => TO_BASE64[sign]);
}

function asked(options) {
  const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
  const publicKey = { ...options, challenge: bytes(options.challenge) };
  if (options.user) publicKey.user = { ...options.user, id: bytes(options.user.id) };
  if (options.allowCredentials) publicKey.allowCredentials = known(options.allowCredentials);
  if (options.excludeCredentials) publicKey.excludeCredentials = known(options.excludeCredentials);
  return { publicKey };
}

function answered(credential) {
  const response = {};
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: {},
    response,
  });
}

async function ask(form) {
  const headers = { 'X-CSRFToken': form.elements.csrfmiddlewaretoken.value };
  const got = await fetch(form.dataset.asusoKeyOptions, { method: 'POST', headers });
  const said = await got.json();
  if (!got.ok) throw new Error(said.detail);
  form.elements.answer.value = answered(await navigator.credentials[form.dataset.asusoKey](asked(said)));
  form.submit();
}

if (globalThis.PublicKeyCredential) {
  for (const part of document.querySelectorAll('[data-asuso-key-only]')) part.hidden = false;
  for (const form of document.querySelectorAll('form[data-asuso-key]')) {
    form.hidden = false;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const state = form.querySelector('[role="status"]');
      state.textContent = '';
      ask(form).catch((error) => {
        state.textContent = SAID[error.name] ?? (error.message || 'Ключ не сработал. Попробуйте ещё раз.');
      });
    });
  }
}
