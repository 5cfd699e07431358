import { byId, setText } from "../dom.js";
import { text } from "../text.js";
import { durationText } from "../time_text.js";

/** @typedef {import("../../../src/live_messages.ts").ChannelState} ChannelState */

const STATUS = {
  live: text("studio.onAir"),
  standby: text("studio.standby"),
  off: text("studio.offAir"),
};

/** The state of the channel at a glance. */
export class StatusBar {
  #status = byId("channel-status", HTMLElement);
  #viewers = byId("fact-viewers", HTMLElement);
  #uptime = byId("fact-uptime", HTMLElement);
  #startedAt = 0;
  #clock;

  /** @param {Pick<import("../clock.js").Clock, "wall">} clock The server's. */
  constructor(clock) {
    this.#clock = clock;
  }

  /** @param {ChannelState} state */
  show({ onAir, live, viewers, startedAt, title }) {
    const status = onAir ? live ? "live" : "standby" : "off";
    this.#status.dataset.status = status;
    setText(this.#status, STATUS[status]);
    setText(this.#viewers, String(viewers));
    this.#startedAt = startedAt;
    document.title = `${text("studio.title")} · ${title}`;
    byId("facts", HTMLElement).hidden = false;
    this.#status.hidden = false;
    this.tick();
  }

  /** Updates the uptime. Call this every second. */
  tick() {
    setText(this.#uptime, durationText(this.#clock.wall() - this.#startedAt));
  }
}
