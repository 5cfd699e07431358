import { CorruptJpegError } from "../../errors.ts";
import { isFrameHeader, MARKER, MARKER_PREFIX, startsWithSoi } from "./marker.ts";
import { type AppSegment, Metadata } from "./metadata.ts";
import { endOfScan } from "./scan_end.ts";
import { frameSize, MAX_PIXELS } from "./size.ts";

/** One component in a frame header (T.81 B.2.2). */
export interface FrameComponent {
  /** The number by which scans refer to it. */
  readonly id: number;
  /** Horizontal sampling factor, 1..4. */
  readonly h: number;
  /** Vertical sampling factor, 1..4. */
  readonly v: number;
  /** The quantisation table it uses, 0..3. */
  readonly tq: number;
}

/** A frame header (T.81 B.2.2). */
export interface FrameHeader {
  /** The SOF marker: 0xC0 baseline, 0xC1 extended sequential, 0xC2 progressive ... */
  readonly process: number;
  /** Bits a sample. */
  readonly precision: number;
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** In the order of the header. */
  readonly components: readonly FrameComponent[];
}

/** A Huffman table as DHT defines it (T.81 B.2.4.2). */
export interface HuffmanSpec {
  /** The number of codes of 1..16 bits, at index 0..15. */
  readonly counts: Uint8Array;
  /** The symbols, in the order of their codes. */
  readonly symbols: Uint8Array;
}

/** One scan, with the tables in force at its SOS. */
export interface Scan {
  /** The components that it carries. */
  readonly components: readonly {
    /** Index in the frame header's components. */
    readonly index: number;
    readonly dc: HuffmanSpec | undefined;
    readonly ac: HuffmanSpec | undefined;
    /** 64 quantisation steps in zigzag order. */
    readonly quantization: Uint16Array | undefined;
  }[];
  /** MCUs between restart markers, or 0. */
  readonly restartInterval: number;
  /** Where its entropy-coded data starts. */
  readonly start: number;
  /** Where its data ends: at the first marker other than RST, or the end of the JPEG. */
  readonly end: number;
}

/** Everything that the marker segments of a JPEG say. */
export interface Segments {
  /** The only frame header. */
  readonly frame: FrameHeader;
  /** At least one. */
  readonly scans: readonly Scan[];
  /** The APPn segments that renditions need, in order; see {@linkcode Metadata}. */
  readonly app: readonly AppSegment[];
}

/** No encoder makes more scans; each of a progressive JPEG costs a pass over all blocks. */
const MAX_SCANS = 100;

/**
 * Reads every marker segment of a JPEG (T.81 annex B) of any coding process. It skips Huffman-coded
 * data and whatever follows EOI. A missing EOI is no error, nor is anything other than a marker
 * segment after a scan.
 *
 * @param standard Tables for frames without any, which many cameras send.
 * @throws {CorruptJpegError} A segment contradicts itself or runs past the end, there is no picture, or
 * it has more pixels or scans than any camera sends.
 */
export function readSegments(
  jpeg: Uint8Array,
  standard: ReadonlyMap<number, HuffmanSpec>,
): Segments {
  if (jpeg.length < 4 || !startsWithSoi(jpeg)) {
    throw new CorruptJpegError("Cannot read JPEG: no SOI marker at its start");
  }
  const quantization: (Uint16Array | undefined)[] = [];
  const huffman = new Map(standard);
  const metadata = new Metadata();
  const scans: Scan[] = [];
  let frame: FrameHeader | undefined;
  let restartInterval = 0;
  let position = 2;
  while (position < jpeg.length) {
    if (jpeg[position] !== MARKER_PREFIX) {
      if (scans.length > 0) break;
      throw new CorruptJpegError(`Cannot read JPEG: no marker at byte ${position}`);
    }
    // Any number of fill bytes may precede a marker (T.81 B.1.1.2).
    while (jpeg[position] === MARKER_PREFIX) position++;
    const marker = jpeg[position++];
    if (marker === MARKER.EOI || marker === undefined) break;
    const length = jpeg[position] << 8 | jpeg[position + 1];
    if (position + 2 > jpeg.length || length < 2 || position + length > jpeg.length) {
      if (scans.length > 0) break;
      throw new CorruptJpegError(`Cannot read JPEG: marker ${hex(marker)} runs past the end`);
    }
    const payload = jpeg.subarray(position + 2, position + length);
    position += length;
    if (marker === MARKER.DQT) {
      readQuantization(payload, quantization);
    } else if (marker === MARKER.DHT) {
      readHuffman(payload, huffman);
    } else if (marker === MARKER.DRI) {
      if (payload.length !== 2) {
        throw new CorruptJpegError("Cannot read JPEG: DRI has a wrong size");
      }
      restartInterval = payload[0] << 8 | payload[1];
    } else if (isFrameHeader(marker)) {
      if (frame) throw new CorruptJpegError("Cannot read JPEG: two frame headers");
      frame = readFrameHeader(marker, payload);
    } else if (marker === MARKER.SOS) {
      if (!frame) throw new CorruptJpegError("Cannot read JPEG: SOS before a frame header");
      if (scans.length === MAX_SCANS) {
        throw new CorruptJpegError("Cannot read JPEG: too many scans");
      }
      const found = endOfScan(jpeg, position);
      const end = found + 1 < jpeg.length ? found : jpeg.length;
      const components = readScanComponents(payload, frame, huffman, quantization);
      scans.push({ components, restartInterval, start: position, end });
      position = end;
    } else if (marker >= MARKER.APP0 && marker <= MARKER.APP15) {
      metadata.add({ marker, payload });
    }
  }
  if (!frame || scans.length === 0) {
    throw new CorruptJpegError("Cannot read JPEG: no picture in it");
  }
  return { frame, scans, app: metadata.segments };
}

