import type { Clock } from "../../clock.ts";
import type { RecordingRule } from "../../live_messages.ts";
import type { SoundConsumer } from "../../streams/sound_consumer.ts";
import type { SoundStream } from "../../streams/sound_stream.ts";
import type { Passage } from "../passages/passage.ts";
import { PassageBuilder } from "../passages/passage_builder.ts";
import type { PictureFeed, PictureListener } from "../passages/picture_feed.ts";
import type { SegmentWriter } from "./segment_writer.ts";

/** So much is recorded before the first motion and after the last. Milliseconds. */
export const AROUND_MOTION_MS = 5_000;

/** Motion is noticed this long after it began, at most, if it is small and slow. Milliseconds. */
const LATE_MS = 2_000;

/** What a recorder is built with. */
export interface RecorderOptions {
  /** Makes what gives the pictures. */
  readonly feed: (listener: PictureListener) => PictureFeed;
  /** Gives the sound. */
  readonly sound: Pick<SoundStream, "record" | "stopRecording">;
  /** Writes what is to be recorded. */
  readonly writer: Pick<SegmentWriter, "write" | "end">;
  /** The time. */
  readonly clock: Clock;
}

/** Decides what is recorded: everything, or what moves and what was just before and after. */
export class Recorder implements SoundConsumer {
  readonly #options: RecorderOptions;
  readonly #feed: PictureFeed;
  readonly #builder: PassageBuilder;
  #rule: RecordingRule = "off";
  #isRunning = false;
  /** What was not written, as nothing moved. */
  #before: Passage[] = [];
  /** Wall time of the newest motion. */
  #movedAt = -Infinity;

  /** Records nothing yet. */
  constructor(options: RecorderOptions) {
    this.#options = options;
    const { clock, feed } = options;
    this.#builder = new PassageBuilder((passage) => this.#take(passage), () => clock.monotonic());
    this.#feed = feed({
      picture: (picture, format) => this.#builder.picture(picture, format),
      gap: () => this.#builder.gap(),
    });
  }

  /** Why there are no pictures; `null` while there are. */
  get problem(): string | null {
    return this.#feed.problem;
  }

  /** Records by this rule from now on. */
  record(rule: RecordingRule): void {
    const isRunning = rule !== "off";
    if (isRunning !== this.#isRunning) {
      this.#isRunning = isRunning;
      if (isRunning) this.#start();
      else this.#stop();
    }
    // What was still on its way when it stopped belongs to the rule before.
    this.#rule = rule;
  }

  /** Notes that something moves in the frame of this wall time. */
  moved(at: number): void {
    this.#movedAt = at;
  }

  deliver(packet: Parameters<SoundConsumer["deliver"]>[0]): void {
    this.#builder.sound(packet);
  }

  /** Does what is due. Call it a few times a second. */
  tick(): void {
    this.#feed.tick();
    this.#builder.tick();
  }

  #start(): void {
    this.#options.sound.record(this, { isWanted: true });
    this.#feed.start();
  }

  #stop(): void {
    this.#feed.stop();
    this.#options.sound.stopRecording(this);
    this.#builder.flush();
    this.#before = [];
    this.#movedAt = -Infinity;
    this.#options.writer.end();
  }

  #take(passage: Passage): void {
    const { writer } = this.#options;
    if (this.#rule === "always") {
      for (const one of [...this.#before.splice(0), passage]) writer.write(one, false);
      return;
    }
    const from = passage.pictures[0].at;
    // By both ends, as someone may set the clock.
    const isAfter = from <= this.#movedAt + AROUND_MOTION_MS;
    if (isAfter && passage.to >= this.#movedAt - AROUND_MOTION_MS - LATE_MS) {
      for (const one of [...this.#before.splice(0), passage]) writer.write(one, true);
      return;
    }
    writer.end();
    this.#before.push(passage);
    const oldest = passage.to - AROUND_MOTION_MS - LATE_MS;
    this.#before = this.#before.filter(({ to, pictures: [{ at }] }) =>
      to > oldest && at < passage.to
    );
  }
}
