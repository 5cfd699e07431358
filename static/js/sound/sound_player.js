import { DEVICE_CLOCK } from "../clock.js";
import { Decoder } from "./decoder.js";
import { PacketPlayer } from "./packet_player.js";
import { SoundElement } from "./sound_element.js";
import { readSound } from "./sound_message.js";
import { SoundOutput } from "./sound_output.js";
import { SoundReports } from "./sound_reports.js";
import { soundRows } from "./sound_rows.js";

/**
 * @typedef {"silent" | "starting" | "playing" | "waiting" | "blocked"} SoundPlayerState `silent`: nobody wants to hear.
 *   `waiting`: no sound comes from the server. `blocked`: the browser wants a tap first; then call `listen()` again.
 *
 * @typedef {object} Rows
 * @property {(delay: number | null) => [name: string, value: string][]} rows Returns what the page's statistics show of
 *   it; `delay` is the picture's.
 *
 * @typedef {import("./packet_player.js").Heard & Rows} SoundStatistics
 */

/** For this long, a browser may take to allow sound. Milliseconds. */
const PERMISSION_MS = 300;

/** Plays the sound that comes over the page socket, in step with the picture. */
export class SoundPlayer {
  #socket;
  #onChange;
  #clock;
  #player;
  /** @type {SoundPlayerState} */
  #state = "silent";
  #volume = 1;
  /** Whether the picture is of the past. */
  #isPast = false;
  #isWanted = false;
  /** Whether the server sends packets. */
  #listens = false;
  /** @type {Decoder | null} */
  #decoder = null;
  /** @type {SoundOutput | null} */
  #output = null;
  /** @type {SoundElement | null} Plays instead, while it is set. */
  #element = null;
  #reports;