function readFrameHeader(process: number, payload: Uint8Array): FrameHeader {
  const count = payload[5];
  if (payload.length < 6 || count === 0 || payload.length !== 6 + 3 * count) {
    throw new CorruptJpegError("Cannot read JPEG: its frame header has a wrong size");
  }
  const { width, height } = frameSize(payload);
  // A height of 0 means that DNL follows the first scan, which no camera sends and few decoders read.
  if (width === 0 || height === 0 || width * height > MAX_PIXELS) {
    throw new CorruptJpegError(`Cannot read JPEG: impossible size ${width}x${height}`);
  }
  const components: FrameComponent[] = [];
  for (let i = 6; i < payload.length; i += 3) {
    const component = {
      id: payload[i],
      h: payload[i + 1] >> 4,
      v: payload[i + 1] & 15,
      tq: payload[i + 2],
    };
    const { id, h, v, tq } = component;
    if (h < 1 || h > 4 || v < 1 || v > 4 || tq > 3 || components.some((other) => other.id === id)) {
      throw new CorruptJpegError(`Cannot read JPEG: component ${id} contradicts the standard`);
    }
    components.push(component);
  }
  return { process, precision: payload[0], width, height, components };
}

function readQuantization(payload: Uint8Array, tables: (Uint16Array | undefined)[]): void {
  for (let at = 0; at < payload.length;) {
    const wide = payload[at] >> 4;
    const id = payload[at] & 15;
    const size = wide ? 128 : 64;
    if (wide > 1 || id > 3 || at + 1 + size > payload.length) {
      throw new CorruptJpegError("Cannot read JPEG: a quantisation table contradicts the standard");
    }
    const table = new Uint16Array(64);
    for (let k = 0, from = at + 1; k < 64; k++) {
      table[k] = wide ? payload[from++] << 8 | payload[from++] : payload[from++];
      if (table[k] === 0) {
        throw new CorruptJpegError("Cannot read JPEG: a quantisation step of zero");
      }
    }
    tables[id] = table;
    at += 1 + size;
  }
}

/** A symbol is a byte, and no table has two codes for one (T.81 B.2.4.2). */
const MAX_CODES = 256;

/** Adds the tables of a DHT segment's payload under the key `class << 4 | destination`. */
export function readHuffman(payload: Uint8Array, tables: Map<number, HuffmanSpec>): void {
  for (let at = 0; at < payload.length;) {
    const key = payload[at];
    const counts = payload.slice(at + 1, at + 17);
    // Codes must fit into their lengths (T.81 annex C): `free` is what is left of the code space.
    let free = 1;
    let total = 0;
    for (const count of counts) {
      free = free * 2 - count;
      total += count;
      if (free < 0) break;
    }
    const symbols = payload.slice(at + 17, at + 17 + total);
    const isPossible = free >= 0 && total <= MAX_CODES;
    if ((key & 0xef) > 3 || counts.length < 16 || !isPossible || symbols.length < total) {
      throw new CorruptJpegError("Cannot read JPEG: a Huffman table contradicts the standard");
    }
    tables.set(key, { counts, symbols });
    at += 17 + total;
  }
}

function readScanComponents(
  payload: Uint8Array,
  frame: FrameHeader,
  huffman: ReadonlyMap<number, HuffmanSpec>,
  quantization: readonly (Uint16Array | undefined)[],
): Scan["components"] {
  const count = payload[0];
  if (payload.length !== 4 + 2 * count || count < 1 || count > 4) {
    throw new CorruptJpegError("Cannot read JPEG: SOS has a wrong size");
  }
  const components: Scan["components"][number][] = [];
  for (let i = 0; i < count; i++) {
    const index = frame.components.findIndex(({ id }) => id === payload[1 + 2 * i]);
    if (index < 0 || components.some((other) => other.index === index)) {
      throw new CorruptJpegError("Cannot read JPEG: SOS names a component that is not there");
    }
    const tables = payload[2 + 2 * i];
    components.push({
      index,
      dc: huffman.get(tables >> 4),
      ac: huffman.get(0x10 | tables & 15),
      quantization: quantization[frame.components[index].tq],
    });
  }
  return components;
}

function hex(marker: number): string {
  return `0xFF${marker.toString(16).toUpperCase().padStart(2, "0")}`;
}
