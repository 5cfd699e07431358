import type { Filter, Quality } from "../frame.ts";
import type { Coefficients, ComponentGrid } from "./coefficients.ts";
import { allocate, borrowing, bytesAt, encode, ENCODERS, place, shortsAt } from "./kernel.ts";
import { COEFFICIENT_FILTERS, type CoefficientFilter } from "./filters.ts";
import { concat } from "./concat.ts";
import type { Orientation } from "./exif.ts";
import { writeHeader } from "./header.ts";
import type { Segments } from "./segments.ts";
import { ijgTable } from "./quality.ts";
import { requantizeDc } from "./dc.ts";

const EOI = Uint8Array.of(0xff, 0xd9);

/** The same behind an empty comment: FFmpeg misses an EOI that follows data without any 0xFF. */
const COMMENTED_EOI = Uint8Array.of(0xff, 0xfe, 0, 2, ...EOI);

/** Binary places of the factors that the kernel multiplies with. */
const ONE = 2 ** 30;

/** Upper bounds of the bits that a block takes without its values, and that a value takes. */
const BLOCK_BITS = 20 + 3 * 11 + 4;
const VALUE_BITS = 26;

/** The kernel stops while there may be too little space for one more block. */
const SPARE = 512;

/** One component, ready to be encoded. */
export interface PlannedComponent {
  readonly source: ComponentGrid;
  readonly h: number;
  readonly v: number;
  /** Blocks in a row and rows. */
  readonly across: number;
  readonly down: number;
  /** In zigzag order. */
  readonly quantization: Uint16Array;
}

/** A rendition, ready to be encoded. */
export interface EncodingPlan {
  readonly width: number;
  readonly height: number;
  readonly components: readonly PlannedComponent[];
  readonly filter: CoefficientFilter;
}

/**
 * Which tables and which blocks a rendition has.
 *
 * Its tables are those of the Independent JPEG Group for its quality, but in no step finer than the
 * camera's: a finer one would take bytes and show nothing more.
 *
 * @param sourceTables The camera's own, by component, in zigzag order.
 */
export function planEncoding(
  { width, height, components }: Coefficients,
  sourceTables: readonly Uint16Array[],
  quality: Quality,
  filterName: Filter,
): EncodingPlan {
  const filter = COEFFICIENT_FILTERS[filterName];
  const kept = coloured(components, filter);
  const planned = kept.map((source, i) => {
    const quantization = quality === "source" ? sourceTables[i] ?? sourceTables[0] : coarser(
      ijgTable(quality, i === 0 ? "luminance" : "chrominance"),
      sourceTables[i] ?? sourceTables[0],
    );
    const { h, v, across, down, visibleAcross, visibleDown } = source;
    return kept.every((other) => other === kept[0])
      ? { source, h: 1, v: 1, across: visibleAcross, down: visibleDown, quantization }
      : { source, h, v, across, down, quantization };
  });
  if (!filter.mirrored) return { width, height, components: planned, filter };
  // What pads the last MCU would come first, so an MCU that the picture does not fill is left out.
  const most = Math.max(...planned.map(({ h }) => h));
  const whole = Math.max(1, Math.floor(width / (8 * most)));
  const trimmed = planned.map((component) => ({ ...component, across: whole * component.h }));
  return { width: Math.min(width, whole * 8 * most), height, components: trimmed, filter };
}

function coloured(
  components: Coefficients["components"],
  { colour }: CoefficientFilter,
): Coefficients["components"] {
  const [luma] = components;
  if (colour === "none") return [luma];
  // The filter leaves nothing of what stands here for colour.
  return colour === "added" && components.length === 1 ? [luma, luma, luma] : components;
}

function coarser(a: Uint16Array, b: Uint16Array): Uint16Array {
  return a.map((step, k) => Math.max(step, b[k]));
}

/**
 * Requantises, rounding halves away from zero, and Huffman-encodes with the standard tables.
 *
 * @param orientation What is written of it; see `writeHeader`.
 * @param app The source's segments; see `writeHeader`.
 */
export function encodeJpeg(
  plan: EncodingPlan,
  coefficients: Coefficients,
  orientation: Orientation,
  app: Segments["app"],
): Uint8Array<ArrayBuffer> {
  const header = writeHeader({ ...plan, orientation, app });
  return borrowing(() => {
    const data = encodeScan(plan, coefficients);
    const end = data.includes(0xff) ? EOI : COMMENTED_EOI;
    return concat(header, data, end);
  });
}

/** The entropy-coded data, in memory that is valid until the next allocation. */
function encodeScan(plan: EncodingPlan, { list, used }: Coefficients): Uint8Array {
  const [first] = plan.components;
  const fields = [first.across / first.h, first.down / first.v, plan.components.length];
  let blocks = 0;
  plan.components.forEach((component, i) => {
    fields.push(...componentFields(component, i, plan.filter));
    blocks += component.across * component.down;
  });
  const structure = place(...fields);
  // Twice, because every byte could be 0xFF and be followed by a stuffed zero.
  const capacity = 2 * Math.ceil((blocks * BLOCK_BITS + used * VALUE_BITS) / 8) + SPARE + 16;
  const out = allocate(capacity);
  const length = encode(structure, list, out, capacity);
  if (length === 0) throw new RangeError(`Cannot encode JPEG: more than ${capacity} bytes`);
  return bytesAt(out, length);
}

/** The kernel's PlanComponent. */
function componentFields(
  { source, h, v, across, quantization }: PlannedComponent,
  index: number,
  filter: CoefficientFilter,
): number[] {
  const dc = allocate(source.across * source.down * 2);
  shortsAt(dc, source.across * source.down)
    .set(requantizeDc(source, index, quantization[0], filter));
  const { dc: dcCodes, ac: acCodes } = ENCODERS[index === 0 ? 0 : 1];
  const scale: number[] = [];
  const sign: number[] = [];
  for (let k = 0; k < 64; k++) {
    const gain = filter.gain?.(index, k) ?? 1;
    scale.push(Math.ceil(Math.abs(gain) * source.quantization[k] / quantization[k] * ONE));
    sign.push(gain < 0 ? -1 : 0);
  }
  const hasAc = scale.some((factor, k) => k > 0 && factor > 0) ? 1 : 0;
  const order = filter.mirrored ? [across - 1, -1] : [0, 1];
  return [h, v, ...order, source.grid, dc, dcCodes, acCodes, hasAc, ...scale, ...sign];
}
