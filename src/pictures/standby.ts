import en from "../../static/texts/en.json" with { type: "json" };
import { drawCard, nameOf } from "./card.ts";

/** What {@linkcode standbyPicture} draws. */
export interface StandbyOptions {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** The stream's title. */
  readonly title: string;
  /** Why there is no picture, for viewers. */
  readonly reason: string;
}

const LOOK = { top: "#1b2733", bottom: "#0c1117", accent: "#f2a33a" };

/**
 * Draws the card that viewers see while the source gives no frames.
 *
 * @returns A baseline JPEG of the given size. Drawing takes about 100 ms.
 */
export function standbyPicture(options: StandbyOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, title, reason } = options;
  return drawCard({
    width,
    height,
    heading: en["watch.cover.standby"],
    text: reason,
    footing: nameOf(title),
    look: LOOK,
  });
}
