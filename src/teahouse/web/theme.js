// Sets the theme before the first paint, so a plain script and not a module: the choice that was made here, or the system's.
// views/menu.js changes it while the page is open.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem('teahouse.theme');
  } catch (error) {
    // Storage is forbidden here; the system's theme will do.
  }
  var dark = chosen ? chosen === '"dark"' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
