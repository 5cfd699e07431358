/**
 * @typedef {"pause" | "fullscreen" | "pip" | "snapshot" | "statistics" | "chat" | "settings" | "donate" | "share" | "keys"
 *   | "quality" | "home" | "gaming" | "escape"} Action
 */

/**
 * @typedef {object} Shortcut
 * @property {Action} action
 * @property {readonly string[]} keys As the list of shortcuts names them.
 * @property {string} text
 * @property {string} [quality] The name of the quality level that the action `quality` chooses.
 */

/**
 * Returns all shortcuts, in the order of their list. The quality levels get the keys 1, 2, and so on.
 *
 * @param {readonly { name: string, label: string }[]} qualities
 * @returns {readonly Shortcut[]}
 */
export function shortcutsFor(qualities) {
  return [
    { action: "pause", keys: ["Space", "K"], text: "Pause or return to live" },
    { action: "fullscreen", keys: ["F"], text: "Fullscreen" },
    { action: "chat", keys: ["C"], text: "Write in the chat; in fullscreen, show or hide it" },
    { action: "pip", keys: ["I"], text: "Picture in picture" },
    { action: "snapshot", keys: ["S"], text: "Save a snapshot" },
    ...qualities.map(({ name, label }, i) => ({
      action: /** @type {const} */ ("quality"),
      keys: [String(i + 1)],
      text: `${label} quality`,
      quality: name,
    })),
    { action: "home", keys: ["H"], text: "Home mode: you choose the quality" },
    { action: "gaming", keys: ["G"], text: "Gaming mode: the quality adapts to the motion" },
    { action: "settings", keys: ["Q"], text: "Quality and filters" },
    { action: "statistics", keys: ["T"], text: "Statistics" },
    { action: "donate", keys: ["D"], text: "Donate" },
    { action: "share", keys: ["L"], text: "Share the address" },
    { action: "keys", keys: ["?"], text: "Show shortcuts" },
    { action: "escape", keys: ["Esc"], text: "Close dialogs" },
  ];
}

/** Where a key means a character. */
const WRITABLE = "input, textarea, select, [contenteditable]";

/** What Space and Enter press, and what they scroll. */
const PRESSABLE = "button, a, summary, [role=region]";

/** Keys that the list calls differently than browsers do. @type {Readonly<Record<string, string>>} */
const LISTED_AS = { " ": "space", escape: "esc" };

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
  if (ctrlKey || altKey || metaKey || repeat || isComposing) return null;
  const pressed = key.toLowerCase();
  const name = LISTED_AS[pressed] ?? pressed;
  const found = shortcuts.find(({ keys }) => keys.some((key) => key.toLowerCase() === name));
  if (found?.action !== "escape" && focused?.matches(WRITABLE)) return null;
  if (key === " " && focused?.matches(PRESSABLE)) return null;
  return found ?? null;
}
