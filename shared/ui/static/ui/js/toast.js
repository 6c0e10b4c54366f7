// The result of an action, announced politely. Anyone may say it: a button [data-asuso-toast="text"], a script by the
// event "asuso:toast" (detail.value), the server by the header HX-Trigger: {"asuso:toast": "Сохранено"}.
let timer = 0;

function box() {
  let element = document.querySelector('#toast');
  if (!element) {
    element = document.createElement('div');
    element.id = 'toast';
    element.className = 'toast';
    element.setAttribute('role', 'status');
    element.hidden = true;
    document.body.append(element);
  }
  return element;
}

function say(text) {
  const element = box();
  element.hidden = false;
  element.textContent = text;
  clearTimeout(timer);
  timer = setTimeout(() => {
    element.hidden = true;
  }, 8000);
}

document.addEventListener('asuso:toast', (event) => say(event.detail.value));
document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-asuso-toast]');
  if (button) say(button.dataset.asusoToast);
});
