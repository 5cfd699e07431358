import { allocate, bytesAt, halve, place, shortsAt } from "./kernel.ts";
import { NATURAL_ORDER } from "./quality.ts";

/** One component's quantised coefficients, in the kernel's memory. */
export interface ComponentGrid {
  /** Horizontal sampling factor. */
  readonly h: number;
  /** Vertical sampling factor. */
  readonly v: number;
  /** The largest horizontal factor of any component: there, a sample is one pixel wide. */
  readonly hMost: number;
  /** The largest vertical factor of any component: there, a sample is one pixel high. */
  readonly vMost: number;
  /** Blocks in a row, padded to whole MCUs. */
  readonly across: number;
  /** Rows of blocks, padded to whole MCUs. */
  readonly down: number;
  /** Blocks in a row that show part of the picture. */
  readonly visibleAcross: number;
  /** Rows of blocks that show part of the picture. */
  readonly visibleDown: number;
  /** The steps of the values, in zigzag order. */
  readonly quantization: Uint16Array;
  /** The step of the DC values: `quantization[0]` as long as they are the source's. */
  readonly dcStep: number;
  /** Pointer to the kernel's Grid structure. */
  readonly grid: number;
  /** Pointer to its DC values. */
  readonly dc: number;
}

/** A picture as quantised DCT coefficients: 1 component (brightness) or 3 (Y, Cb, Cr). */
export interface Coefficients {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Brightness first. */
  readonly components: readonly ComponentGrid[];
  /** Pointer to the nonzero AC values of all blocks. */
  readonly list: number;
  /** The number of values in `list`. */
  readonly used: number;
}

/** What decides the layout of a component's grid. */
export interface GridShape {
  /** Horizontal sampling factor. */
  readonly h: number;
  /** Vertical sampling factor. */
  readonly v: number;
  /** In zigzag order. */
  readonly quantization: Uint16Array;
}

/** Allocates empty grids for a picture of that size. */
export function allocateGrids(
  width: number,
  height: number,
  shapes: readonly GridShape[],
): ComponentGrid[] {
  const hMost = Math.max(...shapes.map(({ h }) => h));
  const vMost = Math.max(...shapes.map(({ v }) => v));
  return shapes.map(({ h, v, quantization }) => {
    const across = Math.ceil(width / (8 * hMost)) * h;
    const down = Math.ceil(height / (8 * vMost)) * v;
    const blocks = across * down;
    const dc = allocate(blocks * 2);
    const grid = place(across, down, dc, allocate(blocks * 4), allocate(blocks));
    const visibleAcross = Math.ceil(Math.ceil(width * h / hMost) / 8);
    const visibleDown = Math.ceil(Math.ceil(height * v / vMost) / 8);
    return {
      ...{ h, v, hMost, vMost, across, down, visibleAcross, visibleDown },
      ...{ quantization, dcStep: quantization[0], grid, dc },
    };
  });
}

/**
 * Returns the picture at half its width and height (rounded up), made from the low-frequency corners
 * of each four blocks. Its steps are 1, so that it is quantised only when it is encoded.
 */
export function halveCoefficients(from: Coefficients): Coefficients {
  const width = Math.ceil(from.width / 2);
  const height = Math.ceil(from.height / 2);
  const ones = new Uint16Array(64).fill(1);
  const shapes = from.components.map(({ h, v }) => ({ h, v, quantization: ones }));
  const components = allocateGrids(width, height, shapes);
  const blocks = components.reduce((sum, { across, down }) => sum + across * down, 0);
  const natural = allocate(64);
  bytesAt(natural, 64).set(NATURAL_ORDER);
  const quantization = allocate(128);
  const dcs = from.components.map(({ across, down }) => allocate(across * down * 2));
  const halves = components.map((component, i) =>
    place(from.components[i].grid, dcs[i], quantization, natural, component.grid)
  );
  const list = allocate((blocks * 63 + 1) * 4);
  let used = 0;
  from.components.forEach((component, i) => {
    shortsAt(quantization, 64).set(component.quantization);
    shortsAt(dcs[i], component.across * component.down).set(dequantizedDc(component));
    used = halve(halves[i], from.list, list, used);
  });
  return { width, height, components, list, used };
}

/** Returns the picture with `levels` (of 255) added to the brightness of the blocks that are 1. */
export function brightenBlocks(
  from: Coefficients,
  blocks: Uint8Array,
  levels: number,
): Coefficients {
  const [luma, ...chroma] = from.components;
  const { across, down, visibleAcross, visibleDown } = luma;
  const dc = allocate(across * down * 2);
  const values = dequantizedDc(luma);
  for (let y = 0, i = 0; y < visibleDown; y++) {
    for (let x = 0; x < visibleAcross; x++, i++) values[y * across + x] += 8 * levels * blocks[i];
  }
  shortsAt(dc, across * down).set(values);
  return { ...from, components: [{ ...luma, dc, dcStep: 1 }, ...chroma] };
}

/** Returns a component's DC coefficients in steps of 1: eight times a block's mean, from mid-grey. */
function dequantizedDc({ dc, dcStep, across, down }: ComponentGrid): Int16Array {
  return shortsAt(dc, across * down).map((value) => value * dcStep);
}
