import type { Filter, Quality } from "../rendition.ts";
import type { Coefficients, ComponentGrid } from "./coefficients.ts";
import { allocate, borrowing, bytesAt, encode, ENCODERS, place, shortsAt } from "./kernel.ts";
import { COEFFICIENT_FILTERS, type CoefficientFilter } from "./filters.ts";
import { concat } from "./concat.ts";
import type { Orientation } from "./exif.ts";
import { writeHeader } from "./header.ts";
import { MARKER, MARKER_PREFIX } from "./marker.ts";
import type { Segments } from "./segments.ts";
import { ijgTable } from "./quality.ts";
import { requantizeDc } from "./dc.ts";
import { stepsOf } from "./orientation.ts";
import {
  blockOrder,
  type ComponentShape,
  isNegated,
  type TurnablePlan,
  turnedPlace,
  turnPlan,
} from "./turn.ts";

const EOI = Uint8Array.of(MARKER_PREFIX, MARKER.EOI);

/** EOI after an empty comment: FFmpeg misses an EOI that follows data without any 0xFF. */
const COMMENTED_EOI = Uint8Array.of(MARKER_PREFIX, MARKER.COM, 0, 2, ...EOI);

/** A factor of 1 in the fixed-point format that the kernel multiplies with. */
const ONE = 2 ** 30;

/** The most bits that a block takes without its values. */
const BLOCK_BITS = 20 + 3 * 11 + 4;
/** The most bits that a value takes. */
const VALUE_BITS = 26;

/** The kernel stops when less space than this remains: one more block may not fit. */
const SPARE = 512;

/** The orientations of a frame as it is and of its mirror image. */
const UPRIGHT: Orientation = 1;
const MIRRORED: Orientation = 2;

/** One component, ready to be encoded. */
export interface PlannedComponent extends ComponentShape {
  /** The coefficients that it is made from. */
  readonly source: ComponentGrid;
}

/** A rendition, ready to be encoded. */
export interface EncodingPlan extends TurnablePlan<PlannedComponent> {
  /** The filter to apply. */
  readonly filter: CoefficientFilter;
}

/**
 * Decides which tables and which blocks a rendition has.
 *
 * Its tables are those of the Independent JPEG Group for its quality, but no step is finer than the
 * source's, which would add bytes but no detail.
 *
 * @param sourceTables The source's own, by component, in zigzag order.
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
  const plan = { width, height, components: planned, steps: stepsOf(UPRIGHT), filter };
  return filter.mirrored ? turnPlan(plan, MIRRORED) : plan;
}

function coloured(
  components: Coefficients["components"],
  { colour }: CoefficientFilter,
): Coefficients["components"] {
  const [luma] = components;
  if (colour === "none") return [luma];
  // The filter replaces the two components that stand here for colour.
  return colour === "added" && components.length === 1 ? [luma, luma, luma] : components;
}

function coarser(a: Uint16Array, b: Uint16Array): Uint16Array {
  return a.map((step, k) => Math.max(step, b[k]));
}

/**
 * Requantises, rounding halves away from zero, and Huffman-encodes with the standard tables.
 *
 * @param orientation Written as Exif; see {@linkcode writeHeader}.
 * @param app The source's segments; see {@linkcode writeHeader}.
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
    const end = data.includes(MARKER_PREFIX) ? EOI : COMMENTED_EOI;
    return concat(header, data, end);
  });
}

/** Returns the entropy-coded data, in memory that is valid until the next allocation. */
function encodeScan(plan: EncodingPlan, { list, used }: Coefficients): Uint8Array {
  const [first] = plan.components;
  const { transposed } = plan.steps;
  const mcus = [first.across / first.h, first.down / first.v];
  const fields = [...mcus, transposed ? 1 : 0, plan.components.length];
  let blocks = 0;
  plan.components.forEach((component, i) => {
    fields.push(...componentFields(component, i, plan));
    blocks += component.across * component.down;
  });
  const structure = place(...fields);
  // Twice, because a stuffed zero follows each 0xFF, and every byte could be one.
  const capacity = 2 * Math.ceil((blocks * BLOCK_BITS + used * VALUE_BITS) / 8) + SPARE + 16;
  const out = allocate(capacity);
  const length = encode(structure, list, out, capacity);
  if (length === 0) throw new RangeError(`Cannot encode JPEG: more than ${capacity} bytes`);
  return bytesAt(out, length);
}

/** Returns the fields of the kernel's PlanComponent. */
function componentFields(
  component: PlannedComponent,
  index: number,
  { filter, steps }: EncodingPlan,
): number[] {
  const { source, h, v, quantization } = component;
  const dc = allocate(source.across * source.down * 2);
  shortsAt(dc, source.across * source.down)
    .set(requantizeDc(source, index, quantization[0], filter));
  const { dc: dcCodes, ac: acCodes } = ENCODERS[index === 0 ? 0 : 1];
  const scale: number[] = [];
  const sign: number[] = [];
  const position: number[] = [];
  for (let k = 0; k < 64; k++) {
    const gain = filter.gain?.(index, k) ?? 1;
    position.push(turnedPlace(k, steps));
    scale.push(
      Math.ceil(Math.abs(gain) * source.quantization[k] / quantization[position[k]] * ONE),
    );
    sign.push((gain < 0) !== isNegated(k, steps) ? -1 : 0);
  }
  const hasAc = scale.some((factor, k) => k > 0 && factor > 0) ? 1 : 0;
  const order = blockOrder(component, source.across, steps);
  return [
    ...[h, v, ...order, source.grid, dc, dcCodes, acCodes, hasAc],
    ...[...scale, ...sign, ...position],
  ];
}
