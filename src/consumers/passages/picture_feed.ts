import type { PictureFormat, RecordedPicture } from "./passage.ts";

/** Takes what a {@linkcode PictureFeed} gives. */
export interface PictureListener {
  /** Takes the next picture. One that does not follow the picture before is a key. */
  picture(picture: RecordedPicture, format: PictureFormat): void;
  /** Notes that the next picture will not follow the last one. */
  gap(): void;
}

/** Gives the pictures that are recorded, while it runs. */
export interface PictureFeed {
  /** Why there are none, to follow a colon; `null` while there are. */
  readonly problem: string | null;
  /** Begins to give pictures. */
  start(): void;
  /** Ends that. */
  stop(): void;
  /** Does what is due. Call it a few times a second. */
  tick(): void;
}
