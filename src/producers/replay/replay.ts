import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import type { ReplaySpeed } from "../../live_messages.ts";
import { Newest } from "../../media/newest.ts";
import { type Frame, frameOf } from "../../media/packet.ts";
import type { Past, PastFrame } from "../../streams/past.ts";
import { SoundStream } from "../../streams/sound_stream.ts";
import type { Producer } from "../producer.ts";
import { Playhead, type PlayheadStart } from "./playhead.ts";
import { SoundHead } from "./sound_head.ts";

/** What a replay reads. */
export type ReplayedPast = Pick<Past, "frameAt" | "after" | "before" | "read" | "sound">;

/** Changes what a replay shows. What is absent stays. */
export interface ReplayChange {
  /** Where it goes on: a wall time, milliseconds since the Unix epoch. */
  readonly at?: number;
  /** How fast it goes on. */
  readonly speed?: ReplaySpeed;
  /** Pauses at the next frame, or at the one before. */
  readonly step?: 1 | -1;
}

/** While its sound is heard, it is given at least so often. Milliseconds. */
const SOUND_EVERY_MS = 20;

/** While paused, so many frames are tried one after the other, if none can be read. */
const MAX_TRIES = 5;

/** Plays the past for one viewer: frames when their time comes, and the sound that belongs to them. */
export class Replay implements Producer<Frame> {
  readonly tracks = ["pictures"] as const;
  /** Gives its sound at normal speed, numbered and with times as they were. */
  readonly sound: SoundStream = new SoundStream();
  readonly #past: ReplayedPast;
  readonly #clock: Clock;
  readonly #playhead: Playhead;
  readonly #soundHead: SoundHead;
  readonly #frames = new Newest<Frame>();
  #sequence = 0;
  /** Frames that could not be read, one after the other. */
  #unread = 0;
  #isStopped = false;
  /** Ends the present wait. */
  #wake: () => void = () => {};

  /** Shows nothing before its packets are read. */
  constructor(past: ReplayedPast, start: PlayheadStart, clock: Clock = SYSTEM_CLOCK) {
    this.#past = past;
    this.#clock = clock;
    this.#playhead = new Playhead(past, start, clock.monotonic());
    this.#soundHead = new SoundHead(past, this.sound, clock);
    this.sound.isOpen = true;
    this.sound.events.on("listeners", () => this.#wake());
  }

  /** How fast it plays. */
  get speed(): ReplaySpeed {
    return this.#playhead.speed;
  }

  packets(): AsyncIterable<Frame> {
    this.#run();
    return this.#frames;
  }

  /** Changes what it shows, at once. Of several changes, the frame of the last one is shown. */
  change({ at, speed, step }: ReplayChange): void {
    const now = this.#clock.monotonic();
    this.#unread = 0;
    if (at !== undefined) {
      this.#playhead.seek(at, now);
      this.#soundHead.pause();
    }
    if (speed !== undefined) this.#playhead.play(speed, now);
    if (step !== undefined) this.#playhead.step(step, now);
    this.#wake();
  }

  stop(): Promise<void> {
    this.#isStopped = true;
    this.sound.isOpen = false;
    this.#wake();
    this.#frames.end();
    return Promise.resolve();
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      const frame = this.#playhead.due(this.#clock.monotonic());
      if (frame) await this.#give(frame);
      if (this.#isStopped) return;
      await this.#sleep(this.#giveSound());
    }
  }

  async #give(frame: PastFrame): Promise<void> {
    const due = this.#clock.wall();
    const jpeg = await this.#past.read(frame);
    // It may have jumped meanwhile.
    if (frame !== this.#playhead.frame) return;
    if (!jpeg) {
      // It was forgotten before it was read. While paused, nothing else would ever come.
      const isStuck = this.#playhead.speed === 0 && ++this.#unread < MAX_TRIES;
      if (isStuck) this.#playhead.step(1, this.#clock.monotonic());
      return;
    }
    this.#unread = 0;
    this.#frames.put(frameOf(jpeg, ++this.#sequence, frame.at, due));
  }

  /** Gives the sound that is due; returns for how long nothing else is. Milliseconds. */
  #giveSound(): number {
    const now = this.#clock.monotonic();
    const wait = this.#playhead.wait(now);
    if (this.#playhead.speed !== 1 || this.sound.listeners === 0) {
      this.#soundHead.pause();
      return wait;
    }
    this.#soundHead.play(this.#playhead.position(now));
    return Math.min(wait, SOUND_EVERY_MS);
  }

  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = milliseconds === Infinity
        ? undefined
        : setTimeout(done, Math.ceil(milliseconds));
      function done() {
        clearTimeout(timer);
        resolve();
      }
      this.#wake = done;
    });
  }
}
