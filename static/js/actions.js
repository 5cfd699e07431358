import { byId } from "./dom.js";
import { actionOf } from "./shortcuts.js";

/** @typedef {import("./shortcuts.js").Action} Action */

/**
 * Lets keys do what there is to do, unless a dialog is open, which has keys of its own.
 *
 * @param {Readonly<Record<Action, () => void>>} actions
 */
export function setUpKeys(actions) {
  document.addEventListener("keydown", (event) => {
    const action = actionOf(event, document.activeElement);
    if (!action || document.querySelector("dialog[open]")) return;
    if (action !== "escape") event.preventDefault();
    actions[action]();
  });
}

/**
 * @param {string} id Of a button.
 * @param {() => void} act
 */
export function onClick(id, act) {
  byId(id, HTMLButtonElement).addEventListener("click", act);
}
