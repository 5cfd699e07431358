/**
 * Makes the page its modules' own, also where fallback.js took them for failed, as on a slow link. To be called when all of
 * them are set up: a page whose modules break off before keeps what works without them.
 */
export function takeOver() {
  document.documentElement.dataset.scripts = "started";
  for (const shown of document.querySelectorAll(".without-scripts")) {
    // An image that is merely removed may go on receiving.
    for (const image of shown.querySelectorAll("img")) image.removeAttribute("src");
    shown.remove();
  }
}
