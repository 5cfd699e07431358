import { DEVICE_CLOCK } from "../clock.js";
import { Decoder } from "./decoder.js";
import { JitterBuffer, SPARE_MS } from "./jitter_buffer.js";
import { RecentMedian } from "./recent_median.js";
import { SoundElement } from "./sound_element.js";
import { readSound } from "./sound_message.js";
import { SoundOutput } from "./sound_output.js";
import { SoundReports } from "./sound_reports.js";
import { soundRows } from "./sound_rows.js";

/** @typedef {import("./sound_message.js").SoundPacket} SoundPacket */

/**
 * @typedef {"silent" | "starting" | "playing" | "waiting" | "blocked"} SoundPlayerState `silent`: nobody wants to hear.
 *   `waiting`: no sound comes from the server. `blocked`: the browser wants a tap first; then call `listen()` again.
 *
 * @typedef {object} SoundStatistics
 * @property {number} buffered How many milliseconds lie between the arrival of the newest packet and its sound, the
 *   device's share included.
 * @property {number} gaps How often the sound was interrupted.
 * @property {number} lost The number of packets that did not come or came too late.
 * @property {number | null} offset How much later the sound comes than its picture, in milliseconds; `null` if unknown.
 * @property {number} rate How much faster than normal it plays.
 * @property {(delay: number | null) => [name: string, value: string][]} rows Returns what the page's statistics show of
 *   it; `delay` is the picture's.
 */

/** After this long without a packet, the page says that it waits for sound. Milliseconds. */
const WAITING_MS = 1000;

/** If the next packet is late, the decoder continues the sound for so many packets before it fades. */
const MAX_CONTINUED = 2;

/** For this long, a browser may take to allow sound. Milliseconds. */
const PERMISSION_MS = 300;

/** Plays the sound that comes over the page socket, in step with the picture. */
export class SoundPlayer {
  #socket;
  #pictureAge;
  #onChange;
  #clock;
  /** @type {SoundPlayerState} */
  #state = "silent";
  #volume = 1;
  #isWanted = false;
  /** Whether the server sends packets. */
  #listens = false;
  /** @type {Decoder | null} */
  #decoder = null;
  /** @type {SoundOutput | null} */
  #output = null;
  /** @type {SoundElement | null} Plays instead, while it is set. */
  #element = null;
  #buffer = new JitterBuffer();
  /** How far the output's clock is ahead of the page's. */
  #ahead = new RecentMedian();
  /** From the timestamp to the sound, as `pictureAge` is to the picture. */
  #ages = new RecentMedian();
  #buffered = 0;
  #hasPlayed = false;
  /** The number of packets that the sound went on without. */
  #continued = 0;
  #heardAt = -Infinity;
  #reports;
  /** @type {number | undefined} */
  #timer;

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
    this.#pictureAge = pictureAge;
    this.#onChange = onChange;
    this.#clock = clock;
    this.#reports = new SoundReports({
      send: (message) => socket.send(message),
      heard: () => ({
        buffered: this.#buffered,
        gaps: this.#buffer.gaps,
        offset: this.#offset(),
      }),
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
    if (this.#element) this.#element.volume = volume;
  }

  /** @returns {SoundStatistics | null} `null` while no packets play. */
  get statistics() {
    if (!this.#listens || this.#state !== "playing") return null;
    const { gaps, lost, rate } = this.#buffer;
    const heard = { buffered: this.#buffered, gaps, lost, offset: this.#offset(), rate };
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
    for (const packet of packets) this.#take(packet);
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
    clearTimeout(this.#timer);
    this.#buffer.reset();
    this.#output?.clear();
    this.#ages.clear();
    this.#ahead.clear();
    this.#hasPlayed = false;
    this.#heardAt = this.#clock.monotonic();
    if (this.#listens) this.#timer = setTimeout(() => this.#showState(), WAITING_MS);
  }

  /** @param {SoundPacket} packet */
  #take(packet) {
    const output = /** @type {SoundOutput} */ (this.#output);
    const decoder = /** @type {Decoder} */ (this.#decoder);
    const { now } = output;
    const here = this.#clock.monotonic();
    if (output.isStuck(here)) return this.#replaceOutput();
    this.#ahead.add(here, now - here);
    // The timer is late, as the page was busy.
    if (this.#hasPlayed && output.end > now && output.end < now + SPARE_MS) this.#goOn();
    const playing = this.#buffer.push(packet, now, output.end, this.#hold());
    if (!playing) return;
    const { start, missing, rate } = playing;
    if (start !== null) {
      if (output.end > now + SPARE_MS && start >= output.end + packet.duration) this.#fadeAway();
      output.moveTo(start);
    }
    for (let i = 0; i < missing; i++) output.play(decoder.conceal(), { rate });
    const heardAt = output.end + output.latency;
    output.play(decoder.decode(packet.data), playing);
    this.#buffered = heardAt - now;
    this.#ages.add(here, heardAt - this.#aheadNow() - packet.at);
    this.#hasPlayed = true;
    this.#continued = 0;
    this.#heardAt = here;
    this.#expectNext();
    this.#showState();
  }

  /** Goes on without the next packet if it does not come in time. */
  #expectNext() {
    const { end, now } = /** @type {SoundOutput} */ (this.#output);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#goOn(), end - now - SPARE_MS);
  }

  /** Prolongs what was heard, at first, and then lets it fade out. */
  #goOn() {
    const output = /** @type {SoundOutput} */ (this.#output);
    const decoder = /** @type {Decoder} */ (this.#decoder);
    if (this.#continued < MAX_CONTINUED) {
      this.#continued++;
      this.#buffer.continued();
      output.play(decoder.conceal(), {});
      this.#expectNext();
      return;
    }
    this.#fadeAway();
    this.#buffer.ranOut();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#showState(), WAITING_MS);
  }

  /** Lets the sound end without a click. */
  #fadeAway() {
    if (this.#decoder) this.#output?.play(this.#decoder.conceal(), { fadesOut: true });
  }

  #replaceOutput() {
    this.#output?.close().catch(() => {});
    this.#output = this.#createOutput();
    this.#output.resume().catch(() => {});
    this.#begin();
  }

  #aheadNow() {
    return this.#ahead.at(this.#clock.monotonic()) ?? 0;
  }

  /** The lag at which sound would be in step with the picture, on the output's clock. */
  #hold() {
    const age = this.#pictureAge();
    const { latency } = /** @type {SoundOutput} */ (this.#output);
    return age === null ? null : age + this.#aheadNow() - latency;
  }

  #offset() {
    const sound = this.#ages.at(this.#clock.monotonic());
    const picture = this.#pictureAge();
    return sound === null || picture === null ? null : sound - picture;
  }

  async #playElement() {
    const element = this.#element ??= new SoundElement(() => this.#showState());
    element.volume = this.#volume;
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
    if (this.#clock.monotonic() - this.#heardAt >= WAITING_MS) return "waiting";
    return this.#hasPlayed ? "playing" : "starting";
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
