import { byId, setText } from "./dom.js";

/**
 * @typedef {object} CoverState What may keep the picture from being shown, or seen.
 * @property {import("./player.js").PlayerStatus} player
 * @property {string} reason Why the player does not play.
 * @property {boolean} paused By the viewer.
 * @property {boolean} onAir
 * @property {{ reason: string, until: number | null } | null} kicked `until`: 0 for at once, `null` for never.
 *
 * @typedef {object} Cover What lies over the picture.
 * @property {"connecting" | "reconnecting" | "paused" | "off" | "full" | "refused" | "kicked"} kind
 * @property {string} title
 * @property {string} text
 * @property {string} [action] Of the button, if there is one.
 */

/**
 * What to say over the picture, the most important first; `null` if nothing.
 *
 * @param {CoverState} state
 * @returns {Cover | null}
 */
export function coverOf({ player, reason, paused, onAir, kicked }) {
  if (kicked) {
    const back = kicked.until === null ? undefined : "Come back";
    return { kind: "kicked", title: "You were sent away", text: kicked.reason, action: back };
  }
  if (player === "refused") return { kind: "refused", title: "You cannot watch", text: reason };
  // Of a server that is away it is not known whether it is off air.
  if (player === "reconnecting") {
    return { kind: "reconnecting", title: "Reconnecting…", text: reason };
  }
  if (!onAir) {
    const text = "Stay around: the picture comes back here by itself, and the chat is open.";
    return { kind: "off", title: "Off air", text };
  }
  if (paused) {
    const text = "Nothing is loaded meanwhile.";
    return { kind: "paused", title: "Paused", text, action: "Back to live" };
  }
  if (player === "full") {
    const text = "As many are watching as can. You get the next free place, by itself.";
    return { kind: "full", title: "The house is full", text };
  }
  if (player === "connecting") return { kind: "connecting", title: "Connecting…", text: "" };
  return null;
}

/** Shows it. */
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
