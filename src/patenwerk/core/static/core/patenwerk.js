/* Light or dark on public pages, kept on this device alone. Without this file the device decides. */
(function () {
  "use strict";
  var root = document.documentElement;
  if (root.dataset.themeFrom !== "device") return; // the account already chose

  var KEY = "patenwerk-theme";
  function kept() {
    try { return localStorage.getItem(KEY) || ""; } catch (refused) { return ""; }
  }
  function show(theme) {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  }
  show(kept());

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-theme-switch]").forEach(function (group) {
      var buttons = group.querySelectorAll("[data-theme-choice]");
      function press(theme) {
        buttons.forEach(function (button) {
          button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
        });
      }
      press(kept());
      group.hidden = false;
      group.addEventListener("click", function (event) {
        var button = event.target.closest("[data-theme-choice]");
        if (!button) return;
        var theme = button.dataset.themeChoice;
        try {
          if (theme) localStorage.setItem(KEY, theme); else localStorage.removeItem(KEY);
        } catch (refused) { /* the choice then holds for this page */ }
        show(theme);
        press(theme);
      });
    });
  });
})();
