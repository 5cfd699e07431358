import type { Orientation } from "./exif.ts";
import { stepsOf } from "./orientation.ts";
import type { Pixels } from "./pixels.ts";

/** Returns the picture as `orientation` shows it. */
export function turnPixels(from: Pixels, orientation: Orientation): Pixels {
  const { transposed, mirrored, upended } = stepsOf(orientation);
  const [width, height] = transposed ? [from.height, from.width] : [from.width, from.height];
  const source = new Uint32Array(from.data.buffer, from.data.byteOffset, from.width * from.height);
  const data = new Uint8ClampedArray(from.data.length);
  const turned = new Uint32Array(data.buffer);
  for (let y = 0, to = 0; y < height; y++) {
    const row = upended ? height - 1 - y : y;
    for (let x = 0; x < width; x++) {
      const column = mirrored ? width - 1 - x : x;
      turned[to++] = source[transposed ? column * from.width + row : row * from.width + column];
    }
  }
  return { width, height, data };
}
