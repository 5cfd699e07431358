import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { encodePart, type Part } from "../media/multipart.ts";
import type { LumaPlane } from "../media/luma_plane.ts";
import type { Frame } from "../media/packet.ts";
import { type Rendition, SOURCE } from "../media/rendition.ts";
import type { Job } from "../transcode/job.ts";
import type { Consumer } from "./consumer.ts";
import { Demand, nearestOf, type Wanted } from "./demand.ts";
import { OverdueRenditions } from "./overdue.ts";

/** Makes renditions of frames. */
export interface Transcoder {
  /** Resolves to the frame's luma plane, or `null` where there is none. */
  transcode(job: Job): Promise<LumaPlane | null>;
}

/** Measures motion between frames. */
export interface MotionObserver {
  /** Whether a frame of that wall time is to be measured. */
  due(at: number): boolean;
  /** Measures a frame of that wall time. */
  observe(plane: LumaPlane, at: number): void;
}

/** What a part maker is built with. */
export interface PartMakerOptions {
  /** Names the stream among all others. */
  readonly name: string;
  /** Makes what is not the source's own bytes. */
  readonly transcoder: Transcoder;
  /** Whether other streams come first. Default: false. */
  readonly isDeferred?: boolean;
  /** By default, motion is not measured. */
  readonly motion?: MotionObserver;
  /** Called once for each part that is made. */
  readonly onPart?: (part: Part) => void;
  /** The clock; a test gives its own. */
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

const UNMEASURED: MotionObserver = { due: () => false, observe: () => {} };

/**
 * Makes each wanted rendition of a stream's newest frame once for all consumers, and none that nobody
 * wants. A consumer beyond its address's share of renditions gets the nearest one that is made anyway.
 * If a rendition fails or takes two seconds, consumers get the source's own bytes: each link takes as
 * many of those as it can carry.
 */
export class PartMaker {
  readonly #name: string;
  readonly #transcoder: Transcoder;
  readonly #isDeferred: boolean;
  readonly #motion: MotionObserver;
  readonly #onPart: (part: Part) => void;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #isJoined: (consumer: Consumer) => boolean;
  #frame: Frame | null = null;
  /** The parts made of the frame so far, by rendition. */
  #parts = new Map<Rendition, Part>();
  /** The renditions of the frame that are being made. */
  #making = new Map<Rendition, Making>();
  readonly #demand = new Demand();
  readonly #overdue = new OverdueRenditions();
  #luma: { readonly sequence: number; readonly plane: LumaPlane } | null = null;

  /**
   * Has no frame yet.
   *
   * @param isJoined Whether a consumer still takes parts.
   */
  constructor(options: PartMakerOptions, isJoined: (consumer: Consumer) => boolean) {
    const { name, transcoder, isDeferred = false, motion = UNMEASURED } = options;
    const { onPart = () => {}, clock = SYSTEM_CLOCK } = options;
    this.#name = name;
    this.#transcoder = transcoder;
    this.#isDeferred = isDeferred;
    this.#motion = motion;
    this.#onPart = onPart;
    this.#clock = clock;
    this.#isJoined = isJoined;
  }

  /** Takes a new frame in place of the one before. */
  begin(frame: Frame): void {
    this.#frame = frame;
    this.#parts = new Map();
    this.#making = new Map();
    this.#demand.begin(frame.sequence);
  }

  /** Counts the renditions of each address again, as the same frame is given again. */
  repeat(): void {
    if (this.#frame) this.#demand.begin(this.#frame.sequence);
  }

  /** Forgets renditions that nobody waits for any more. Call this a few times a second. */
  tick(): void {
    this.#overdue.tick(this.#clock.monotonic());
  }

  /** Returns the frame in that rendition if it is made or needs no making; else `null`. */
  partOf(rendition: Rendition): Part | null {
    if (!this.#frame) return null;
    return this.#parts.get(rendition) ?? this.#sourcePart(this.#frame, rendition);
  }

  /** Gives the frame to consumers, each in the rendition that it decides on. */
  give(consumers: Iterable<Consumer>): void {
    const frame = this.#frame;
    if (!frame) return;
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
        const isOverdue = this.#overdue.wanted(rendition, this.#clock.monotonic());
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
    if (frame !== this.#frame) return;
    const part = this.#parts.get(SOURCE) ?? this.#sourcePart(frame, SOURCE)!;
    for (const consumer of consumers) if (this.#isJoined(consumer)) consumer.deliver(part);
  }

  async #transcode(frame: Frame, wanted: readonly Making[]): Promise<void> {
    const { ordered, least } = this.#demand.order(wanted, frame.sequence);
    const luma = await this.#transcoder.transcode({
      stream: this.#name,
      frame,
      isDeferred: this.#isDeferred,
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
    // Consumers may want again what was left out.
    if (frame === this.#frame) {
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
    if (frame === this.#frame) {
      this.#parts.set(rendition, part);
      this.#making.delete(rendition);
    }
    for (const consumer of consumers) {
      if (this.#isJoined(consumer)) consumer.deliver(part);
    }
  }
}
