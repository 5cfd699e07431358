import type { LumaPlane } from "../media/luma_plane.ts";
import { type Frame, frameOf } from "../media/packet.ts";
import { type Rendition, SOURCE } from "../media/rendition.ts";
import { pictureSize, type Size } from "../media/jpeg/size.ts";
import type { Job } from "../transcode/job.ts";
import { Demand, nearestOf, type Wanted } from "./demand.ts";
import { encodePart, type Part } from "../media/multipart.ts";
import { OverdueRenditions } from "./overdue.ts";

/** Whoever watches, as the hub knows them. */
export interface Consumer {
  /** Whether what they are given depends on motion, so that it has to be measured. */
  readonly followsMotion: boolean;
  /** Stands for the address they watch from, whose share is bounded; `null` for the program itself. */
  readonly origin: string | null;
  /** What they want now; `null`: not this frame. */
  wants(): Rendition | null;
  deliver(part: Part): void;
}

/** What the hub needs of the transcoder pool. */
export interface Transcoder {
  transcode(job: Job): Promise<LumaPlane | null>;
}

/** What the hub needs of the measurement of motion. */
export interface MotionObserver {
  due(at: number): boolean;
  observe(plane: LumaPlane, at: number): void;
}

export interface HubOptions {
  readonly transcoder: Transcoder;
  readonly motion: MotionObserver;
  /** Told of every part that is made, once. */
  readonly onPart?: (part: Part) => void;
  /** Milliseconds since the Unix epoch. */
  readonly now?: () => number;
}

/** A rendition that is being made, and who waits for it. */
interface Making extends Wanted {
  weight: number;
  viewers: number;
  readonly origins: Set<string>;
  readonly consumers: Set<Consumer>;
  /** Whether none was made for so long that those who wait are given the source's frame. */
  readonly isOverdue: boolean;
}

/** While the camera gives no frame, viewers get the newest one again this often. Milliseconds. */
const REPEAT_AFTER_MS = 1000;

/**
 * Gives every new frame to everyone who watches. Each rendition that somebody wants is made once,
 * those that nobody wants are not made, and only the newest frame is held. Who asks for more
 * renditions than one address may have made gets the nearest that is made anyway. Where a frame
 * cannot be made into a rendition, or is not for two seconds, viewers get the source's own: each link
 * takes as many of those as it can carry.
 */
export class Hub {
  readonly #transcoder: Transcoder;
  readonly #motion: MotionObserver;
  readonly #onPart: (part: Part) => void;
  readonly #now: () => number;
  readonly #consumers = new Set<Consumer>();
  #sequence = 0;
  #newest: Frame | null = null;
  #size: Size | null = null;
  #sentAt = 0;
  /** The parts made of the newest frame so far, by rendition. */
  #parts = new Map<Rendition, Part>();
  /** The renditions of the newest frame that are being made. */
  #making = new Map<Rendition, Making>();
  readonly #demand = new Demand();
  readonly #overdue = new OverdueRenditions();
  #luma: { readonly sequence: number; readonly plane: LumaPlane } | null = null;

  constructor({ transcoder, motion, onPart = () => {}, now = Date.now }: HubOptions) {
    this.#transcoder = transcoder;
    this.#motion = motion;
    this.#onPart = onPart;
    this.#now = now;
  }

  /** The newest frame; `null` until there is one. */
  get newest(): Frame | null {
    return this.#newest;
  }

  /** Width and height of the newest frame; `null` until there is one, or where it names none. */
  get size(): Size | null {
    return this.#size;
  }

  /**
   * Gives a new frame to all consumers.
   *
   * @param capturedAt When it came from the source, in milliseconds since the Unix epoch. Default: now.
   */
  publish(jpeg: Uint8Array<ArrayBuffer>, capturedAt: number = this.#now()): void {
    const frame = frameOf(jpeg, ++this.#sequence, capturedAt);
    this.#newest = frame;
    this.#size = pictureSize(jpeg);
    this.#parts = new Map();
    this.#making = new Map();
    this.#demand.begin(frame.sequence);
    this.#send(frame, this.#consumers);
  }

  /** Begins to give frames to the consumer, first of all the newest one. */
  join(consumer: Consumer): void {
    this.#consumers.add(consumer);
    this.refresh(consumer);
  }

  leave(consumer: Consumer): void {
    this.#consumers.delete(consumer);
  }

  /** Gives the newest frame once more to a consumer who now wants another rendition. */
  refresh(consumer: Consumer): void {
    if (this.#newest) this.#send(this.#newest, [consumer]);
  }

  /** The newest frame in that rendition, if it is there already or is the source's own; else `null`. */
  partOf(rendition: Rendition): Part | null {
    if (!this.#newest) return null;
    return this.#parts.get(rendition) ?? this.#sourcePart(this.#newest, rendition);
  }

  /** To be called some times a second: repeats the newest frame while no new one comes. */
  tick(): void {
    this.#overdue.tick(this.#now());
    const elapsed = this.#now() - this.#sentAt;
    // A clock that was set back must not end the repeats until it is where it was.
    if (this.#newest && (elapsed >= REPEAT_AFTER_MS || elapsed < 0)) {
      this.#demand.begin(this.#newest.sequence);
      this.#send(this.#newest, this.#consumers);
    }
  }

  #send(frame: Frame, consumers: Iterable<Consumer>): void {
    if (consumers === this.#consumers) this.#sentAt = this.#now();
    const missing: Making[] = [];
    let measure = false;
    for (const consumer of consumers) {
      measure ||= consumer.followsMotion;
      const rendition = consumer.wants();
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
        const isOverdue = this.#overdue.asked(rendition, this.#now());
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

  /** Gives the source's own bytes of a frame to who waits for a rendition, unless a newer one came. */
  #giveSource(frame: Frame, consumers: Iterable<Consumer>): void {
    if (frame !== this.#newest) return;
    const part = this.#parts.get(SOURCE) ?? this.#sourcePart(frame, SOURCE)!;
    for (const consumer of consumers) if (this.#consumers.has(consumer)) consumer.deliver(part);
  }

  async #transcode(frame: Frame, wanted: readonly Making[]): Promise<void> {
    const { ordered, least } = this.#demand.order(wanted, frame.sequence);
    const luma = await this.#transcoder.transcode({
      stream: "program",
      frame,
      renditions: ordered.map(({ rendition }) => rendition),
      least,
      previous: this.#luma?.plane,
      onOutput: (index, jpeg) => this.#take(frame, ordered[index], jpeg),
      onFailure: () => {
        for (const { rendition, consumers } of ordered) {
          if (this.#making.has(rendition)) this.#giveSource(frame, consumers);
        }
      },
    });
    // What was left out can be asked for again.
    if (frame === this.#newest) {
      for (const { rendition } of ordered) this.#making.delete(rendition);
    }
    if (luma && frame.sequence > (this.#luma?.sequence ?? 0)) {
      this.#luma = { sequence: frame.sequence, plane: luma };
      this.#motion.observe(luma, frame.at);
    }
  }

  #take(frame: Frame, { rendition, consumers }: Making, jpeg: Uint8Array<ArrayBuffer>): void {
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
