import { concat } from "../../src/media/jpeg/concat.ts";
import type { VideoConsumer, VideoTrack } from "../../src/streams/video.ts";

/** Marks the stamp: an identifier of 16 bytes (ITU-T H.264 section D.1.7). */
const MARK = new TextEncoder().encode("livestream-stamp");

/** Digits of wall time in milliseconds. */
const DIGITS = 13;

/** Gives a track's packets with the wall time of each in it, which every container and server passes on. */
export function stampedTrack(track: VideoTrack): VideoTrack {
  const wrapped = new Map<VideoConsumer, VideoConsumer>();
  return {
    rendition: track.rendition,
    bytes: track.bytes,
    get isAvailable() {
      return track.isAvailable;
    },
    get isKeyNear() {
      return track.isKeyNear;
    },
    join(consumer) {
      const own: VideoConsumer = {
        deliver: (packet, part) =>
          consumer.deliver({ ...packet, data: concat(stampOf(packet.at), packet.data) }, part),
      };
      wrapped.set(consumer, own);
      track.join(own);
    },
    leave(consumer) {
      const own = wrapped.get(consumer);
      if (own) track.leave(own);
    },
    requestKey: () => track.requestKey(),
  };
}

/** Returns a NAL unit of supplemental enhancement information, behind its length. */
function stampOf(at: number): Uint8Array<ArrayBuffer> {
  const payload = concat(MARK, new TextEncoder().encode(String(Math.round(at))));
  const unit = concat(Uint8Array.of(6, 5, payload.length), payload, Uint8Array.of(0x80));
  return concat(Uint8Array.of(0, 0, 0, unit.length), unit);
}

/** Returns the wall times of all pictures in these bytes, whatever the container, that are not cut by its packets. */
export function stampsIn(bytes: Uint8Array): number[] {
  const text = new TextDecoder("latin1").decode(bytes);
  const found = text.matchAll(new RegExp(`livestream-stamp(\\d{${DIGITS}})`, "g"));
  return [...found].map(([, digits]) => Number(digits));
}
