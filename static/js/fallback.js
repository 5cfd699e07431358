/*
 * Shows what stands in the <noscript> elements of a page whose modules do not start: the browser knows none, cannot parse
 * them, or could not load one. So the browsers that need this most have to read it: it is ECMAScript 3, and no module.
 *
 * html[data-scripts="waiting"]   this script runs, the modules have not started yet
 * html[data-scripts="failed"]    the page is shown as without scripts, and nothing of the modules may interfere
 * html[data-scripts="started"]   set by take_over.js, also after a failure that was none
 */
(function () {
  /** Modules that a slow link needs longer for take over late. Milliseconds. */
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
      // With scripting on, the parser leaves the contents as text.
      shown.innerHTML = elements[i].textContent;
      var parent = elements[i].parentNode;
      if (parent) parent.insertBefore(shown, elements[i]);
    }
  }

  /**
   * Keeps what modules that broke off have set up from the forms, which then do what they do by themselves.
   *
   * @param {Event} event
   */
  function keepToForms(event) {
    if (is("failed")) event.stopPropagation();
  }

  /** @param {ErrorEvent} event */
  function onError(event) {
    var target = /** @type {HTMLElement | Window} */ (event.target);
    // Of elements only scripts count; errors of code come at the window.
    if (!("tagName" in target) || target.tagName === "SCRIPT") show();
  }

  root.setAttribute("data-scripts", "waiting");
  self.addEventListener("error", onError, true);
  self.addEventListener("click", keepToForms, true);
  self.addEventListener("keydown", keepToForms, true);
  self.addEventListener("submit", keepToForms, true);
  // Whoever knows `nomodule` knows modules.
  if ("noModule" in document.createElement("script")) setTimeout(show, PATIENCE_MS);
  else show();
})();
