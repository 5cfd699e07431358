/** Start codes, by their first four bytes: main header, stream header, syncpoint, index, info. */
const MAIN = 0x4e4d7a56;
const OTHERS: ReadonlySet<number> = new Set([0x4e531140, 0x4e4be4ad, 0x4e58dd67, 0x4e49ab68]);

const FILE_ID = new TextEncoder().encode("nut/multimedia container\0");

/** Longest packet that is accepted; longer ones are not sound of one stream. Bytes. */
const MAX_PACKET_BYTES = 1 << 16;

/** Flags of a frame. */
const CODED_PTS = 1 << 3;
const STREAM_ID = 1 << 4;
const SIZE_MSB = 1 << 5;
const CHECKSUM = 1 << 6;
const RESERVED = 1 << 7;
const SIDE_DATA = 1 << 8;
const HEADER_INDEX = 1 << 10;
const MATCH_TIME = 1 << 11;
const CODED = 1 << 12;
const INVALID = 1 << 13;

/** What one frame code stands for. */
interface FrameCode {
  readonly flags: number;
  readonly sizeFactor: number;
  readonly sizeRest: number;
  readonly reserved: number;
  readonly header: number;
}

/**
 * Splits what ffmpeg writes with `-f nut` into the packets of its only stream.
 *
 * NUT (https://ffmpeg.org/nut.html) is what reaches a pipe soonest: ffmpeg holds each packet of an Ogg file back
 * until the next one.
 */
export class NutReader {
  #rest: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #hasBegun = false;
  #codes: readonly FrameCode[] | null = null;
  #headers: readonly Uint8Array<ArrayBuffer>[] = [];

  /**
   * Takes the next bytes, cut anywhere.
   *
   * @returns The packets that are complete now.
   * @throws {RangeError} They are not NUT, or more than one stream. The reader cannot be used any more.
   */
  push(chunk: Uint8Array): Uint8Array<ArrayBuffer>[] {
    const bytes = new Uint8Array(this.#rest.length + chunk.length);
    bytes.set(this.#rest);
    bytes.set(chunk, this.#rest.length);
    const packets: Uint8Array<ArrayBuffer>[] = [];
    let end = 0;
    for (;;) {
      const cursor = new Cursor(bytes, end);
      const packet = this.#next(cursor);
      if (cursor.isShort) break;
      if (packet) packets.push(packet);
      end = cursor.place;
    }
    this.#rest = bytes.slice(end);
    if (this.#rest.length > 2 * MAX_PACKET_BYTES) throw new RangeError("A NUT packet is too long");
    return packets;
  }

  /** Reads one element; its result counts only if the cursor did not run short. */
  #next(cursor: Cursor): Uint8Array<ArrayBuffer> | null {
    if (!this.#hasBegun) {
      const id = cursor.bytes(FILE_ID.length);
      if (cursor.isShort) return null;
      if (id.some((byte, i) => byte !== FILE_ID[i])) throw new RangeError("This is not NUT");
      this.#hasBegun = true;
      return null;
    }
    const code = cursor.byte();
    if (cursor.isShort) return null;
    if (code === 0x4e) {
      this.#readPart(cursor);
      return null;
    }
    return this.#readFrame(cursor, code);
  }

  /** Reads a header or the like; the `N` before it was read. */
  #readPart(cursor: Cursor): void {
    const start = 0x4e000000 + (cursor.byte() << 16) + (cursor.byte() << 8) + cursor.byte();
    cursor.bytes(4);
    const size = cursor.number();
    if (cursor.isShort) return;
    if (start !== MAIN && !OTHERS.has(start)) throw new RangeError("Unknown start code in NUT");
    if (size > MAX_PACKET_BYTES) throw new RangeError("A NUT header is too long");
    if (size > 4096) cursor.bytes(4);
    const part = cursor.bytes(size);
    if (start === MAIN && !cursor.isShort) this.#readMainHeader(new Cursor(part, 0));
  }

  #readMainHeader(cursor: Cursor): void {
    if (cursor.number() > 3) cursor.number();
    if (cursor.number() !== 1) throw new RangeError("NUT has more than one stream");
    cursor.number();
    for (let bases = cursor.number(); bases > 0 && !cursor.isShort; bases--) {
      cursor.number();
      cursor.number();
    }
    const codes = readFrameCodes(cursor);
    const headers: Uint8Array<ArrayBuffer>[] = [new Uint8Array(0)];
    for (let count = cursor.number(); count > 0 && !cursor.isShort; count--) {
      headers.push(cursor.bytes(cursor.number()));
    }
    if (cursor.isShort) throw new RangeError("A NUT header ends early");
    this.#codes = codes;
    this.#headers = headers;
  }

  #readFrame(cursor: Cursor, code: number): Uint8Array<ArrayBuffer> | null {
    const frame = this.#codes?.[code];
    if (!frame) throw new RangeError("A NUT frame comes before its header");
    let { flags, sizeRest: size, header: index, reserved } = frame;
    if (flags & CODED) flags ^= cursor.number();
    if (flags & INVALID) throw new RangeError("Invalid NUT frame");
    if ((flags & STREAM_ID) && cursor.number() !== 0) throw new RangeError("Unknown NUT stream");
    if (flags & CODED_PTS) cursor.number();
    if (flags & SIZE_MSB) size += frame.sizeFactor * cursor.number();
    if (flags & MATCH_TIME) cursor.number();
    if (flags & HEADER_INDEX) index = cursor.number();
    if (flags & RESERVED) reserved = cursor.number();
    for (; reserved > 0 && !cursor.isShort; reserved--) cursor.number();
    if (flags & CHECKSUM) cursor.bytes(4);
    if (cursor.isShort) return null;
    if (flags & SIDE_DATA) throw new RangeError("NUT side data are not supported");
    const header = this.#headers[index];
    if (!header || size < header.length || size > MAX_PACKET_BYTES) {
      throw new RangeError("Invalid NUT frame");
    }
    const body = cursor.bytes(size - header.length);
    const packet = new Uint8Array(size);
    packet.set(header);
    packet.set(body, header.length);
    return packet;
  }
}

