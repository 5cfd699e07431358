import { DEVICE_CLOCK } from "../clock.js";
import { JitterBuffer, SPARE_MS } from "./jitter_buffer.js";
import { RecentMedian } from "./recent_median.js";

/** @typedef {import("./sound_message.js").SoundPacket} SoundPacket */
/** @typedef {import("./sound_output.js").SoundOutput} SoundOutput */
/** @typedef {import("./decoder.js").Decoder} Decoder */

/**
 * @typedef {object} Heard What is heard.
 * @property {number} buffered How many milliseconds lie between the arrival of the newest packet and its sound, the
 *   device's share included.
 * @property {number} gaps How often the sound was interrupted.
 * @property {number} lost The number of packets that did not come or came too late.
 * @property {number | null} offset How much later the sound comes than its picture, in milliseconds; `null` if unknown.
 * @property {number} rate How much faster than normal it plays.
 */

/** After this long without a packet, the sound counts as awaited. Milliseconds. */
const WAITING_MS = 1000;

/** If the next packet is late, the decoder continues the sound for so many packets before it fades. */
const MAX_CONTINUED = 2;

/** Plays packets on an output when the jitter buffer says, and goes on for a while if the next one is late. */
export class PacketPlayer {
  #pictureAge;
  #onChange;
  #clock;
  /** @type {SoundOutput | null} `null` while nothing is to be played. */
  #output = null;
  /** @type {Decoder | null} */
  #decoder = null;
  #buffer = new JitterBuffer();
  /** How far the output's clock is ahead of the page's. */
  #ahead = new RecentMedian();
  /** From the timestamp to the sound, as `pictureAge` is to the picture. */
  #ages = new RecentMedian();
  #buffered = 0;
  #hasPlayed = false;
  /** For how many packets the sound went on that had not come; the last of them faded out. */
  #continued = 0;
  #heardAt = -Infinity;
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {() => number | null} options.pictureAge As `SoundPlayer` has it.
   * @param {() => void} options.onChange Sound came, or has not come for a second.
   * @param {Pick<import("../clock.js").Clock, "monotonic">} [options.clock]
   */
  constructor({ pictureAge, onChange, clock = DEVICE_CLOCK }) {
    this.#pictureAge = pictureAge;
    this.#onChange = onChange;
    this.#clock = clock;
  }

  /** @returns {Heard} */
  get heard() {
    const { gaps, lost, rate } = this.#buffer;
    return { buffered: this.#buffered, gaps, lost, offset: this.#offset(), rate };
  }

  /** Whether any packet was played since it began. */
  get hasPlayed() {
    return this.#hasPlayed;
  }

  /** Whether no packet has come for a second. */
  get isWaiting() {
    return this.#clock.monotonic() - this.#heardAt >= WAITING_MS;
  }

  /**
   * Begins with the next packet, and silences at once what it has played.
   *
   * @param {SoundOutput} output
   * @param {Decoder} decoder
   */
  begin(output, decoder) {
    this.stop();
    this.#output = output;
    this.#decoder = decoder;
    this.#timer = setTimeout(this.#onChange, WAITING_MS);
  }

  /** Silences at once what it has played, and plays no more. */
  stop() {
    clearTimeout(this.#timer);
    this.#output?.clear();
    this.#output = this.#decoder = null;
    this.#buffer.reset();
    this.#ages.clear();
    this.#ahead.clear();
    this.#hasPlayed = false;
    this.#continued = 0;
    this.#heardAt = this.#clock.monotonic();
  }

  /** @param {SoundPacket} packet The next one. Ignored unless it has begun. */
  take(packet) {
    const output = this.#output, decoder = this.#decoder;
    if (!output || !decoder) return;
    const { now } = output;
    const here = this.#clock.monotonic();
    this.#ahead.add(here, now - here);
    // The timer is late, as the page was busy.
    if (this.#isPlaying && output.end > now && output.end < now + SPARE_MS) this.#goOn();
    const playing = this.#buffer.push(packet, now, output.end, this.#hold(output));
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
    this.#onChange();
  }

  /** Whether something was played that has not faded out. */
  get #isPlaying() {
    return this.#hasPlayed && this.#continued <= MAX_CONTINUED;
  }

  /** Goes on without the next packet if it does not come in time. */
  #expectNext() {
    const { end, now } = /** @type {SoundOutput} */ (this.#output);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#goOn(), end - now - SPARE_MS);
  }

  /** Prolongs what was heard, and the last time lets it fade out. */
  #goOn() {
    if (this.#continued++ < MAX_CONTINUED) {
      this.#buffer.continued();
      this.#output?.play(/** @type {Decoder} */ (this.#decoder).conceal(), {});
      this.#expectNext();
      return;
    }
    this.#fadeAway();
    this.#buffer.ranOut();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onChange, WAITING_MS);
  }

  /** Lets the sound end without a click. */
  #fadeAway() {
    this.#output?.play(/** @type {Decoder} */ (this.#decoder).conceal(), { fadesOut: true });
  }

  #aheadNow() {
    return this.#ahead.at(this.#clock.monotonic()) ?? 0;
  }

  /**
   * Returns the lag at which sound would be in step with the picture, on the output's clock.
   *
   * @param {SoundOutput} output
   */
  #hold({ latency }) {
    const age = this.#pictureAge();
    return age === null ? null : age + this.#aheadNow() - latency;
  }

  #offset() {
    const sound = this.#ages.at(this.#clock.monotonic());
    const picture = this.#pictureAge();
    return sound === null || picture === null ? null : sound - picture;
  }
}
