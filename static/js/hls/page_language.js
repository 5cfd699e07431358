import { fetchTexts, text, useTexts } from "../text.js";

/** @typedef {import("../../../src/page_text_key.ts").PageTextKey} TextKey */

/**
 * Returns the first language that the viewer reads and the page has; English without any.
 *
 * @param {readonly string[]} offered BCP 47 tags.
 * @param {readonly string[]} wanted The same, best first.
 */
export function bestLanguage(offered, wanted) {
  for (const tag of wanted) {
    const found = offered.find((one) => one === tag) ??
      offered.find((one) => scriptOf(one) === scriptOf(tag));
    if (found) return found;
  }
  return "en";
}

/** @param {string} tag Returns its language and script, whatever its region: `zh-Hant` for `zh-HK`. */
function scriptOf(tag) {
  try {
    const { language, script } = new Intl.Locale(tag).maximize();
    return `${language}-${script}`;
  } catch {
    return tag;
  }
}

/**
 * Shows the page in the viewer's language. The page itself is the same for everyone, so that one copy in a cache serves
 * all.
 */
export async function translatePage() {
  const root = document.documentElement;
  const offered = (root.dataset.languages ?? "en").split(" ");
  const tag = bestLanguage(offered, navigator.languages);
  useTexts(tag, await fetchTexts(`../texts/${tag}.json`));
  root.lang = tag;
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = text(/** @type {TextKey} */ (element.getAttribute("data-text")));
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    const label = text(/** @type {TextKey} */ (element.getAttribute("data-label")));
    element.setAttribute("aria-label", label);
  }
}
