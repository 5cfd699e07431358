import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import type { VideoConfiguration, VideoPacket } from "../../media/packet.ts";
import type { VideoConsumer, VideoTrack } from "../../streams/video.ts";
import { ProgramBody } from "../program_body.ts";
import type { EncodedSoundConsumer, ProgramSound } from "../sound/program_sound.ts";
import type { ProgramMuxer, ProgramUnit } from "./program_muxer.ts";
import { ProgramTimeline } from "./program_timeline.ts";

/**
 * How long a packet waits for a program to read it. Later it would be an old picture, and none can be left
 * out: packets need those before them. Milliseconds.
 */
const MAX_AGE_MS = 2_000;

/**
 * Nothing more is sent while the kernel holds more than this for a program: a key packet of the best rendition,
 * or half a second of others. Bytes.
 */
const MAX_UNSENT = 160_000;

/** A track that cannot be had for this long ends its responses: programs then connect again. Milliseconds. */
const MAX_GONE_MS = 10_000;

/** How often the track is looked at. Milliseconds. */
const LOOK_MS = 1_000;

/** The sound of a program. */
export interface ProgramAudio {
  /** What gives it. */
  readonly feed: Pick<ProgramSound, "join" | "leave">;
  /** How long each of its packets lasts. Milliseconds. */
  readonly duration: number;
}

/** What the body of a response with pictures is built with. */
export interface VideoBodyOptions {
  /** Its pictures. */
  readonly track: VideoTrack;
  /** Its sound; `null` without. */
  readonly sound: ProgramAudio | null;
  /** Writes it. */
  readonly muxer: ProgramMuxer;
  /** Called once when the response ends, whoever ended it. */
  readonly onEnd: (body: ProgramBody<ProgramUnit>) => void;
  /** The clock; a test gives its own. */
  readonly clock?: Clock;
}

/** Opens the body of a response that sends pictures and sound, beginning with the next key packet. */
export function openVideoBody(options: VideoBodyOptions): ProgramBody<ProgramUnit> {
  return new VideoFeed(options).body;
}

/** Joins the two tracks into one body. */
class VideoFeed {
  readonly body: ProgramBody<ProgramUnit>;
  readonly #options: VideoBodyOptions;
  readonly #clock: Clock;
  readonly #timeline = new ProgramTimeline();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #configuration: VideoConfiguration | null = null;
  /** Of the newest packet that was taken; `null` while a key packet is needed. */
  #index: number | null = null;
  /** Since when the track cannot be had. Monotonic time; `null` while it can. */
  #goneSince: number | null = null;

  constructor(options: VideoBodyOptions) {
    const { track, sound, muxer, onEnd, clock = SYSTEM_CLOCK } = options;
    this.#options = options;
    this.#clock = clock;
    const video: VideoConsumer = { deliver: (packet) => this.#takeVideo(packet) };
    const heard: EncodedSoundConsumer = {
      deliver: (data, at) => this.#takeSound(data, at),
      clear: () => this.body.clear(({ track }) => track === "sound"),
    };
    this.body = new ProgramBody({
      encode: (unit) => muxer.write(unit),
      maxAge: MAX_AGE_MS,
      maxUnsent: MAX_UNSENT,
      clock,
      onEnd: (body) => {
        clearTimeout(this.#timer);
        track.leave(video);
        sound?.feed.leave(heard);
        onEnd(body);
      },
    });
    this.#schedule();
    track.join(video);
    track.requestKey();
    sound?.feed.join(heard);
  }

  #takeVideo(packet: VideoPacket): void {
    const { track, muxer } = this.#options;
    const { index, isKey, configuration, at } = packet;
    if (!isKey && (this.#index === null || index !== this.#index + 1)) {
      this.#index = null;
      if (!track.isKeyNear) track.requestKey();
      return;
    }
    if (isChanged(this.#configuration, configuration) && !muxer.canChange) {
      return this.body.finish();
    }
    this.#configuration = configuration;
    this.#index = index;
    const time = this.#timeline.video(at);
    this.body.put({ track: "video", packet, time, now: this.#now() });
  }

  #takeSound(data: Uint8Array<ArrayBuffer>, at: number): void {
    const time = this.#timeline.sound(at, this.#options.sound?.duration ?? 0);
    if (time !== null) this.body.put({ track: "sound", data, time, now: this.#now() });
  }

  #now(): number {
    return this.#timeline.timeOf(this.#clock.wall());
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      this.#schedule();
      this.#look();
    }, LOOK_MS);
  }

  #look(): void {
    const now = this.#clock.monotonic();
    this.#goneSince = this.#options.track.isAvailable ? null : this.#goneSince ?? now;
    if (this.#goneSince !== null && now - this.#goneSince >= MAX_GONE_MS) this.body.finish();
  }
}

/** Returns whether a decoder needs to know of a new configuration, which may be the same in another object. */
function isChanged(before: VideoConfiguration | null, after: VideoConfiguration): boolean {
  if (!before || before === after) return false;
  return before.record.length !== after.record.length ||
    before.record.some((byte, index) => byte !== after.record[index]);
}
