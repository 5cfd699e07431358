/**
 * @typedef {"pause" | "fullscreen" | "pip" | "snapshot" | "statistics" | "chat" | "settings" | "donate" | "share" | "keys"
 *   | "high" | "medium" | "low" | "home" | "gaming" | "escape"} Action
 */

/** @type {readonly { action: Action, keys: readonly string[], text: string }[]} In the order of the sheet. */
export const SHORTCUTS = [
  { action: "pause", keys: ["Space", "K"], text: "Pause, or back to live" },
  { action: "fullscreen", keys: ["F"], text: "Fullscreen" },
  { action: "chat", keys: ["C"], text: "Write in the chat; in fullscreen, show or hide it" },
  { action: "pip", keys: ["I"], text: "Picture in picture" },
  { action: "snapshot", keys: ["S"], text: "Save a snapshot" },
  { action: "high", keys: ["1"], text: "High quality" },
  { action: "medium", keys: ["2"], text: "Medium quality" },
  { action: "low", keys: ["3"], text: "Low quality" },
  { action: "home", keys: ["H"], text: "Home mode: you pick the quality" },
  { action: "gaming", keys: ["G"], text: "Gaming mode: quality follows the motion" },
  { action: "settings", keys: ["Q"], text: "Quality and filters" },
  { action: "statistics", keys: ["T"], text: "Statistics" },
  { action: "donate", keys: ["D"], text: "Donate" },
  { action: "share", keys: ["L"], text: "Share the address" },
  { action: "keys", keys: ["?"], text: "This list" },
  { action: "escape", keys: ["Esc"], text: "Close what is open" },
];

/** Where a key means a character. */
const WRITABLE = "input, textarea, select, [contenteditable]";

/** What Space and Enter press, and what they scroll. */
const PRESSABLE = "button, a, summary, [role=region]";

/** @type {ReadonlyMap<string, Action>} */
const BY_KEY = new Map([
  ...SHORTCUTS.flatMap(({ action, keys }) =>
    keys.map((key) => /** @type {const} */ ([key.toLowerCase(), action]))
  ),
  [" ", "pause"],
  ["escape", "escape"],
]);

/**
 * What a key that was pressed asks for; `null` if nothing.
 *
 * @param {Pick<KeyboardEvent, "key" | "ctrlKey" | "altKey" | "metaKey" | "repeat" | "isComposing">} event
 * @param {{ matches: (selectors: string) => boolean } | null} focused
 * @returns {Action | null}
 */
export function actionOf({ key, ctrlKey, altKey, metaKey, repeat, isComposing }, focused) {
  if (ctrlKey || altKey || metaKey || repeat || isComposing) return null;
  const action = BY_KEY.get(key.toLowerCase()) ?? null;
  if (action !== "escape" && focused?.matches(WRITABLE)) return null;
  if (key === " " && focused?.matches(PRESSABLE)) return null;
  return action;
}
