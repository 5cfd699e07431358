import { byId, setText } from "./dom.js";

/**
 * @typedef {object} CoverState Everything that may keep the viewer from seeing the picture.
 * @property {import("./player.js").PlayerStatus} player
 * @property {string} reason Why the player is not playing.
 * @property {boolean} paused Whether the viewer paused.
 * @property {boolean} onAir
 * @property {{ reason: string, until: number | null } | null} kicked `until`: when the viewer may return; 0 at once, `null` never.
 *
 * @typedef {object} Cover A message over the picture.
 * @property {"connecting" | "reconnecting" | "paused" | "off" | "full" | "refused" | "kicked"} kind
 * @property {string} title
 * @property {string} text
 * @property {string} [action] The label of its button, if it has one.
 */

/**
 * Returns the most important message to show over the picture; `null` without one.
 *
 * @param {CoverState} state
 * @returns {Cover | null}
 */
export function coverOf({ player, reason, paused, onAir, kicked }) {
  if (kicked) {
    const back = kicked.until === null ? undefined : "Rejoin";
    return {
      kind: "kicked",
      title: "The streamer disconnected you",
      text: kicked.reason,
      action: back,
    };
  }
  if (player === "refused") {
    return { kind: "refused", title: "You cannot watch this stream", text: reason };
  }
  // A server that does not answer may be on air or off.
  if (player === "reconnecting") {
    return { kind: "reconnecting", title: "Reconnecting…", text: reason };
  }
  if (!onAir) {
    const text = "Stay tuned: the picture will return here by itself. Chat is open.";
    return { kind: "off", title: "Off air", text };
  }
  if (paused) {
    const text = "No data is used.";
    return { kind: "paused", title: "Paused", text, action: "Return to live" };
  }
  if (player === "full") {
    const text = "All places are taken. You will be let in automatically.";
    return { kind: "full", title: "Full house", text };
  }
  if (player === "connecting") return { kind: "connecting", title: "Connecting…", text: "" };
  return null;
}

/** Shows the message over the picture. */
export class CoverView {
  #notices;
  #root = document.documentElement;
  #title = byId("cover-title", HTMLElement);
  #text = byId("cover-text", HTMLElement);
  #action = byId("cover-action", HTMLButtonElement);

  /** @param {{ announce: (text: string) => void }} notices */
  constructor(notices) {
    this.#notices = notices;
  }

  /** @param {() => void} act */
  onAction(act) {
    this.#action.addEventListener("click", act);
  }

  /** @param {Cover | null} cover */
  show(cover) {
    const before = this.#root.dataset.cover;
    if (!cover) {
      if (before === "reconnecting") this.#notices.announce("The picture is back");
      delete this.#root.dataset.cover;
      return;
    }
    const { kind, title, text, action } = cover;
    setText(this.#title, title);
    setText(this.#text, text);
    this.#action.hidden = action === undefined;
    setText(this.#action, action ?? "");
    this.#root.dataset.cover = kind;
    if (before !== kind && kind !== "connecting") this.#notices.announce(`${title} ${text}`);
  }
}
