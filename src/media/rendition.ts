/** What a viewer may have done to the picture, in the order a page lists them. */
export const FILTERS = [
  "none",
  "grayscale",
  "sepia",
  "invert",
  "brighten",
  "contrast",
  "mirror",
  "pixelate",
  "soft",
  "highlight",
] as const;

export type Filter = (typeof FILTERS)[number];

/** IJG quality 1..100, or `source`: the tables of the camera's own picture. */
export type Quality = number | "source";

/** The sizes in which a frame can be given, as fractions of its width and height. */
export const SCALES = [1, 0.5, 0.25, 0.125] as const;

export type Scale = (typeof SCALES)[number];

/** What a viewer can be given of a frame. */
export interface Rendition {
  readonly quality: Quality;
  readonly scale: Scale;
  readonly filter: Filter;
}

/** The camera's own bytes: a rendition with nothing chosen. */
export const SOURCE: Rendition = { quality: "source", scale: 1, filter: "none" };

/** Text that two renditions share exactly when they are the same picture. */
export function renditionKey({ quality, scale, filter }: Rendition): string {
  return `${quality}/${scale}/${filter}`;
}

/** Whether the rendition is the camera's own bytes, which no codec needs to touch. */
export function isSource(rendition: Rendition): boolean {
  return rendition.quality === "source" && rendition.scale === 1 && rendition.filter === "none";
}
