import { byId, element } from "./dom.js";
import { text } from "./text.js";

/**
 * Sets up the list of the keyboard shortcuts.
 *
 * @param {readonly import("./shortcuts.js").Shortcut[]} shortcuts
 * @returns {() => void} Opens or closes it.
 */
export function setUpKeysSheet(shortcuts) {
  const dialog = byId("keys-dialog", HTMLDialogElement);
  byId("keys", HTMLElement).append(...shortcuts.flatMap(({ keys, text: action, forSound }) => {
    const className = forSound ? "for-sound" : "";
    const term = element("dt", "", className);
    term.append(...keys.map((key) => element("kbd", labelOf(key))));
    return [term, element("dd", action, className)];
  }));
  return () => dialog.open ? dialog.close() : dialog.showModal();
}

/** @param {string} key Of a shortcut. */
function labelOf(key) {
  return key === "Space" ? text("watch.keys.space") : key;
}
