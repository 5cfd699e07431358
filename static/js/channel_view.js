import { byId, setText } from "./dom.js";
import { text } from "./text.js";
import { durationText } from "./time_text.js";

/** @typedef {import("../../src/live_messages.ts").ChannelState} ChannelState */
/** @typedef {import("../../src/live_messages.ts").Person} Person */

/** Shows the channel: its title, viewers and uptime, and whether it is live. */
export class ChannelView {
  #notices;
  #clock;
  #root = document.documentElement;
  /** @type {number | null} */
  #onAirSince = null;
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
    const { title, viewers } = state;
    const [onAir, live] = [String(state.onAir), String(state.live)];
    const { dataset } = this.#root;
    dataset.sound = state.sound;
    if (dataset.onAir !== onAir || dataset.live !== live) {
      Object.assign(dataset, { onAir, live });
      // The cover says why there is no picture.
      if (state.onAir && state.live) this.#notices.announce(text("watch.live"));
    }
    this.#set("viewers", String(viewers));
    this.#set("meta-viewers", text("watch.viewers", { count: viewers }));
    this.#set("title", title);
    document.title = title;
    const label = `${text("watch.picture")}: ${title}`;
    byId("picture", HTMLCanvasElement).setAttribute("aria-label", label);
    byId("fallback", HTMLImageElement).alt = label;
    const slow = byId("slow-mode", HTMLElement);
    slow.hidden = state.slowMode === 0;
    slow.title = text("watch.slowMode.title", { count: state.slowMode });
    setText(slow, text("watch.slowMode", { seconds: state.slowMode }));
    this.#onAirSince = state.onAirSince;
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
    const since = this.#onAirSince;
    const duration = since === null ? "" : durationText(now - since);
    this.#set(
      "uptime",
      since === null ? text("watch.offAir") : text("watch.liveFor", { duration }),
    );
    const left = this.#priorityUntil - now;
    const priority = byId("priority", HTMLElement);
    priority.hidden = left <= 0;
    if (left > 0) setText(priority, text("watch.priority", { duration: durationText(left + 999) }));
  }

  /**
   * @param {string} id
   * @param {string} shown
   */
  #set(id, shown) {
    setText(byId(id, HTMLElement), shown);
  }
}
