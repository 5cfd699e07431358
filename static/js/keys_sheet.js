import { byId, element } from "./dom.js";
import { SHORTCUTS } from "./shortcuts.js";

/** Sets up the list of the keyboard shortcuts. @returns {() => void} Opens it, or closes it. */
export function setUpKeysSheet() {
  const dialog = byId("keys-dialog", HTMLDialogElement);
  byId("keys", HTMLElement).append(...SHORTCUTS.flatMap(({ keys, text }) => {
    const term = element("dt");
    term.append(...keys.map((key) => element("kbd", key)));
    return [term, element("dd", text)];
  }));
  const toggle = () => dialog.open ? dialog.close() : dialog.showModal();
  byId("show-keys", HTMLButtonElement).addEventListener("click", toggle);
  return toggle;
}
