/**
 * The filters by their names in addresses and forms, in the page's order. What each does stands in
 * jpeg/filters.ts and, for pixels, in transcode/imagescript_codec.ts.
 */
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

/** The name of a filter. */
export type Filter = (typeof FILTERS)[number];

/** IJG quality 1..100, or `source`: the quantisation tables of the source's own frame. */
export type Quality = number | "source";

/** The sizes in which a frame can be given, as fractions of its width and height. */
export const SCALES = [1, 0.5, 0.25, 0.125] as const;

/** One of {@linkcode SCALES}. */
export type Scale = (typeof SCALES)[number];

/** How the pictures of a rendition are encoded. */
export type PictureCodec = "jpeg" | "h264";

/** The fields of a rendition as plain data, which is what a worker receives. */
export interface RenditionFields {
  /** Default: JPEG. */
  readonly codec?: PictureCodec;
  /** How finely coefficients are quantised; of H.264, the JPEG quality that looks about the same. */
  readonly quality: Quality;
  /** The size, as a fraction of the source's. */
  readonly scale: Scale;
  /** The filter that is applied. */
  readonly filter: Filter;
}

/**
 * A form in which a frame can be given. There is one object for each, so `===` compares renditions
 * and a `Map` finds them by key; {@linkcode Rendition.of} alone makes them.
 */
export class Rendition implements RenditionFields {
  static readonly #all: Readonly<
    Record<PictureCodec, Map<Quality, Map<Filter, Map<Scale, Rendition>>>>
  > = {
    jpeg: new Map(),
    h264: new Map(),
  };

  private constructor(
    readonly codec: PictureCodec,
    readonly quality: Quality,
    readonly scale: Scale,
    readonly filter: Filter,
  ) {}

  /** Returns the one rendition with these fields. */
  static of({ codec = "jpeg", quality, scale, filter }: RenditionFields): Rendition {
    const all = this.#all[codec];
    let ofQuality = all.get(quality);
    if (!ofQuality) all.set(quality, ofQuality = new Map());
    let ofFilter = ofQuality.get(filter);
    if (!ofFilter) ofQuality.set(filter, ofFilter = new Map());
    let rendition = ofFilter.get(scale);
    if (!rendition) ofFilter.set(scale, rendition = new Rendition(codec, quality, scale, filter));
    return rendition;
  }

  /** Returns the rendition that differs from this one in the given fields only. */
  with(change: Partial<RenditionFields>): Rendition {
    return Rendition.of({ ...this, ...change });
  }
}

/** The unchanged rendition: the source's own bytes, which no codec needs to touch. */
export const SOURCE: Rendition = Rendition.of({ quality: "source", scale: 1, filter: "none" });
