import { drawCard, nameOf } from "./card.ts";

export interface OffAirOptions {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** The stream's title. */
  readonly title: string;
}

/** The pages' own colours, of static/css/base.css in the dark. */
const LOOK = { top: "#181a2c", bottom: "#0b0d13", accent: "#8b7bff", glow: "#6f5cf0" };

/**
 * Draws the picture that is shown while the streamer is off air.
 *
 * @returns A baseline JPEG of the given size, made in some 100 ms.
 */
export function offAirPicture(options: OffAirOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, title } = options;
  return drawCard({
    width,
    height,
    heading: "Off air",
    text: `${nameOf(title)} will be back: keep this page open`,
    footing: "You stay connected  ·  the picture comes by itself",
    look: LOOK,
  });
}
