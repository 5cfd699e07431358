import { byId, setText } from "./dom.js";
import { text } from "./text.js";

/**
 * @typedef {object} CoverState Everything that may keep the viewer from seeing the picture.
 * @property {import("./player.js").PlayerStatus} player
 * @property {string} reason Why the player is not playing.
 * @property {boolean} paused Whether the viewer paused.
 * @property {boolean} onAir
 * @property {boolean} [past] Whether the picture is of the past, so that it does not matter what is live.
 * @property {import("../../src/live_messages.ts").SourceReason | null} standby Why the source gives no picture; `null` while it does.
 * @property {{ reason: string, until: number | null } | null} kicked `until`: when the viewer may return; `null` never.
 *
 * @typedef {object} Cover A message over the picture.
 * @property {"connecting" | "reconnecting" | "paused" | "off" | "full" | "standby" | "refused" | "kicked"} kind
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
export function coverOf({ player, reason, paused, onAir, past, standby, kicked }) {
  if (kicked) {
    return coverWith("kicked", kicked.reason);
  }
  if (player === "refused") return coverWith("refused", reason);
  // A server that does not answer may be on air or off.
  if (player === "reconnecting") return coverWith("reconnecting", reason);
  if (!onAir && !past) return coverWith("off", text("watch.cover.offText"));
  if (paused) {
    const action = text("watch.cover.return");
    return { ...coverWith("paused", text("watch.cover.pausedText")), action };
  }
  if (player === "full") return coverWith("full", text("watch.cover.fullText"));
  if (standby && !past) return coverWith("standby", text(`watch.reason.${standby}`));
  return player === "connecting" ? coverWith("connecting", "") : null;
}

/**
 * @param {"connecting" | "reconnecting" | "paused" | "off" | "full" | "standby" | "refused" | "kicked"} kind
 * @param {string} explanation
 * @returns {Cover}
 */
function coverWith(kind, explanation) {
  return { kind, title: text(`watch.cover.${kind}`), text: explanation };
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
      if (before === "reconnecting") this.#notices.announce(text("watch.cover.back"));
      delete this.#root.dataset.cover;
      return;
    }
    const { kind, title, action } = cover;
    setText(this.#title, title);
    setText(this.#text, cover.text);
    this.#action.hidden = action === undefined;
    setText(this.#action, action ?? "");
    this.#root.dataset.cover = kind;
    if (before !== kind && kind !== "connecting") this.#notices.announce(`${title} ${cover.text}`);
  }
}
