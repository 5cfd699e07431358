import { drawCard, nameOf } from "./card.ts";

/** What {@linkcode offAirPicture} draws. */
export interface OffAirOptions {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** The stream's title. */
  readonly title: string;
}

/** The colours of the pages in the dark theme (static/css/base.css). */
const LOOK = { top: "#181a2c", bottom: "#0b0d13", accent: "#8b7bff", glow: "#6f5cf0" };

/**
 * Draws the card that viewers see while the streamer is off air.
 *
 * @returns A baseline JPEG of the given size. Drawing takes about 100 ms.
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
