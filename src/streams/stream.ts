import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import type { LumaPlane } from "../media/luma_plane.ts";
import { Newest } from "../media/newest.ts";
import { type Frame, frameOf } from "../media/packet.ts";
import { type Rendition, SOURCE } from "../media/rendition.ts";
import { pictureSize, type Size } from "../media/jpeg/size.ts";
import type { Job } from "../transcode/job.ts";
import type { Consumer } from "./consumer.ts";
import { Demand, nearestOf, type Wanted } from "./demand.ts";
import { encodePart, type Part } from "../media/multipart.ts";
import { OverdueRenditions } from "./overdue.ts";

/** A frame to be transcoded, and the stream whose sequence numbers it has. */
export interface StreamJob extends Job {
  /** {@linkcode Stream.name} */
  readonly stream: string;
}

/** Makes renditions of frames. */
export interface Transcoder {
  /** Resolves to the frame's luma plane, or `null` where there is none. */
  transcode(job: StreamJob): Promise<LumaPlane | null>;
}

/** Measures motion between frames. */
export interface MotionObserver {
  /** Whether a frame of that wall time is to be measured. */
  due(at: number): boolean;
  /** Measures a frame of that wall time. */
  observe(plane: LumaPlane, at: number): void;
}

/** What a stream is built with. */
export interface StreamOptions {
  /** Names the stream among all others: `camera`, `program`. */
  readonly name: string;
  readonly transcoder: Transcoder;
  /** By default, motion is not measured. */
  readonly motion?: MotionObserver;
  /** Called once for each part that is made. */
  readonly onPart?: (part: Part) => void;
  readonly clock?: Clock;
}

/** A rendition that is being made, and the consumers that wait for it. */
interface Making extends Wanted {
  weight: number;
  viewers: number;
  readonly origins: Set<string>;
  readonly consumers: Set<Consumer>;
  /** Whether it has taken so long that consumers get the source's bytes meanwhile. */
  readonly isOverdue: boolean;
}

/** While no frame comes, consumers get the newest one again at this interval. Milliseconds. */
const REPEAT_AFTER_MS = 1000;

const UNMEASURED: MotionObserver = { due: () => false, observe: () => {} };

/**
 * A named flow of frames. Makes each wanted rendition of a frame once for all consumers, and none
 * that nobody wants; holds only the newest frame. A consumer beyond its address's share of renditions
 * gets the nearest one that is made anyway. If a rendition fails or takes two seconds, consumers get
 * the source's own bytes: each link takes as many of those as it can carry.
 */
export class Stream {
  /** Names the stream among all others. */
  readonly name: string;
  readonly #transcoder: Transcoder;
  readonly #motion: MotionObserver;
  readonly #onPart: (part: Part) => void;
  readonly #clock: Clock;
  readonly #consumers = new Set<Consumer>();
  readonly #readers = new Set<Newest<Frame>>();
  #sequence = 0;
  #newest: Frame | null = null;
  #size: Size | null = null;
  #sentAt = -Infinity;
  /** The parts made of the newest frame so far, by rendition. */
  #parts = new Map<Rendition, Part>();
  /** The renditions of the newest frame that are being made. */
  #making = new Map<Rendition, Making>();
  readonly #demand = new Demand();
  readonly #overdue = new OverdueRenditions();
  #luma: { readonly sequence: number; readonly plane: LumaPlane } | null = null;

  constructor(options: StreamOptions) {
    const { name, transcoder, motion = UNMEASURED, onPart = () => {}, clock = SYSTEM_CLOCK } =
      options;
    this.name = name;
    this.#transcoder = transcoder;
    this.#motion = motion;
    this.#onPart = onPart;
    this.#clock = clock;
  }

  /** The newest frame; `null` until there is one. */
  get newest(): Frame | null {
    return this.#newest;
  }

  /** Width and height of the newest frame; `null` until there is one, or where it names none. */
  get size(): Size | null {
    return this.#size;
  }

