// [data-asuso-copy="text"] or [data-asuso-copy="#id"] puts the text into the clipboard and says so.
document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-asuso-copy]');
  if (!button) return;
  const source = button.dataset.asusoCopy;
  const element = source.startsWith('#') ? document.querySelector(source) : null;
  const text = element ? (element.value ?? element.textContent.trim()) : source;
  let value = 'Скопировано';
  try {
    await navigator.clipboard.writeText(text);
  } catch (error) {
    value = 'Браузер не дал доступ к буферу обмена. Выделите текст и скопируйте сами.';
  }
  document.dispatchEvent(new CustomEvent('asuso:toast', { detail: { value } }));
});
