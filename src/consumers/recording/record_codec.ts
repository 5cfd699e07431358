/** How the pictures of recordings can be encoded: as MP4 that plays everywhere, or the JPEGs as they come. */
export const RECORD_CODECS = ["h264", "copy"] as const;

/** One of {@linkcode RECORD_CODECS}. */
export type RecordCodec = (typeof RECORD_CODECS)[number];
