/**
 * Adds a style sheet that the page needs only now. Settles when it applies, or could not be loaded.
 *
 * @param {string} href Relative to the page.
 * @returns {Promise<void>}
 */
export function loadStyle(href) {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  const done = new Promise((resolve) => link.onload = link.onerror = resolve);
  // The sheet for high contrast has the last word.
  const last = document.querySelector('link[rel="stylesheet"][media]');
  if (last) last.before(link);
  else document.head.append(link);
  return done.then(() => {});
}
