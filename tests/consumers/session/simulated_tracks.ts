import type { VideoPacket } from "../../../src/media/packet.ts";
import type { Rendition } from "../../../src/media/rendition.ts";
import { bitRateOf, H264_RENDITIONS } from "../../../src/media/h264/renditions.ts";
import { encodeVideoPart, type VideoPart } from "../../../src/media/video_part.ts";
import type { VideoConsumer, VideoTrack, VideoTracks } from "../../../src/streams/video.ts";

const SIZE = { width: 1280, height: 720 };
const FPS = 30;
/** From a frame to its packet. Milliseconds. */
const DELAY_MS = 15;
const KEY_EVERY_MS = 1000;
/** A key packet that is asked for comes so long after the last one at least. Milliseconds. */
const KEYS_APART_MS = 300;

/** An encoder without pictures: packets of the right sizes at the right times. */
export class SimulatedTrack implements VideoTrack {
  isAvailable = true;
  /** Wall time at monotonic time 0. */
  epoch = 0;
  /** Whether the encoder hangs. */
  isStuck = false;
  /** Those who joined. */
  readonly consumers = new Set<VideoConsumer>();
  readonly bytes: number;
  /** Whether a key packet was asked for. */
  isAsked = false;
  readonly #keyBytes: number;
  readonly #deltaBytes: number;
  #index = 0;
  #keyAt = -Infinity;
  #encoding: { readonly at: number; readonly part: VideoPart }[] = [];

  constructor(readonly rendition: Rendition) {
    const rate = bitRateOf(rendition, SIZE) / 8;
    this.bytes = rate / FPS;
    this.#keyBytes = rendition.scale === 1 ? 40_000 : 20_000;
    this.#deltaBytes = (rate - this.#keyBytes) / (FPS - 1);
  }

  get isKeyNear(): boolean {
    return this.isAsked || this.#encoding.some(({ part }) => part.packet.isKey);
  }

  join(consumer: VideoConsumer): void {
    this.consumers.add(consumer);
  }

  leave(consumer: VideoConsumer): void {
    this.consumers.delete(consumer);
  }

  requestKey(): void {
    this.isAsked = true;
  }

  /** Encodes a frame. */
  encode(sequence: number, now: number): void {
    if (this.consumers.size === 0 || this.isStuck || !this.isAvailable) return;
    const since = now - this.#keyAt;
    const isKey = since >= KEY_EVERY_MS || (this.isAsked && since >= KEYS_APART_MS);
    if (isKey) {
      this.isAsked = false;
      this.#keyAt = now;
    }
    const part = partOf(this.rendition, {
      ...{ sequence, at: this.epoch + now, isKey, index: ++this.#index },
      bytes: Math.round(isKey ? this.#keyBytes : this.#deltaBytes),
    });
    this.#encoding.push({ at: now + DELAY_MS, part });
  }

  tick(now: number): void {
    while (this.#encoding.length > 0 && this.#encoding[0].at <= now) {
      const { part } = this.#encoding.shift()!;
      for (const consumer of [...this.consumers]) consumer.deliver(part.packet, part);
    }
  }
}

/** All encodings of one stream. */
export class SimulatedTracks implements VideoTracks {
  readonly isOffered = true;
  readonly all: readonly SimulatedTrack[] = H264_RENDITIONS.map((one) => new SimulatedTrack(one));
  /** That of the newest frame. */
  sequence = 0;

  get available(): readonly SimulatedTrack[] {
    return this.all.filter(({ isAvailable }) => isAvailable);
  }

  trackOf(rendition: Rendition): SimulatedTrack | null {
    return this.all.find((track) => track.rendition === rendition) ?? null;
  }

  /** Lets a millisecond go by; returns whether there is a new frame. */
  tick(now: number): boolean {
    const isFrame = now >= this.sequence * 1000 / FPS;
    if (isFrame) this.sequence++;
    for (const track of this.all) {
      if (isFrame) track.encode(this.sequence, now);
      track.tick(now);
    }
    return isFrame;
  }
}

/** Returns a packet without pictures, ready to be sent. */
export function partOf(
  rendition: Rendition,
  { bytes, ...packet }: Pick<VideoPacket, "sequence" | "at" | "isKey" | "index"> & {
    readonly bytes: number;
  },
): VideoPart {
  const data = new Uint8Array(bytes);
  const record = new Uint8Array([1, 0x42, 0xc0, 0x1f]);
  const configuration = { record, codec: "avc1.42c01f", ...SIZE };
  return encodeVideoPart({ ...packet, track: "video", data, configuration }, rendition);
}
