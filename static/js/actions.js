import { byId } from "./dom.js";
import { shortcutOf } from "./shortcuts.js";

/** @typedef {import("./shortcuts.js").Action} Action */
/** @typedef {import("./shortcuts.js").Shortcut} Shortcut */

/**
 * Makes keys run actions, unless a dialog is open, which has keys of its own.
 *
 * @param {readonly Shortcut[]} shortcuts
 * @param {Readonly<Record<Action, (shortcut: Shortcut, key: string) => void>>} actions
 */
export function setUpKeys(shortcuts, actions) {
  document.addEventListener("keydown", (event) => {
    const shortcut = shortcutOf(shortcuts, event, document.activeElement);
    if (!shortcut || document.querySelector("dialog[open]")) return;
    const { rewind, sound } = document.documentElement.dataset;
    if (shortcut.forSound && sound === "off" || shortcut.forRewind && rewind !== "on") return;
    if (shortcut.action !== "escape") event.preventDefault();
    actions[shortcut.action](shortcut, event.key);
  });
}

/**
 * @param {string} id Of a button.
 * @param {() => void} act
 */
export function onClick(id, act) {
  byId(id, HTMLButtonElement).addEventListener("click", act);
}
