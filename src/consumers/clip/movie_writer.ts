import type { FlvSound, FlvVideo } from "../../media/flv.ts";
import { readConfiguration } from "../../media/h264/configuration.ts";
import { concat } from "../../media/jpeg/concat.ts";
import {
  encodeFileType,
  encodeMovie,
  MEDIA_HEAD_BYTES,
  mediaHead,
  type MovieTrack,
} from "../../media/mp4/movie.ts";
import { avc1, mp4a, VIDEO_TIMESCALE } from "../../media/mp4/sample_entry.ts";
import { OPUS_RATE } from "../../media/opus.ts";
import type { VideoConfiguration } from "../../media/packet.ts";
import { ClipFailure } from "./failure.ts";

/** Samples of sound in a packet of AAC. */
const AAC_SAMPLES = 1_024;

/** A sample that was written. */
interface Written {
  readonly offset: number;
  readonly bytes: number;
  readonly isKey: boolean;
  /** Milliseconds. */
  readonly timestamp: number;
}

/** Writes an MP4 of what ffmpeg encodes, piece by piece: the samples as they come, and their tables at the end. */
export class MovieWriter {
  readonly #channels: 1 | 2 | null;
  readonly #video: Written[] = [];
  readonly #sound: Written[] = [];
  #length = 0;
  #configuration: VideoConfiguration | null = null;
  #soundRecord: Uint8Array<ArrayBuffer> | null = null;

  /**
   * Begins a file.
   *
   * @param channels Those of the sound; `null` if there is none.
   */
  constructor(channels: 1 | 2 | null) {
    this.#channels = channels;
  }

  /** Returns the first bytes. */
  begin(): Uint8Array<ArrayBuffer> {
    const bytes = encodeFileType();
    this.#length += bytes.length;
    return bytes;
  }

  /** Takes what was encoded, and returns the next bytes, if there are any. */
  write(items: readonly (FlvVideo | FlvSound)[]): Uint8Array<ArrayBuffer> | null {
    const parts: Uint8Array[] = [];
    let offset = this.#length + MEDIA_HEAD_BYTES;
    for (const item of items) {
      switch (item.kind) {
        case "configuration":
          // An ffmpeg that ends writes an empty one.
          if (item.record.length > 0) this.#configuration ??= readConfiguration(item.record);
          break;
        case "sound configuration":
          if (item.record.length > 0) this.#soundRecord ??= item.record;
          break;
        default: {
          const { data, timestamp } = item;
          const isVideo = item.kind === "sample";
          const track = isVideo ? this.#video : this.#sound;
          const isKey = isVideo ? item.isKey : true;
          track.push({ offset, bytes: data.length, isKey, timestamp });
          parts.push(data);
          offset += data.length;
        }
      }
    }
    if (parts.length === 0) return null;
    const bytes = concat(mediaHead(offset - this.#length - MEDIA_HEAD_BYTES), ...parts);
    this.#length = offset;
    return bytes;
  }

  /** The timestamp of the newest frame; `null` before the first. */
  get timestamp(): number | null {
    return this.#video.at(-1)?.timestamp ?? null;
  }

  /**
   * Returns the last bytes.
   *
   * @param begin The timestamp at which the movie begins.
   * @param end The timestamp at which it ends.
   * @throws {ClipFailure} Nothing was encoded.
   */
  end(begin: number, end: number): Uint8Array<ArrayBuffer> {
    if (!this.#configuration || this.#video.length === 0) {
      throw new ClipFailure("failed", "ffmpeg encoded no frame");
    }
    const units = VIDEO_TIMESCALE / 1000;
    const video = this.#video.map(({ timestamp, ...place }, i) => {
      const next = this.#video[i + 1]?.timestamp ?? Math.max(end, timestamp + 1);
      return { ...place, duration: (next - timestamp) * units };
    });
    const tracks: MovieTrack[] = [{
      entry: avc1(this.#configuration),
      samples: video,
      start: this.#video[0].timestamp - begin,
    }];
    if (this.#channels !== null && this.#soundRecord && this.#sound.length > 0) {
      tracks.push({
        entry: mp4a({ record: this.#soundRecord, rate: OPUS_RATE, channels: this.#channels }),
        samples: this.#sound.map(({ timestamp: _, ...place }) => ({
          ...place,
          duration: AAC_SAMPLES,
        })),
        start: this.#sound[0].timestamp - begin,
      });
    }
    return encodeMovie(tracks);
  }
}
