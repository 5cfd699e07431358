/** @typedef {"webcodecs" | "mediasource"} VideoPath How a page plays H.264. */

/** The profile that any encoder may use, at a level for 1080p. */
const MIME = 'video/mp4; codecs="avc1.640028"';

/**
 * Returns how this browser plays H.264; `null` if it cannot. Browsers have WebCodecs on HTTPS and on localhost only.
 *
 * @returns {VideoPath | null}
 */
export function videoPath() {
  if ("VideoDecoder" in globalThis) return "webcodecs";
  const Source = mediaSource();
  return Source?.isTypeSupported(MIME) && "requestVideoFrameCallback" in HTMLVideoElement.prototype
    ? "mediasource"
    : null;
}

/**
 * Returns the browser's MediaSource. iPhones have only the managed one.
 *
 * @returns {typeof MediaSource | undefined}
 */
export function mediaSource() {
  const { ManagedMediaSource, MediaSource } = /** @type {any} */ (globalThis);
  return ManagedMediaSource ?? MediaSource;
}
