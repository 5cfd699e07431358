import { encodeAnnexB } from "../h264/annex_b.ts";
import { type ParameterSets, parameterSetsOf } from "../h264/parameter_sets.ts";
import { concat } from "../jpeg/concat.ts";
import type { VideoConfiguration, VideoPacket } from "../packet.ts";
import { Packetizer } from "./packetizer.ts";
import { encodePes } from "./pes.ts";
import { encodePat, encodePmt, PIDS } from "./tables.ts";

/** When a unit is due and when it was ready, in milliseconds since the beginning. */
export interface TsTimes {
  /** When it was captured. */
  readonly time: number;
  /** When it came. The clock in the stream follows it, whatever the delay of a unit. */
  readonly now: number;
}

/**
 * How long after the clock units are due. Sound comes up to 200 ms after its picture, as it is encoded twice:
 * what arrives after it is due, players drop. Milliseconds.
 */
const DELAY_MS = 500;

/** The tables come at least so often. Milliseconds. */
const TABLES_MS = 500;

/** The clock comes at least so often while sound does; ISO/IEC 13818-1 section 2.7.2 wants 100. Milliseconds. */
const CLOCK_MS = 80;

const TICKS_OF_MS = 90;

/** Writes H.264 and MP3 as an MPEG transport stream (ISO/IEC 13818-1) of one program. */
export class TsWriter {
  readonly #pat = new Packetizer(PIDS.pat);
  readonly #pmt = new Packetizer(PIDS.pmt);
  readonly #video = new Packetizer(PIDS.video);
  readonly #sound = new Packetizer(PIDS.sound);
  readonly #hasSound: boolean;
  #configuration: VideoConfiguration | null = null;
  #sets: ParameterSets | null = null;
  /** The newest clock. Milliseconds. */
  #clock = 0;
  #clockSentAt = -Infinity;
  #tablesSentAt = -Infinity;

  /** Begins a stream. */
  constructor({ hasSound }: { readonly hasSound: boolean }) {
    this.#hasSound = hasSound;
  }

  /**
   * Returns the packets of an access unit. The first one must be a key.
   *
   * @throws {RangeError} Its configuration is invalid.
   */
  video(packet: VideoPacket, times: TsTimes): Uint8Array<ArrayBuffer> {
    const { data, isKey, configuration } = packet;
    if (configuration !== this.#configuration) {
      this.#sets = parameterSetsOf(configuration.record);
      this.#configuration = configuration;
    }
    const clock = this.#clockAt(times.now);
    const tables = this.#tables(isKey);
    const unit = encodeAnnexB(data, isKey ? this.#sets : null);
    this.#clockSentAt = this.#clock;
    const packets = this.#video.packets(encodePes("video", ptsOf(times), unit), { clock, isKey });
    return concat(tables, packets);
  }

  /** Returns the packets of an MP3 frame. */
  sound(frame: Uint8Array, times: TsTimes): Uint8Array<ArrayBuffer> {
    const clock = this.#clockAt(times.now);
    const tables = this.#tables(false);
    const isClockDue = this.#clock - this.#clockSentAt >= CLOCK_MS;
    if (isClockDue) this.#clockSentAt = this.#clock;
    const packets = this.#sound.packets(encodePes("sound", ptsOf(times), frame), { isKey: true });
    return concat(tables, ...isClockDue ? [this.#video.clock(clock)] : [], packets);
  }

  /** Moves the clock on, never back. Returns it in 1/90,000 s. */
  #clockAt(now: number): number {
    this.#clock = Math.max(this.#clock, now);
    return Math.round(this.#clock * TICKS_OF_MS);
  }

  #tables(isDue: boolean): Uint8Array {
    if (!isDue && this.#clock - this.#tablesSentAt < TABLES_MS) return new Uint8Array();
    this.#tablesSentAt = this.#clock;
    const [pat, pmt] = [encodePat(), encodePmt(this.#hasSound)];
    return concat(this.#pat.packets(pat), this.#pmt.packets(pmt));
  }
}

function ptsOf({ time }: TsTimes): number {
  return Math.round((time + DELAY_MS) * TICKS_OF_MS);
}