/** Reads the table that says what each of the 256 first bytes of a frame stands for. */
function readFrameCodes(cursor: Cursor): FrameCode[] {
  const codes: FrameCode[] = [];
  let sizeFactor = 1;
  let header = 0;
  while (codes.length < 256) {
    const flags = cursor.number();
    const fields = cursor.number();
    const field = (place: number, otherwise: () => number) =>
      fields > place ? cursor.number() : otherwise();
    field(0, () => 0);
    sizeFactor = field(1, () => sizeFactor);
    field(2, () => 0);
    const sizeRest = field(3, () => 0);
    const reserved = field(4, () => 0);
    let count = field(5, () => sizeFactor - sizeRest);
    field(6, () => 0);
    header = field(7, () => header);
    for (let more = fields - 8; more > 0 && !cursor.isShort; more--) cursor.number();
    if (cursor.isShort || count < 1) throw new RangeError("Invalid NUT header");
    for (let i = 0; count > 0 && codes.length < 256; i++, count--) {
      // This byte begins start codes.
      if (codes.length === 0x4e) {
        codes.push({ flags: INVALID, sizeFactor, sizeRest, reserved, header });
      }
      if (codes.length < 256) {
        codes.push({ flags, sizeFactor, sizeRest: sizeRest + i, reserved, header });
      }
    }
  }
  return codes;
}

/** Reads from bytes that may end too early. */
class Cursor {
  /** Whether more was read than there is; everything read since is meaningless. */
  isShort = false;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  #place: number;

  constructor(bytes: Uint8Array<ArrayBuffer>, place: number) {
    this.#bytes = bytes;
    this.#place = place;
  }

  get place(): number {
    return this.#place;
  }

  byte(): number {
    if (this.#place >= this.#bytes.length) this.isShort = true;
    return this.isShort ? 0 : this.#bytes[this.#place++];
  }

  /** Reads a number of seven bits a byte. */
  number(): number {
    let value = 0;
    for (let length = 0; length < 8; length++) {
      const byte = this.byte();
      value = value * 128 + (byte & 127);
      if (byte < 128) return value;
    }
    throw new RangeError("A NUT number is too long");
  }

  /** Reads bytes, as a view. */
  bytes(count: number): Uint8Array<ArrayBuffer> {
    if (this.#place + count > this.#bytes.length) this.isShort = true;
    if (this.isShort) return new Uint8Array(0);
    return this.#bytes.subarray(this.#place, this.#place += count);
  }
}
