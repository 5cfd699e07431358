import { byId } from "../dom.js";

/**
 * Asks before something is done that cannot be undone.
 *
 * @param {object} question
 * @param {string} question.title
 * @param {string} question.text What will be.
 * @param {string} question.yes What the button says.
 * @returns {Promise<boolean>}
 */
export function confirmed({ title, text, yes }) {
  const dialog = byId("confirm", HTMLDialogElement);
  byId("confirm-title", HTMLElement).textContent = title;
  byId("confirm-text", HTMLElement).textContent = text;
  byId("confirm-yes", HTMLElement).textContent = yes;
  // As it is left by the Escape key.
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