  /** Publishes every frame that a producer yields; resolves when the producer ends. */
  async take(frames: AsyncIterable<Frame>): Promise<void> {
    try {
      for await (const { data, at } of frames) this.publish(data, at);
    } finally {
      for (const reader of this.#readers) reader.end();
    }
  }

  /**
   * Numbers a frame and gives it to all consumers.
   *
   * @param at Wall time of its arrival, milliseconds since the Unix epoch. Default: now.
   */
  publish(jpeg: Uint8Array<ArrayBuffer>, at: number = this.#clock.wall()): void {
    const frame = frameOf(jpeg, ++this.#sequence, at);
    this.#newest = frame;
    this.#size = pictureSize(jpeg);
    this.#parts = new Map();
    this.#making = new Map();
    this.#demand.begin(frame.sequence);
    this.#send(frame, this.#consumers);
    for (const reader of this.#readers) reader.put(frame);
  }

  /**
   * Yields each new frame until the producer ends. Of the frames that come while the reader is busy,
   * only the newest is kept.
   */
  async *frames(): AsyncGenerator<Frame, void, void> {
    const reader = new Newest<Frame>();
    this.#readers.add(reader);
    try {
      yield* reader;
    } finally {
      this.#readers.delete(reader);
    }
  }

  /** Gives frames to the consumer from now on, beginning with the newest one. */
  join(consumer: Consumer): void {
    this.#consumers.add(consumer);
    this.refresh(consumer);
  }

  /** Gives no more frames to the consumer. */
  leave(consumer: Consumer): void {
    this.#consumers.delete(consumer);
  }

  /** Gives the newest frame again to a consumer that now wants another rendition. */
  refresh(consumer: Consumer): void {
    if (this.#newest) this.#send(this.#newest, [consumer]);
  }

  /** Returns the newest frame in that rendition if it is made or needs no making; else `null`. */
  partOf(rendition: Rendition): Part | null {
    if (!this.#newest) return null;
    return this.#parts.get(rendition) ?? this.#sourcePart(this.#newest, rendition);
  }

  /** Repeats the newest frame while no new one comes. Call this a few times a second. */
  tick(): void {
    const now = this.#clock.monotonic();
    this.#overdue.tick(now);
    if (!this.#newest || now - this.#sentAt < REPEAT_AFTER_MS) return;
    this.#demand.begin(this.#newest.sequence);
    this.#send(this.#newest, this.#consumers);
  }

  #send(frame: Frame, consumers: Iterable<Consumer>): void {
    if (consumers === this.#consumers) this.#sentAt = this.#clock.monotonic();
    const missing: Making[] = [];
    let measure = false;
    for (const consumer of consumers) {
      measure ||= consumer.followsMotion;
      const rendition = consumer.decide();
      if (!rendition) continue;
      const part = this.#parts.get(rendition) ?? this.#sourcePart(frame, rendition);
      if (part) {
        consumer.deliver(part);
        continue;
      }
      let making = this.#making.get(rendition);
      if (!making) {
        const weight = this.#demand.admit(consumer.origin);
        if (weight === null) {
          this.#giveNearest(frame, rendition, consumer);
          continue;
        }
        const isOverdue = this.#overdue.asked(rendition, this.#clock.monotonic());
        const nobody = { viewers: 0, origins: new Set<string>(), consumers: new Set<Consumer>() };
        making = { rendition, weight, isOverdue, ...nobody };
        if (consumer.origin !== null) making.origins.add(consumer.origin);
        this.#making.set(rendition, making);
        missing.push(making);
      }
      making.consumers.add(consumer);
      if (making.isOverdue) this.#giveSource(frame, [consumer]);
      if (consumer.origin === null) continue;
      making.viewers++;
      if (making.origins.has(consumer.origin)) continue;
      making.origins.add(consumer.origin);
      making.weight++;
    }
    const isNew = this.#luma?.sequence !== frame.sequence;
    if (missing.length > 0 || (measure && isNew && this.#motion.due(frame.at))) {
      this.#transcode(frame, missing);
    }
  }

  #sourcePart(frame: Frame, rendition: Rendition): Part | null {
    if (rendition !== SOURCE) return null;
    const part = encodePart(frame, rendition, frame.data);
    this.#parts.set(rendition, part);
    this.#onPart(part);
    return part;
  }

  #giveNearest(frame: Frame, rendition: Rendition, consumer: Consumer): void {
    const made = [...this.#parts.values(), ...this.#making.values()].map((one) => one.rendition);
    const nearest = nearestOf(rendition, made) ?? SOURCE;
    const part = this.#parts.get(nearest) ?? this.#sourcePart(frame, nearest);
    if (part) return consumer.deliver(part);
    const making = this.#making.get(nearest)!;
    making.consumers.add(consumer);
    if (making.isOverdue) this.#giveSource(frame, [consumer]);
  }

  /** Gives a frame's own bytes to those that wait for a rendition, unless a newer frame has come. */
  #giveSource(frame: Frame, consumers: Iterable<Consumer>): void {
    if (frame !== this.#newest) return;
    const part = this.#parts.get(SOURCE) ?? this.#sourcePart(frame, SOURCE)!;
    for (const consumer of consumers) if (this.#consumers.has(consumer)) consumer.deliver(part);
  }

  async #transcode(frame: Frame, wanted: readonly Making[]): Promise<void> {
    const { ordered, least } = this.#demand.order(wanted, frame.sequence);
    const luma = await this.#transcoder.transcode({
      stream: this.name,
      frame,
      renditions: ordered.map(({ rendition }) => rendition),
      least,
      previous: this.#luma?.plane,
      onOutput: (index, jpeg) => this.#finish(frame, ordered[index], jpeg),
      onFailure: () => {
        for (const { rendition, consumers } of ordered) {
          if (this.#making.has(rendition)) this.#giveSource(frame, consumers);
        }
      },
    });
    // Renditions that were left out can be asked for again.
    if (frame === this.#newest) {
      for (const { rendition } of ordered) this.#making.delete(rendition);
    }
    if (luma && frame.sequence > (this.#luma?.sequence ?? 0)) {
      this.#luma = { sequence: frame.sequence, plane: luma };
      this.#motion.observe(luma, frame.at);
    }
  }

  #finish(
    frame: Frame,
    { rendition, consumers }: Making,
    jpeg: Uint8Array<ArrayBuffer>,
  ): void {
    const part = encodePart(frame, rendition, jpeg);
    this.#onPart(part);
    this.#demand.made(rendition, frame.sequence);
    this.#overdue.made(rendition);
    if (frame === this.#newest) {
      this.#parts.set(rendition, part);
      this.#making.delete(rendition);
    }
    for (const consumer of consumers) {
      if (this.#consumers.has(consumer)) consumer.deliver(part);
    }
  }
}
