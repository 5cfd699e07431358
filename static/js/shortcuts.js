import { text } from "./text.js";

/**
 * @typedef {"pause" | "mute" | "volume" | "fullscreen" | "theatre" | "pip" | "snapshot" | "statistics" | "chat" | "settings" | "donate" | "share" | "keys"
 *   | "quality" | "home" | "gaming" | "escape"} Action
 */

/**
 * @typedef {object} Shortcut
 * @property {Action} action
 * @property {readonly string[]} keys As the list of shortcuts names them.
 * @property {string} text
 * @property {string} [quality] The name of the quality level that the action `quality` chooses.
 * @property {boolean} [forSound] Whether it does something only if the stream has sound.
 * @property {boolean} [repeats] Whether holding the key repeats it.
 */

/**
 * Returns all shortcuts, in the order of their list. The quality levels get the keys 1, 2, and so on.
 *
 * @param {readonly { name: string, label: string }[]} qualities
 * @returns {readonly Shortcut[]}
 */
export function shortcutsFor(qualities) {
  return [
    { action: "pause", keys: ["Space", "K"], text: text("watch.keys.pause") },
    { action: "mute", keys: ["M"], text: text("watch.keys.mute"), forSound: true },
    {
      action: "volume",
      keys: ["↑", "↓"],
      text: text("watch.keys.volume"),
      forSound: true,
      repeats: true,
    },
    { action: "fullscreen", keys: ["F"], text: text("watch.keys.fullscreen") },
    { action: "theatre", keys: ["W"], text: text("watch.keys.theatre") },
    { action: "chat", keys: ["C"], text: text("watch.keys.chat") },
    { action: "pip", keys: ["I"], text: text("watch.keys.pip") },
    { action: "snapshot", keys: ["S"], text: text("watch.keys.snapshot") },
    ...qualities.map(({ name, label }, i) => ({
      action: /** @type {const} */ ("quality"),
      keys: [String(i + 1)],
      text: text("watch.keys.quality", { quality: label }),
      quality: name,
    })),
    { action: "home", keys: ["H"], text: text("watch.keys.home") },
    { action: "gaming", keys: ["G"], text: text("watch.keys.gaming") },
    { action: "settings", keys: ["Q"], text: text("watch.keys.settings") },
    { action: "statistics", keys: ["T"], text: text("watch.keys.statistics") },
    { action: "donate", keys: ["D"], text: text("watch.keys.donate") },
    { action: "share", keys: ["L"], text: text("watch.keys.share") },
    { action: "keys", keys: ["?"], text: text("watch.keys.keys") },
    { action: "escape", keys: ["Esc"], text: text("watch.keys.escape") },
  ];
}

/** Where a key means a character. */
const WRITABLE = "input, textarea, select, [contenteditable]";

/** Inputs where it means none, and which keep the focus after a click. */
const CLICKABLE = "[type=range], [type=checkbox]";

/** What Space and Enter press, and what they scroll. */
const PRESSABLE = "button, a, summary, [type=checkbox], [role=region]";

/** Where the arrows do not mean the volume. */
const STEERABLE = "button:not(#mute), a, summary, [type=range], [role=region]";

/** Keys that the list calls differently than browsers do. @type {Readonly<Record<string, string>>} */
const LISTED_AS = { " ": "space", escape: "esc", arrowup: "↑", arrowdown: "↓" };

/**
 * Returns the shortcut of a pressed key; `null` if it has none.
 *
 * @param {readonly Shortcut[]} shortcuts
 * @param {Pick<KeyboardEvent, "key" | "ctrlKey" | "altKey" | "metaKey" | "repeat" | "isComposing">} event
 * @param {{ matches: (selectors: string) => boolean } | null} focused
 * @returns {Shortcut | null}
 */
export function shortcutOf(
  shortcuts,
  { key, ctrlKey, altKey, metaKey, repeat, isComposing },
  focused,
) {
  if (ctrlKey || altKey || metaKey || isComposing) return null;
  const pressed = key.toLowerCase();
  const name = LISTED_AS[pressed] ?? pressed;
  const found = shortcuts.find(({ keys }) => keys.some((key) => key.toLowerCase() === name));
  const isWriting = focused?.matches(WRITABLE) && !focused.matches(CLICKABLE);
  if (found?.action !== "escape" && isWriting) return null;
  if (key === " " && focused?.matches(PRESSABLE)) return null;
  if (pressed.startsWith("arrow") && focused?.matches(STEERABLE)) return null;
  return !found || repeat && !found.repeats ? null : found;
}
