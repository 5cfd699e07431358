import { TIME_MODULUS } from "./pes.ts";

/** Length of every packet. Bytes. */
export const PACKET_BYTES = 188;

const HEAD_BYTES = 4;
const SYNC = 0x47;
const UNIT_START = 0x40;
const HAS_ADAPTATION = 0x20;
const HAS_PAYLOAD = 0x10;
const RANDOM_ACCESS = 0x40;
const HAS_PCR = 0x10;
const PCR_BYTES = 6;

/** What the first packet of a unit says of it. */
export interface UnitStart {
  /** The clock by which a receiver sets its own, in 1/90,000 s. */
  readonly clock?: number;
  /** Whether a decoder may begin here. */
  readonly isKey?: boolean;
}

/** Cuts the units of one part of a transport stream into packets (ISO/IEC 13818-1 section 2.4.3.2). */
export class Packetizer {
  readonly #pid: number;
  /** Counts the packets with a payload. */
  #counter = 15;

  /** Begins with the first packet of a PID. */
  constructor(pid: number) {
    this.#pid = pid;
  }

  /** Returns the packets of a PES packet or a section, of which the last one is filled up. */
  packets(unit: Uint8Array, { clock, isKey = false }: UnitStart = {}): Uint8Array<ArrayBuffer> {
    const first = adaptationOf(clock, isKey);
    const room = PACKET_BYTES - HEAD_BYTES;
    const count = Math.ceil((unit.length + first.length) / room);
    const bytes = new Uint8Array(count * PACKET_BYTES).fill(0xff);
    let sent = 0;
    for (let at = 0; at < bytes.length; at += PACKET_BYTES) {
      const given = at === 0 ? first : [];
      const payload = Math.min(unit.length - sent, room - given.length);
      const adaptation = filled(given, room - payload);
      const flags = (adaptation.length > 0 ? HAS_ADAPTATION : 0) | HAS_PAYLOAD;
      this.#counter = this.#counter + 1 & 15;
      bytes.set(this.#head(at === 0, flags), at);
      bytes.set(adaptation, at + HEAD_BYTES);
      bytes.set(unit.subarray(sent, sent + payload), at + PACKET_BYTES - payload);
      sent += payload;
    }
    return bytes;
  }

  /** Returns a packet with the clock alone. */
  clock(clock: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(PACKET_BYTES).fill(0xff);
    bytes.set(this.#head(false, HAS_ADAPTATION));
    bytes.set(filled(adaptationOf(clock, false), PACKET_BYTES - HEAD_BYTES), HEAD_BYTES);
    return bytes;
  }

  #head(isStart: boolean, flags: number): number[] {
    const start = isStart ? UNIT_START : 0;
    return [SYNC, start | this.#pid >> 8, this.#pid & 0xff, flags | this.#counter];
  }
}

/** Returns the adaptation field without its stuffing; empty if there is nothing to say. */
function adaptationOf(clock: number | undefined, isKey: boolean): number[] {
  if (clock === undefined && !isKey) return [];
  const pcr = clock === undefined ? [] : pcrOf(clock % TIME_MODULUS);
  const flags = (isKey ? RANDOM_ACCESS : 0) | (clock === undefined ? 0 : HAS_PCR);
  return [1 + pcr.length, flags, ...pcr];
}

/** Returns the field with stuffing up to a length. */
function filled(adaptation: readonly number[], length: number): number[] {
  if (length === adaptation.length) return [...adaptation];
  if (length === 1) return [0];
  const [, flags = 0, ...rest] = adaptation;
  const stuffing = new Array(length - 2 - rest.length).fill(0xff);
  return [length - 1, flags, ...rest, ...stuffing];
}

function pcrOf(clock: number): number[] {
  const bytes = [2 ** 25, 2 ** 17, 2 ** 9, 2].map((unit) => Math.floor(clock / unit) & 0xff);
  const reserved = 0x7e;
  return [...bytes, (clock & 1) << 7 | reserved, 0].slice(0, PCR_BYTES);
}
