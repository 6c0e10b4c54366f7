// Theme, density and the version for weak sight. A classic script in the head: it runs before the first paint.
(function () {
  'use strict';
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');

  function read(key) {
    try {
      return localStorage.getItem('asuso-' + key);
    } catch (error) {
      return null; // storage may be closed in a private window
    }
  }
  function save(key, value) {
    root.dataset[key] = value;
    try {
      localStorage.setItem('asuso-' + key, value);
    } catch (error) {
      // the choice then lasts until the page is left
    }
  }
  function apply() {
    root.dataset.theme = read('theme') || (system.matches ? 'dark' : 'light');
    for (const key of ['density', 'vision']) if (read(key)) root.dataset[key] = read(key);
  }

  apply();
  system.addEventListener('change', apply);
  addEventListener('beforeprint', () => {
    root.dataset.theme = 'light';
  });
  addEventListener('afterprint', apply);

  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-asuso-theme], [data-asuso-vision], [data-asuso-density]');
    if (!button) return;
    if (button.matches('[data-asuso-theme]')) save('theme', root.dataset.theme === 'dark' ? 'light' : 'dark');
    if (button.matches('[data-asuso-vision]')) save('vision', root.dataset.vision === 'large' ? 'normal' : 'large');
    if (button.matches('[data-asuso-density]')) save('density', root.dataset.density === 'compact' ? 'normal' : 'compact');
  });
})();
