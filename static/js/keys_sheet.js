import { byId, element } from "./dom.js";
import { text } from "./text.js";

/** @typedef {import("./shortcuts.js").Shortcut} Shortcut */

/**
 * Sets up the list of the keyboard shortcuts.
 *
 * @param {readonly Shortcut[]} shortcuts
 * @returns {() => void} Opens or closes it.
 */
export function setUpKeysSheet(shortcuts) {
  const dialog = byId("keys-dialog", HTMLDialogElement);
  byId("keys", HTMLElement).append(
    ...shortcuts.flatMap((shortcut) => {
      const { keys, forSound, forRewind } = shortcut;
      const className = forSound ? "for-sound" : forRewind ? "for-rewind" : "";
      const term = element("dt", "", className);
      term.append(...keys.map((key) => element("kbd", labelOf(key))));
      return [term, element("dd", textOf(shortcut), className)];
    }),
  );
  return () => dialog.open ? dialog.close() : dialog.showModal();
}

/**
 * Returns what a shortcut does.
 *
 * @param {Shortcut} shortcut
 */
export function textOf({ action, label = "", move = "seek" }) {
  if (action === "rewind") return text(`watch.rewind.keys.${move}`);
  return text(`watch.keys.${action}`, { quality: label });
}

/** @param {string} key Of a shortcut. */
function labelOf(key) {
  return key === "Space" ? text("watch.keys.space") : key;
}
