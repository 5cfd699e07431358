import type { LumaPlane } from "../luma_plane.ts";
import type { Coefficients } from "./coefficients.ts";
import { shortsAt } from "./kernel.ts";

/**
 * Returns the brightness of a frame at one eighth of its size, rounded up: a DC coefficient is eight
 * times the mean of its block (T.81 A.3.3).
 */
export function lumaPlane({ components: [luma] }: Coefficients): LumaPlane {
  const { across, down, visibleAcross: width, visibleDown: height, dcStep } = luma;
  const dc = shortsAt(luma.dc, across * down);
  const data = new Uint8Array(width * height);
  const step = dcStep / 8;
  for (let y = 0, to = 0; y < height; y++) {
    for (let at = y * across, end = at + width; at < end; at++) {
      const level = dc[at] * step + 128;
      data[to++] = level < 0 ? 0 : level > 255 ? 255 : level + 0.5;
    }
  }
  return { width, height, data };
}
