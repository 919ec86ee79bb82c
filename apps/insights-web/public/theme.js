// Applies the chosen theme before the first paint. A file of its own: the page's policy allows no inline script.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('scorpiox.theme');
  } catch {
    chosen = null; // storage is blocked: the system's theme it is
  }
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
})();
