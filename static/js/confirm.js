import { byId } from "./dom.js";

/**
 * Asks for confirmation before something that cannot be undone.
 *
 * @param {object} question
 * @param {string} question.title
 * @param {string} question.text The consequences.
 * @param {string} question.yes The label of the button.
 * @returns {Promise<boolean>}
 */
export function confirmed({ title, text, yes }) {
  const dialog = byId("confirm", HTMLDialogElement);
  byId("confirm-title", HTMLElement).textContent = title;
  byId("confirm-text", HTMLElement).textContent = text;
  byId("confirm-yes", HTMLElement).textContent = yes;
  // The Escape key leaves it as it is.
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
