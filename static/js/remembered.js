/**
 * Returns what this browser remembers under a name; `null` if nothing, or if it stores nothing for this page.
 *
 * @param {string} name
 * @returns {string | null}
 */
export function recall(name) {
  try {
    return localStorage.getItem(`livestream.${name}`);
  } catch {
    return null;
  }
}

/**
 * Remembers something for later visits, unless the browser stores nothing for this page.
 *
 * @param {string} name
 * @param {string} value
 */
export function remember(name, value) {
  try {
    localStorage.setItem(`livestream.${name}`, value);
  } catch {
    // It then lasts until the page is closed.
  }
}
