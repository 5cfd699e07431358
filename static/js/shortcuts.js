/**
 * @typedef {"pause" | "mute" | "volume" | "fullscreen" | "theatre" | "pip" | "snapshot" | "clip" | "statistics" | "chat" | "settings" | "donate" | "share" | "keys"
 *   | "quality" | "home" | "gaming" | "rewind" | "escape"} Action
 */

/**
 * @typedef {object} Shortcut
 * @property {Action} action
 * @property {readonly string[]} keys As the list of shortcuts names them.
 * @property {string} [quality] The name of the quality level that the action `quality` chooses.
 * @property {string} [label] What the page calls that level.
 * @property {"seek" | "back" | "step" | "speed" | "live"} [move] What the action `rewind` does.
 * @property {boolean} [forSound] Whether it does something only if the stream has sound.
 * @property {boolean} [forRewind] Whether it does something only while the viewer can go back.
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
    { action: "pause", keys: ["Space", "K"] },
    { action: "mute", keys: ["M"], forSound: true },
    {
      action: "volume",
      keys: ["↑", "↓"],
      forSound: true,
      repeats: true,
    },
    ...rewindKeys([
      [["←", "→"], "seek", true],
      [["J"], "back", true],
      [[",", "."], "step", true],
      [["<", ">"], "speed", false],
      [["0"], "live", false],
    ]),
    { action: "fullscreen", keys: ["F"] },
    { action: "theatre", keys: ["W"] },
    { action: "chat", keys: ["C"] },
    { action: "pip", keys: ["I"] },
    { action: "snapshot", keys: ["S"] },
    { action: "clip", keys: ["X"], forRewind: true },
    ...qualities.map(({ name, label }, i) => ({
      action: /** @type {const} */ ("quality"),
      keys: [String(i + 1)],
      label,
      quality: name,
    })),
    { action: "home", keys: ["H"] },
    { action: "gaming", keys: ["G"] },
    { action: "settings", keys: ["Q"] },
    { action: "statistics", keys: ["T"] },
    { action: "donate", keys: ["D"] },
    { action: "share", keys: ["L"] },
    { action: "keys", keys: ["?"] },
    { action: "escape", keys: ["Esc"] },
  ];
}

/**
 * @param {[keys: string[], move: Shortcut["move"], repeats: boolean][]} list
 * @returns {Shortcut[]}
 */
function rewindKeys(list) {
  return list.map(([keys, move, repeats]) => ({
    ...{ action: "rewind", keys, move, repeats },
    forRewind: true,
  }));
}

/** Where a key means a character. */
const WRITABLE = "input, textarea, select, [contenteditable]";

/** Inputs where it means none, and which keep the focus after a click. */
const CLICKABLE = "[type=range], [type=checkbox]";

/** What Space and Enter press, and what they scroll. */
const PRESSABLE = "button, a, summary, [type=checkbox], [role=region]";

/** Where all arrows mean something else. */
const STEERABLE = "[type=range], [role=slider]";

/** Where those up and down do not mean the volume. */
const SCROLLABLE = "button:not(#mute), a, summary, [role=region]";

/** Keys that the list calls differently than browsers do. @type {Readonly<Record<string, string>>} */
const LISTED_AS = {
  ...{ " ": "space", escape: "esc" },
  ...{ arrowup: "↑", arrowdown: "↓", arrowleft: "←", arrowright: "→" },
};

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
  if (found?.action === "volume" && focused?.matches(SCROLLABLE)) return null;
  return !found || repeat && !found.repeats ? null : found;
}