  /**
   * @param {object} options
   * @param {Pick<import("../page_socket.js").PageSocket, "send" | "isPolling">} options.socket
   * @param {() => number | null} options.pictureAge Returns the milliseconds from a frame's timestamp to its paint on the
   *   page's monotonic clock, which has another epoch than the server's; `null` if there are no pictures.
   * @param {() => void} options.onChange The state changed.
   * @param {Pick<import("../clock.js").Clock, "monotonic">} [options.clock]
   */
  constructor({ socket, pictureAge, onChange, clock = DEVICE_CLOCK }) {
    this.#socket = socket;
    this.#onChange = onChange;
    this.#clock = clock;
    this.#player = new PacketPlayer({ pictureAge, onChange: () => this.#showState(), clock });
    this.#reports = new SoundReports({
      send: (message) => socket.send(message),
      heard: () => {
        const { buffered, gaps, offset } = this.#player.heard;
        return { buffered, gaps, offset };
      },
      clock,
    });
  }

  get state() {
    return this.#state;
  }

  get volume() {
    return this.#volume;
  }

  /** @param {number} volume 0..1. */
  set volume(volume) {
    this.#volume = volume;
    if (this.#output) this.#output.volume = volume;
    this.#followElement();
  }

  /** @returns {SoundStatistics | null} `null` while no packets play. */
  get statistics() {
    if (!this.#listens || this.#state !== "playing") return null;
    const { heard } = this.#player;
    return { ...heard, rows: (delay) => soundRows(delay, heard) };
  }

  /**
   * Makes the sound heard. Outside a user's gesture, the state may become `blocked`.
   *
   * @throws {Error} The browser cannot play it, in the words of the page's language.
   */
  async listen() {
    this.#isWanted = true;
    if (this.#state === "silent") this.#setState("starting");
    if (this.#socket.isPolling || !canPlayPackets()) return this.#playElement();
    this.#stopElement();
    // Before anything else: browsers ask whether this is still the gesture.
    const output = this.#output ??= this.#createOutput();
    const running = output.resume().catch(() => {});
    try {
      this.#decoder ??= await Decoder.load();
    } catch {
      // No WebAssembly, by policy or for lack of memory. The viewer may have turned the sound off meanwhile.
      return this.#isWanted ? this.#playElement() : undefined;
    }
    await Promise.race([running, new Promise((done) => setTimeout(done, PERMISSION_MS))]);
    this.#follow();
  }

  /** Silences the sound at once, and has the server send no more. */
  stop() {
    this.#isWanted = false;
    this.#stopElement();
    this.#output?.suspend();
    this.#follow();
  }

  /** Silences at once what has arrived: the streamer has muted it. What comes later plays. */
  hush() {
    if (this.#listens) this.#begin();
  }

  /**
   * Silences at once what has arrived: what comes next is of another time.
   *
   * @param {boolean} isPast Whether that is not live.
   */
  jump(isPast) {
    this.#isPast = isPast;
    this.#followElement();
    this.hush();
  }

  /** The socket was lost. */
  lost() {
    this.#listens = false;
    this.#follow();
  }

  /** There is a new connection, which does not know that this page listens. */
  reconnected() {
    this.#listens = false;
    if (!this.#isWanted) return;
    if (this.#element || this.#socket.isPolling) this.listen().catch(() => this.stop());
    else this.#follow();
  }

  /** @param {ArrayBuffer} message A binary message of the page socket. */
  hear(message) {
    const packets = this.#listens && readSound(message);
    if (!packets) return;
    if (this.#output?.isStuck(this.#clock.monotonic())) this.#replaceOutput();
    for (const packet of packets) this.#player.take(packet);
    this.#reports.arrived(packets[packets.length - 1].sequence);
  }

  #createOutput() {
    const output = new SoundOutput(() => {
      // A call or an alarm is over, or the device has slept.
      if (this.#isWanted && !output.isRunning) output.resume().catch(() => {});
      this.#follow();
    });
    output.volume = this.#volume;
    return output;
  }

  /** Has the server send sound while it can be heard, and no longer. */
  #follow() {
    const { isRunning } = this.#output ?? { isRunning: false };
    const isPossible = this.#isWanted && this.#decoder !== null && this.#element === null &&
      isRunning;
    if (isPossible !== this.#listens && this.#socket.send({ type: "listen", on: isPossible })) {
      this.#listens = isPossible;
      this.#reports.begin();
      this.#begin();
    }
    this.#showState();
  }

  #begin() {
    if (this.#listens && this.#output && this.#decoder) {
      this.#player.begin(this.#output, this.#decoder);
    } else this.#player.stop();
  }

  #replaceOutput() {
    this.#output?.close().catch(() => {});
    this.#output = this.#createOutput();
    this.#output.resume().catch(() => {});
    this.#begin();
  }

  async #playElement() {
    const element = this.#element ??= new SoundElement(() => this.#showState());
    this.#followElement();
    this.#follow();
    try {
      await element.play();
    } catch (error) {
      if (this.#element !== element) return;
      this.stop();
      throw error;
    }
    this.#showState();
  }

  /** The element plays nothing but live. */
  #followElement() {
    if (this.#element) this.#element.volume = this.#isPast ? 0 : this.#volume;
  }

  #stopElement() {
    this.#element?.stop();
    this.#element = null;
  }

  #showState() {
    this.#setState(this.#currentState());
  }

  /** @returns {SoundPlayerState} */
  #currentState() {
    if (!this.#isWanted) return "silent";
    if (this.#element) {
      if (this.#element.isPlaying) return "playing";
      return this.#element.isBlocked ? "blocked" : "waiting";
    }
    if (!this.#decoder) return "starting";
    if (!this.#output?.isRunning) return "blocked";
    if (this.#player.isWaiting) return "waiting";
    return this.#player.hasPlayed ? "playing" : "starting";
  }

  /** @param {SoundPlayerState} state */
  #setState(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.#onChange();
  }
}

/** Whether this browser has what it takes to decode and play packets. */
function canPlayPackets() {
  return typeof AudioContext === "function" && typeof WebAssembly === "object";
}
