import { CorruptJpegError, UnsupportedJpegError } from "../../errors.ts";
import { allocateGrids, type Coefficients, type ComponentGrid } from "./coefficients.ts";
import {
  allocate,
  bytesAt,
  decode_scan,
  place,
  placeDecoder,
  shortsAt,
  unstuff,
  wordsAt,
} from "./kernel.ts";
import { MARKER } from "./marker.ts";
import { begins } from "./metadata.ts";
import { INTERVAL_FIELDS, placeIntervals } from "./restart_intervals.ts";
import type { FrameHeader, Scan, Segments } from "./segments.ts";

/** The first part of the name of a coding process, by the low bits of its SOF marker. */
const PROCESSES = ["baseline", "sequential", "progressive", "lossless"];

/** How far the kernel may read beyond the last byte: one block of the longest codes, and a word. */
const READ_AHEAD = 512;

/** How many restart markers damage may add to a scan. */
const SPARE_INTERVALS = 8;

/** Each block takes two bits at least; if less than this fraction arrived, a frame is refused. */
const LEAST_ARRIVED = 1 / 8;

/** What is wrong with the entropy-coded data of a frame; all zero for a sound one. */
export interface Damage {
  /** Codes missing from their table, and runs past the end of a block. */
  readonly faults: number;
  /** MCUs that did not arrive. */
  readonly missing: number;
  /** How many of those are at the end of a scan, whose data was cut off. */
  readonly cut: number;
}

/** A frame as `decodeCoefficients` reads it. */
export interface Decoded extends Coefficients {
  /** What is wrong with its data. */
  readonly damage: Damage;
}

/**
 * Huffman-decodes a baseline or extended sequential JPEG to its quantised coefficients.
 *
 * It reads damaged data as libjpeg does: a code missing from its table ends the block, the next
 * restart marker puts everything back in place, and blocks that did not arrive are flat.
 *
 * @throws {UnsupportedJpegError} It is another kind of JPEG; the message names it.
 * @throws {CorruptJpegError} A component without data or tables, or too little data for the picture.
 */
export function decodeCoefficients(jpeg: Uint8Array, { frame, scans, app }: Segments): Decoded {
  refuseUnsupported(frame, app);
  const bytes = scans.reduce((sum, { start, end }) => sum + end - start, 0);
  const parts = scans.flatMap(({ components }) => components);
  const shapes = frame.components.map(({ h, v }, i) => {
    const found = parts.filter(({ index }) => index === i);
    if (found.length !== 1) {
      throw new CorruptJpegError(`Cannot decode JPEG: component ${i} has ${found.length} scans`);
    }
    const { quantization } = found[0];
    if (!quantization) {
      throw new CorruptJpegError(`Cannot decode JPEG: component ${i} has no quantisation table`);
    }
    return frame.components.length === 1 ? { h: 1, v: 1, quantization } : { h, v, quantization };
  });
  const { width, height } = frame;
  refuseEmpty(width, height, shapes, bytes);
  const components = allocateGrids(width, height, shapes);
  const blocks = components.reduce((sum, { across, down }) => sum + across * down, 0);
  // Each entry takes two bits at least; 64 more are for a last block that turns out not to be there.
  const list = allocate((Math.min(bytes * 4, blocks * 63) + 64) * 4);
  let used = 0;
  const damage = { faults: 0, missing: 0, cut: 0 };
  for (const scan of scans) used = decodeScan(jpeg, scan, components, list, used, damage);
  return { width, height, components, list, used, damage };
}

function refuseUnsupported({ process, precision, components }: FrameHeader, app: Segments["app"]) {
  let kind: string | undefined;
  if (process > MARKER.SOF1) {
    const coding = process > MARKER.JPG
      ? "arithmetic"
      : process > MARKER.DHT
      ? "hierarchical"
      : "Huffman";
    kind = `${PROCESSES[process & 3]} ${coding} coding`;
  } else if (precision !== 8) {
    kind = `${precision} bits a sample`;
  } else if (components.length !== 1 && components.length !== 3) {
    kind = `${components.length} components`;
  } else if (components.length === 3) {
    const [first] = components;
    if (isRgb(components, app)) kind = "red, green and blue components";
    else if (components.some(({ h, v }) => h > first.h || v > first.v)) {
      kind = "brightness sampled less than colour";
    } else if (components.reduce((sum, { h, v }) => sum + h * v, 0) > 10) {
      kind = "more than 10 blocks in an MCU";
    }
  }
  if (kind) throw new UnsupportedJpegError(`Cannot transcode JPEG without pixels: ${kind}`);
}

