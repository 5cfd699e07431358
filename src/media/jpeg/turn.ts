import type { Orientation } from "./exif.ts";
import { MARKER } from "./marker.ts";
import { begins } from "./metadata.ts";
import { type OrientationSteps, stepsOf } from "./orientation.ts";
import { NATURAL_ORDER } from "./quality.ts";
import type { Segments } from "./segments.ts";

/** The shape of a component that will be encoded. */
export interface ComponentShape {
  /** Horizontal sampling factor. */
  readonly h: number;
  /** Vertical sampling factor. */
  readonly v: number;
  /** Blocks in a row. */
  readonly across: number;
  /** Rows of blocks. */
  readonly down: number;
  /** The quantisation steps, in zigzag order. */
  readonly quantization: Uint16Array;
}

/** The part of an encoding plan that turning changes. */
export interface TurnablePlan<C extends ComponentShape> {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** The components to encode. */
  readonly components: readonly C[];
  /** How the source's blocks and coefficients get to their places. */
  readonly steps: OrientationSteps;
}

/** The place in zigzag order to which transposing a block moves each coefficient. */
const TRANSPOSED: Uint8Array = NATURAL_ORDER.map((place) =>
  NATURAL_ORDER.indexOf((place & 7) << 3 | place >> 3)
);

/**
 * Returns a plan that encodes the very same coefficients as `orientation` shows them.
 *
 * Only whole MCUs can change sides. If the last column or row of MCUs would come first and the picture
 * does not fill it, it is dropped, as by `jpegtran -trim` (at most 15 pixels of 4:2:0).
 */
export function turnPlan<C extends ComponentShape, P extends TurnablePlan<C>>(
  plan: P & TurnablePlan<C>,
  orientation: Orientation,
): P {
  const steps = stepsOf(orientation);
  const { columns, rows } = reversedAxes(steps);
  const mcuWidth = 8 * Math.max(...plan.components.map(({ h }) => h));
  const mcuHeight = 8 * Math.max(...plan.components.map(({ v }) => v));
  const width = columns ? wholeMcus(plan.width, mcuWidth) : plan.width;
  const height = rows ? wholeMcus(plan.height, mcuHeight) : plan.height;
  const components = plan.components.map((component) => {
    const { h, v, across, down, quantization } = component;
    const kept = {
      across: columns ? Math.ceil(width / mcuWidth) * h : across,
      down: rows ? Math.ceil(height / mcuHeight) * v : down,
    };
    return !steps.transposed ? { ...component, ...kept } : {
      ...component,
      ...{ h: v, v: h, across: kept.down, down: kept.across },
      quantization: quantization.map((_, k) => quantization[TRANSPOSED[k]]),
    };
  });
  const size = steps.transposed ? { width: height, height: width } : { width, height };
  return { ...plan, ...size, components, steps };
}

/** Returns a side's length cut to whole MCUs of `size` pixels; uncut if it has not even one. */
function wholeMcus(length: number, size: number): number {
  return length < size ? length : length - length % size;
}

/** Returns which axes of the source are read from their far end. */
function reversedAxes({ transposed, mirrored, upended }: OrientationSteps) {
  return transposed ? { columns: upended, rows: mirrored } : { columns: mirrored, rows: upended };
}

/**
 * Returns where in the source a component's first block is, and the distances from there to the one
 * beside it and the one below it.
 *
 * @param shape The component as it will be encoded.
 * @param stride Blocks in a row of the source.
 */
export function blockOrder(
  { across, down }: ComponentShape,
  stride: number,
  steps: OrientationSteps,
): readonly [origin: number, stepX: number, stepY: number] {
  const { columns, rows } = reversedAxes(steps);
  const [lastColumn, lastRow] = steps.transposed ? [down - 1, across - 1] : [across - 1, down - 1];
  const column = columns ? -1 : 1;
  const row = rows ? -stride : stride;
  const origin = (columns ? lastColumn : 0) + (rows ? lastRow * stride : 0);
  return steps.transposed ? [origin, row, column] : [origin, column, row];
}

/** Returns the place in zigzag order to which the coefficient at place `k` goes. */
export function turnedPlace(k: number, { transposed }: OrientationSteps): number {
  return transposed ? TRANSPOSED[k] : k;
}

/** Returns whether the coefficient at place `k` of the source's zigzag order changes its sign. */
export function isNegated(k: number, steps: OrientationSteps): boolean {
  const { columns, rows } = reversedAxes(steps);
  const place = NATURAL_ORDER[k];
  // A cosine of odd frequency changes its sign when it is mirrored.
  return (((columns ? place : 0) ^ (rows ? place >> 3 : 0)) & 1) === 1;
}

/**
 * Returns the segments of a frame after turning: the pixel densities of JFIF change places with the
 * sides that they describe.
 */
export function turnMetadata(app: Segments["app"], orientation: Orientation): Segments["app"] {
  if (!stepsOf(orientation).transposed) return app;
  return app.map((segment) => {
    const { marker, payload } = segment;
    const hasDensity = marker === MARKER.APP0 && payload.length >= 12 && begins(payload, "JFIF\0");
    if (!hasDensity) return segment;
    const turned = payload.slice();
    turned.set(payload.subarray(10, 12), 8);
    turned.set(payload.subarray(8, 10), 10);
    return { marker, payload: turned };
  });
}
