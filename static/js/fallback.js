/*
 * Shows the <noscript> elements of a page whose modules do not start because the browser does not support modules, cannot
 * parse them, or could not load one. The oldest browsers have to read this file, so it is ECMAScript 3 and no module.
 *
 * html[data-scripts="waiting"]   this script ran, the modules have not started yet
 * html[data-scripts="failed"]    the page works as without scripts, and the modules must not interfere
 * html[data-scripts="started"]   set by take_over.js, even if they were late and had counted as failed
 */
(function () {
  /** On a slow link, modules may take longer than this and then take over late. Milliseconds. */
  var PATIENCE_MS = 8000;
  var root = document.documentElement;

  /** @param {string} state */
  function is(state) {
    return root.getAttribute("data-scripts") === state;
  }

  function show() {
    if (!is("waiting")) return;
    root.setAttribute("data-scripts", "failed");
    var elements = document.getElementsByTagName("noscript");
    for (var i = 0; i < elements.length; i++) {
      var shown = document.createElement("div");
      shown.className = "without-scripts";
      // With scripting enabled, the parser keeps the contents as text.
      shown.innerHTML = elements[i].textContent;
      var parent = elements[i].parentNode;
      if (parent) parent.insertBefore(shown, elements[i]);
    }
  }

  /**
   * Keeps listeners of modules that stopped halfway away from the forms, which then work as plain HTML.
   *
   * @param {Event} event
   */
  function keepToForms(event) {
    if (is("failed")) event.stopPropagation();
  }

  /** @param {ErrorEvent} event */
  function onError(event) {
    var target = /** @type {HTMLElement | Window} */ (event.target);
    // Among elements only scripts matter. Errors in code arrive at the window.
    if (!("tagName" in target) || target.tagName === "SCRIPT") show();
  }

  root.setAttribute("data-scripts", "waiting");
  self.addEventListener("error", onError, true);
  self.addEventListener("click", keepToForms, true);
  self.addEventListener("keydown", keepToForms, true);
  self.addEventListener("submit", keepToForms, true);
  // A browser that knows `nomodule` supports modules.
  if ("noModule" in document.createElement("script")) setTimeout(show, PATIENCE_MS);
  else show();
})();
