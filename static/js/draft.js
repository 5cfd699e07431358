const KEY = "draft";

/**
 * Keeps what is typed into a field while the page is reloaded, for example in another language.
 *
 * @param {HTMLTextAreaElement} field
 */
export function keepDraft(field) {
  try {
    field.value ||= sessionStorage.getItem(KEY) ?? "";
    addEventListener("pagehide", () => sessionStorage.setItem(KEY, field.value));
  } catch {
    // The browser forbids the page to store anything.
  }
}
