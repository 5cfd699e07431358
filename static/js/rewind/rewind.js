import { byId } from "../dom.js";
import { loadStyle } from "../load_style.js";
import { text } from "../text.js";
import { Bar } from "./bar.js";
import { Transport } from "./transport.js";

/** @typedef {import("../../../src/live_messages.ts").ChannelState} ChannelState */

/** What each key does. @type {Readonly<Record<string, (transport: Transport) => void>>} */
const KEYS = {
  arrowleft: (transport) => transport.move(-5000),
  arrowright: (transport) => transport.move(5000),
  j: (transport) => transport.move(-10_000),
  ",": (transport) => transport.step(-1),
  ".": (transport) => transport.step(1),
  "<": (transport) => transport.changeSpeed(-1),
  ">": (transport) => transport.changeSpeed(1),
  "0": (transport) => transport.live(),
};

/** The past on the watch page: its bar, and what the viewer watches. */
export class Rewind {
  #root = document.documentElement;
  #transport;
  #bar;

  /**
   * @param {object} options
   * @param {import("../playback.js").Playback} options.playback
   * @param {Pick<import("../page_socket.js").PageSocket, "send">} options.socket
   * @param {import("../server_clock.js").ServerClock} options.clock
   * @param {import("../notices.js").Notices} options.notices
   * @param {() => void} options.onJump The viewer goes to another time.
   * @param {(paused: boolean) => void} options.onChange What the viewer watches may have changed.
   */
  constructor({ playback, socket, clock, notices, onJump, onChange }) {
    const transport = this.#transport = new Transport({
      playback,
      send: (message) => socket.send(message),
      now: () => clock.wall(),
      onChange: (change) => {
        this.#show();
        if (change === "jump") onJump();
        onChange(transport.paused);
      },
      onNotice: (notice) => notices.error(text(`watch.rewind.notice.${notice}`)),
    });
    this.#bar = new Bar({ transport });
    loadStyle("css/rewind.css").then(() => byId("tools", HTMLElement).before(this.#bar.box));
  }

  /** Whether the viewer can go back. */
  get isAvailable() {
    return this.#transport.isAvailable;
  }

  /** Whether the viewer watches the past. */
  get isPast() {
    return this.#transport.isPast;
  }

  /** Whether what the viewer watches has sound. */
  get hasSound() {
    return !this.#transport.paused && this.#transport.speed === 1;
  }

  /** When what the viewer watches was captured, by the server's clock; `null` for live. */
  get at() {
    return this.#transport.isPast ? this.#transport.at : null;
  }

  /** How far behind live that is, in milliseconds; `null` for live. */
  get behind() {
    return this.#transport.isPast ? this.#transport.range.to - this.#transport.at : null;
  }

  /** @param {Pick<ChannelState, "rewind" | "onAir">} channel */
  show({ rewind, onAir }) {
    this.#transport.follow(rewind, onAir);
  }

  /** @param {import("../player.js").PictureInfo} info A frame that was painted. */
  painted(info) {
    this.#transport.painted(info);
    if (this.#transport.isPast) this.#bar.show();
  }

  /** Call this each second. */
  tick() {
    this.#transport.tick();
    this.#bar.show();
  }

  togglePause() {
    this.#transport.togglePause();
  }

  /** @param {string} key One of its shortcuts. */
  press(key) {
    KEYS[key.toLowerCase()]?.(this.#transport);
  }

  #show() {
    const { isAvailable, isPast } = this.#transport;
    this.#root.dataset.rewind = isAvailable ? "on" : "off";
    this.#root.dataset.past = String(isPast);
    this.#bar.box.hidden = !isAvailable;
    this.#bar.show();
  }
}