/** Decides as decoders do: JFIF is YCbCr; else an Adobe segment decides, or the components' names. */
function isRgb(components: FrameHeader["components"], app: Segments["app"]): boolean {
  if (app.some(({ marker, payload }) => marker === MARKER.APP0 && begins(payload, "JFIF\0"))) {
    return false;
  }
  const adobe = app.find(({ marker, payload }) =>
    marker === MARKER.APP14 && payload.length >= 12 && begins(payload, "Adobe")
  );
  if (adobe) return adobe.payload[11] === 0;
  return components.map(({ id }) => String.fromCharCode(id)).join("") === "RGB";
}

/** Refuses a header that asks for far more memory than its data can fill. */
function refuseEmpty(
  width: number,
  height: number,
  shapes: readonly { h: number; v: number }[],
  bytes: number,
): void {
  const [{ h, v }] = shapes;
  const mcus = Math.ceil(width / (8 * h)) * Math.ceil(height / (8 * v));
  const blocks = mcus * shapes.reduce((sum, shape) => sum + shape.h * shape.v, 0);
  if (bytes * 8 < blocks * 2 * LEAST_ARRIVED) {
    throw new CorruptJpegError(`Cannot decode JPEG: ${width}x${height} pixels in ${bytes} bytes`);
  }
}

/** Decodes a scan and adds what is wrong with it to `damage`. Returns the new end of `list`. */
function decodeScan(
  jpeg: Uint8Array,
  scan: Scan,
  grids: readonly ComponentGrid[],
  list: number,
  used: number,
  damage: { -readonly [K in keyof Damage]: Damage[K] },
): number {
  const alone = scan.components.length === 1;
  const first = grids[scan.components[0].index];
  // A component alone in its scan comes block by block, without the padding (T.81 A.2.2).
  const across = alone ? first.visibleAcross : first.across / first.h;
  const down = alone ? first.visibleDown : first.down / first.v;
  const restart = scan.restartInterval || across * down;
  const { clean, intervals, count } = unstuffScan(jpeg, scan, Math.ceil(across * down / restart));
  const parts = scan.components.flatMap(({ index, dc, ac }) => {
    if (!dc || !ac) {
      throw new CorruptJpegError(`Cannot decode JPEG: component ${index} has no Huffman table`);
    }
    const { h, v, grid } = grids[index];
    return [alone ? 1 : h, alone ? 1 : v, grid, placeDecoder(dc, "dc"), placeDecoder(ac, "ac")];
  });
  const fields = [clean, intervals, count, restart, across, down, scan.components.length];
  const structure = place(...fields, ...[0, 0, 0], ...parts);
  const end = decode_scan(structure, list, used);
  const [faults, missing, cut] = wordsAt(structure, fields.length + 3).subarray(fields.length);
  damage.faults += faults;
  damage.missing += missing;
  damage.cut += cut;
  if (alone) fillPadding(first);
  return end;
}

/** Returns the scan's bytes without stuffing, and the place of each of its `expected` intervals. */
function unstuffScan(jpeg: Uint8Array, { start, end }: Scan, expected: number) {
  const length = end - start;
  const stuffed = allocate(length + 8);
  const clean = allocate(length + READ_AHEAD);
  const most = expected + SPARE_INTERVALS;
  const intervals = allocate((most + 1) * INTERVAL_FIELDS * 4);
  bytesAt(stuffed, length).set(jpeg.subarray(start, end));
  const found = unstuff(stuffed, length, clean, intervals, expected === 1 ? 1 : most);
  if (expected === 1) return { clean, intervals, count: 1 };
  const placed = placeIntervals(wordsAt(intervals, found * INTERVAL_FIELDS), expected);
  if (placed === null) return { clean, intervals, count: Math.min(found, expected) };
  // Too many for the arguments of `place`: an interval can be as short as one MCU.
  const inPlace = allocate(placed.length * 4);
  wordsAt(inPlace, placed.length).set(placed);
  return { clean, intervals: inPlace, count: expected };
}

/** Fills the blocks beyond the picture, which such a scan omits, with their neighbours' brightness. */
function fillPadding({ across, down, visibleAcross, visibleDown, grid, dc }: ComponentGrid): void {
  const counts = wordsAt(grid, 5)[4];
  const values = shortsAt(dc, across * down);
  const count = bytesAt(counts, across * down);
  for (let y = 0; y < down; y++) {
    for (let x = y < visibleDown ? visibleAcross : 0; x < across; x++) {
      const from = Math.min(y, visibleDown - 1) * across + Math.min(x, visibleAcross - 1);
      values[y * across + x] = values[from];
      count[y * across + x] = 0;
    }
  }
}
