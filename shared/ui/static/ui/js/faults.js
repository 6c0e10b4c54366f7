// What htmx would pass over in silence: a lost network, a fault, an ended session. Each is said in words.
function say(value) {
  document.dispatchEvent(new CustomEvent('asuso:toast', { detail: { value } }));
}

document.addEventListener('htmx:sendError', () => say('Нет связи с сервером. Ничего не потеряно, повторите действие.'));

document.addEventListener('htmx:responseError', (event) => {
  const answer = event.detail.xhr;
  const number = answer.getResponseHeader('X-Request-Id');
  const dialog = document.querySelector('#session-expired');
  if (answer.status === 401 && dialog) {
    if (!dialog.open) dialog.showModal();
  } else if (answer.status === 403) {
    say('Нет права на это действие.');
  } else if (answer.status === 404) {
    say('Запись не найдена: возможно, её уже убрали. Обновите страницу.');
  } else if (answer.status !== 503 || !answer.getResponseHeader('HX-Trigger')) {
    // During a maintenance break the server says itself why, and the form stays.
    say(`Не удалось выполнить действие. Повторите позже${number ? `, номер обращения ${number}` : ''}.`);
  }
});
