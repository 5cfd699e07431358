/** A place where players find the files of HLS: a folder, or another server. */
export interface HlsStore {
  /** What it is, without anything secret: `folder public`. */
  readonly name: string;
  /**
   * Keeps a file. Players never find a part of it.
   *
   * @throws {Error} It could not be kept; the message says why, to follow a colon.
   */
  put(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /**
   * Removes a file, if it is there.
   *
   * @throws {Error} It could not be removed.
   */
  remove(name: string): Promise<void>;
  /** Ends it. */
  close(): void;
}

/** Returns the media type of a file. */
export function hlsType(name: string): string {
  if (name.endsWith(".m3u8")) return "application/vnd.apple.mpegurl";
  return name.endsWith(".mp4") ? "video/mp4" : "video/iso.segment";
}

/** Returns how long caches may keep a file: playlists change, and all other names stand for the same bytes for ever. */
export function hlsCaching(name: string): string {
  return name.endsWith(".m3u8") ? "public, max-age=1" : "public, max-age=86400, immutable";
}
