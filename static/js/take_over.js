/**
 * Hands the page over to its modules, even if fallback.js had given up on them on a slow link. Call this last: if a module
 * fails before, the page keeps working without scripts.
 */
export function takeOver() {
  document.documentElement.dataset.scripts = "started";
  for (const shown of document.querySelectorAll(".without-scripts")) {
    // An image that is only removed may keep its connection open.
    for (const image of shown.querySelectorAll("img")) image.removeAttribute("src");
    shown.remove();
  }
}
