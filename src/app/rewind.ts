import type { RoomStore } from "../channel/store.ts";
import type { Clock } from "../clock.ts";
import type { KeptProgram } from "../channel/studio_state.ts";
import type { FrameStore } from "../consumers/recorder/frame_store.ts";
import { FileStore } from "../consumers/recorder/file_store.ts";
import { MemoryStore } from "../consumers/recorder/memory_store.ts";
import { Recorder } from "../consumers/recorder/recorder.ts";
import { Ring } from "../consumers/recorder/ring.ts";
import { openRingFile } from "../consumers/recorder/ring_file.ts";
import { Shrinker } from "../consumers/recorder/shrinker.ts";
import { type Timelapse, TimelapseRing } from "../consumers/recorder/timelapse.ts";
import type { Logger } from "../log/log.ts";
import type { Frame } from "../media/packet.ts";
import type { Past } from "../streams/past.ts";
import type { Transcoder } from "../streams/part_maker.ts";
import type { SoundStream } from "../streams/sound_stream.ts";
import type { Stream } from "../streams/stream.ts";

/** The name under which the streamer's switch is stored. */
const STORED_AS = "rewind";

/** Bytes that the past may take in memory, unless that is more than a quarter of the machine's. */
const MAX_BYTES = 300e6;

/** Bytes of the file for the past: five minutes of a street at 1280x720 and 30 frames a second. */
const FILE_BYTES = 1e9;

/** What is kept of the program, from the command line. */
export interface RewindSettings {
  /** How long frames and sound are kept, in milliseconds; 0 for not at all. */
  readonly rewind: number;
  /** Bytes that they may take; `null` for the default. */
  readonly rewindSize: number | null;
  /** The file where frames are kept; `null` for memory. */
  readonly rewindFile: string | null;
  /** Milliseconds between the frames for a timelapse; 0 for none. */
  readonly timelapse: number;
}

/** What {@linkcode createRewind} builds on. */
export interface RewindParts extends RewindSettings {
  /** What is kept. */
  readonly program: Pick<Stream, "join" | "leave" | "newest">;
  /** What is heard with it. */
  readonly sound: Pick<SoundStream, "record">;
  /** Off air nothing is kept. */
  readonly channel: { readonly onAir: boolean };
  /** Stores the streamer's switch. */
  readonly store: Pick<RoomStore, "get" | "set">;
  /** Makes older frames smaller. */
  readonly transcoder: Transcoder;
  /** Receives why a file cannot be used. */
  readonly log: Logger;
  /** The time. */
  readonly clock: Clock;
}

/** What is kept of the program, and the streamer's switch. */
export interface KeptPast extends AsyncDisposable {
  /** What viewers can go back to; `null` with `--rewind off`. Empty while it is switched off. */
  readonly past: Past | null;
  /** Frames for a timelapse; `null` without `--timelapse`. */
  readonly timelapse: Timelapse | null;
  /** Whether viewers can go back, as the streamer switched it. Without a {@linkcode past}, they never can. */
  readonly isOn: boolean;
  /** Returns how far viewers can go back; `null` while they cannot. */
  rewind(): Ring["promise"];
  /** Returns what the streamer sees of it. */
  studio(): Pick<KeptProgram, "rewind" | "timelapse">;
  /**
   * Switches rewinding; off forgets everything at once.
   *
   * @throws {StoreError} The switch has effect, but is not stored.
   */
  setOn(isOn: boolean): void;
  /** Does what is due. Call it a few times a second. */
  tick(): void;
}

/**
 * Keeps what was on air for a while.
 *
 * @throws {UserError} The file cannot be used.
 */
export function createRewind(parts: RewindParts): KeptPast {
  const { program, sound, channel, store, transcoder, clock } = parts;
  const frames = parts.rewind > 0 ? createStore(parts) : null;
  const ring = frames && new Ring({ store: frames, keepMs: parts.rewind, clock });
  const shrinker = ring && new Shrinker(ring, transcoder, clock);
  const timelapse = parts.timelapse > 0 ? new TimelapseRing(parts.timelapse) : null;
  let isOn = ring !== null && store.get(STORED_AS) !== 0;
  const take = ({ data, at }: Frame) => {
    timelapse?.add(data, at);
    if (!isOn) return;
    ring?.add(data, at);
    shrinker?.run();
  };
  const recorder = new Recorder(program, () => channel.onAir, take, clock);
  if (ring || timelapse) program.join(recorder);
  if (ring) sound.record({ deliver: (packet) => isOn && ring.addSound(packet) });
  return {
    past: ring,
    timelapse,
    get isOn() {
      return isOn;
    },
    rewind: () => ring?.promise ?? null,
    studio: () => ({
      rewind: ring && { on: isOn, bytes: ring.bytes, maxBytes: ring.maxBytes },
      timelapse: timelapse &&
        { since: timelapse.frames[0]?.at ?? null, frames: timelapse.frames.length },
    }),
    setOn(on) {
      if (on === isOn) return;
      isOn = on && ring !== null;
      if (!isOn) ring?.clear();
      store.set(STORED_AS, Number(on));
    },
    tick: () => ring?.tick(),
    async [Symbol.asyncDispose]() {
      program.leave(recorder);
      isOn = false;
      await frames?.[Symbol.asyncDispose]();
    },
  };
}

function createStore({ rewindFile, rewindSize, log }: RewindParts): FrameStore {
  return rewindFile === null
    ? new MemoryStore(rewindSize ?? defaultBytes())
    : new FileStore(openRingFile(rewindFile, rewindSize ?? FILE_BYTES), log);
}

function defaultBytes(): number {
  return Math.min(MAX_BYTES, Math.floor(Deno.systemMemoryInfo().total / 4));
}
