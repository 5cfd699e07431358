import { byId, setText } from "./dom.js";
import { durationText } from "./time_text.js";

/** @typedef {import("../../src/live_messages.ts").ChannelState} ChannelState */
/** @typedef {import("../../src/live_messages.ts").Person} Person */

/** Shows the channel: its title, viewers and uptime, and whether it is live. */
export class ChannelView {
  #notices;
  #clock;
  #root = document.documentElement;
  #startedAt = 0;
  #priorityUntil = 0;

  /**
   * @param {{ announce: (text: string) => void }} notices
   * @param {Pick<import("./clock.js").Clock, "wall">} clock The server's.
   */
  constructor(notices, clock) {
    this.#notices = notices;
    this.#clock = clock;
  }

  /** @param {ChannelState} state */
  show(state) {
    const { title, viewers, reason } = state;
    const [onAir, live] = [String(state.onAir), String(state.live)];
    const { dataset } = this.#root;
    if (dataset.onAir !== onAir || dataset.live !== live) {
      Object.assign(dataset, { onAir, live });
      this.#notices.announce(announcementOf(state));
    }
    this.#set("reason", state.onAir ? reason ?? "" : "");
    this.#set("viewers", String(viewers));
    this.#set("meta-viewers", `${viewers} watching`);
    this.#set("title", title);
    document.title = title;
    const label = `Live picture: ${title}`;
    byId("picture", HTMLCanvasElement).setAttribute("aria-label", label);
    byId("fallback", HTMLImageElement).alt = label;
    const slow = byId("slow-mode", HTMLElement);
    slow.hidden = state.slowMode === 0;
    slow.title = `Everyone waits ${state.slowMode} seconds between two messages`;
    setText(slow, `Slow mode: ${state.slowMode} s`);
    this.#startedAt = state.startedAt;
    this.tick();
  }

  /** @param {Person} you */
  showYou({ priorityUntil }) {
    this.#priorityUntil = priorityUntil;
    this.tick();
  }

  /** Updates the times. Call this every second. */
  tick() {
    const now = this.#clock.wall();
    if (this.#startedAt) this.#set("uptime", `Live for ${durationText(now - this.#startedAt)}`);
    const left = this.#priorityUntil - now;
    const priority = byId("priority", HTMLElement);
    priority.hidden = left <= 0;
    if (left > 0) setText(priority, `♥ Priority ${durationText(left + 999)}`);
  }

  /**
   * @param {string} id
   * @param {string} text
   */
  #set(id, text) {
    setText(byId(id, HTMLElement), text);
  }
}

/** @param {ChannelState} state */
function announcementOf({ onAir, live, reason }) {
  if (!onAir) return "The stream is off air";
  return live ? "The stream is live" : `No picture from the camera: ${reason ?? ""}`;
}
