import { byId, element } from "./dom.js";

/**
 * Sets up the list of the keyboard shortcuts.
 *
 * @param {readonly import("./shortcuts.js").Shortcut[]} shortcuts
 * @returns {() => void} Opens or closes it.
 */
export function setUpKeysSheet(shortcuts) {
  const dialog = byId("keys-dialog", HTMLDialogElement);
  byId("keys", HTMLElement).append(...shortcuts.flatMap(({ keys, text }) => {
    const term = element("dt");
    term.append(...keys.map((key) => element("kbd", key)));
    return [term, element("dd", text)];
  }));
  const toggle = () => dialog.open ? dialog.close() : dialog.showModal();
  byId("show-keys", HTMLButtonElement).addEventListener("click", toggle);
  return toggle;
}
