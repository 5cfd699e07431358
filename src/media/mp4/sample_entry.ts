import { concat } from "../jpeg/concat.ts";
import { OPUS_RATE } from "../opus.ts";
import type { VideoConfiguration } from "../packet.ts";
import { box, fullBox, u16, u32 } from "./box.ts";

/** How the samples of a track are encoded: the `stsd` entry of ISO/IEC 14496-12, and what belongs to it. */
export interface SampleEntry {
  /** What is sampled. */
  readonly kind: "video" | "sound";
  /** The units a second in which the times and durations of its track are given. */
  readonly timescale: number;
  /** Pixels; 0 for sound. */
  readonly width: number;
  /** Pixels; 0 for sound. */
  readonly height: number;
  /** The encoded entry. */
  readonly box: Uint8Array<ArrayBuffer>;
}

/** What a decoder of AAC needs to know. */
export interface AacConfiguration {
  /** `AudioSpecificConfig` (ISO/IEC 14496-3 section 1.6.2.1). */
  readonly record: Uint8Array;
  /** Samples a second. */
  readonly rate: number;
  /** How many channels there are. */
  readonly channels: number;
}

/** Units a second of video. */
export const VIDEO_TIMESCALE = 90_000;

/** Opus in two channels: players decode packets of one channel to both. */
const OPUS_CHANNELS = 2;
const SAMPLE_BITS = 16;

/** 72 dots an inch, 16.16 fixed point. */
const RESOLUTION = 0x480000;

/** Tags of descriptors (ISO/IEC 14496-1 table 1). */
const TAG = { stream: 3, decoder: 4, specific: 5, synchronization: 6 } as const;

/** An MPEG-4 audio stream that is no upstream (ISO/IEC 14496-1 tables 5 and 6). */
const OBJECT_MPEG4_AUDIO = 0x40;
const STREAM_AUDIO = 5 << 2 | 1;

/** The synchronization of MP4 files (ISO/IEC 14496-14 section 3.1.2). */
const MP4_SYNCHRONIZATION = 2;

/** Returns the entry of H.264 (`avc1`, ISO/IEC 14496-15). */
export function avc1({ record, width, height }: VideoConfiguration): SampleEntry {
  const entry = box(
    "avc1",
    u16(0, 0, 0, 1),
    new Uint8Array(16),
    u16(width, height),
    u32(RESOLUTION, RESOLUTION, 0),
    u16(1),
    new Uint8Array(32),
    u16(0x18, 0xffff),
    box("avcC", record),
  );
  return { kind: "video", timescale: VIDEO_TIMESCALE, width, height, box: entry };
}

/** Returns the entry of Opus ("Encapsulation of Opus in ISO Base Media File Format", section 4.3). */
export function opus(): SampleEntry {
  const version = 0;
  const description = concat(
    Uint8Array.of(version, OPUS_CHANNELS),
    u16(0),
    u32(OPUS_RATE),
    u16(0),
    Uint8Array.of(0),
  );
  return soundEntry("Opus", OPUS_CHANNELS, OPUS_RATE, box("dOps", description));
}

/** Returns the entry of AAC (`mp4a`, ISO/IEC 14496-14 section 5.6), with 16 bits a sample. */
export function mp4a({ record, rate, channels }: AacConfiguration): SampleEntry {
  const decoder = descriptor(
    TAG.decoder,
    Uint8Array.of(OBJECT_MPEG4_AUDIO, STREAM_AUDIO, 0, 0, 0),
    // The bit rates, which only streaming servers want to know.
    u32(0, 0),
    descriptor(TAG.specific, record),
  );
  const stream = descriptor(
    TAG.stream,
    u16(0),
    Uint8Array.of(0),
    decoder,
    descriptor(TAG.synchronization, Uint8Array.of(MP4_SYNCHRONIZATION)),
  );
  return soundEntry("mp4a", channels, rate, fullBox("esds", {}, stream));
}

function soundEntry(
  type: string,
  channels: number,
  rate: number,
  configuration: Uint8Array,
): SampleEntry {
  const entry = box(
    type,
    u16(0, 0, 0, 1),
    u32(0, 0),
    u16(channels, SAMPLE_BITS, 0, 0),
    u32(rate * 0x10000),
    configuration,
  );
  return { kind: "sound", timescale: rate, width: 0, height: 0, box: entry };
}

/** Encodes a descriptor (ISO/IEC 14496-1 section 8.3.3), whose length is below 128. */
function descriptor(tag: number, ...contents: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const data = concat(...contents);
  if (data.length > 127) throw new RangeError(`A descriptor is too long: ${data.length} bytes`);
  return concat(Uint8Array.of(tag, data.length), data);
}
