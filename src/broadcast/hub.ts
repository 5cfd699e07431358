import { type Frame, isSource, type LumaPlane, type Rendition, renditionKey } from "../frame.ts";
import type { Transcoded } from "../transcode/codec.ts";
import { encodePart, type Part } from "./multipart.ts";

/** Whoever watches, as the hub knows them. */
export interface Consumer {
  /** Whether what they are given depends on motion, so that it has to be measured. */
  readonly followsMotion: boolean;
  /** What they want now; `null`: not this frame. */
  wants(): Rendition | null;
  deliver(part: Part): void;
}

/** What the hub needs of the transcoder pool. */
export interface Transcoder {
  /** Gives `null` where the frame was corrupt or a newer one took its place. */
  transcode(
    frame: Frame,
    renditions: readonly Rendition[],
    previous?: LumaPlane,
  ): Promise<Transcoded | null>;
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

/** A rendition that is to be made, and who waits for it. */
interface Missing {
  readonly rendition: Rendition;
  readonly consumers: ReadonlySet<Consumer>;
}

/** While the camera gives no frame, viewers get the newest one again this often. Milliseconds. */
const REPEAT_AFTER_MS = 1000;

/**
 * Gives every new frame to everyone who watches. Each rendition that somebody wants is made once,
 * those that nobody wants are not made, and only the newest frame is held.
 */
export class Hub {
  readonly #transcoder: Transcoder;
  readonly #motion: MotionObserver;
  readonly #onPart: (part: Part) => void;
  readonly #now: () => number;
  readonly #consumers = new Set<Consumer>();
  #sequence = 0;
  #newest: Frame | null = null;
  #sentAt = 0;
  /** The parts made of the newest frame so far, by rendition. */
  #parts = new Map<string, Part>();
  /** Who waits for a rendition of the newest frame that is being made. */
  #making = new Map<string, Set<Consumer>>();
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

  /** Gives a new picture to everyone who watches. */
  publish(jpeg: Uint8Array<ArrayBuffer>): void {
    const frame = { sequence: ++this.#sequence, capturedAt: this.#now(), jpeg };
    this.#newest = frame;
    this.#parts = new Map();
    this.#making = new Map();
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

  /** To be called some times a second: repeats the newest frame while no new one comes. */
  tick(): void {
    const elapsed = this.#now() - this.#sentAt;
    // A clock that was set back must not end the repeats until it is where it was.
    if (this.#newest && (elapsed >= REPEAT_AFTER_MS || elapsed < 0)) {
      this.#send(this.#newest, this.#consumers);
    }
  }

  #send(frame: Frame, consumers: Iterable<Consumer>): void {
    if (consumers === this.#consumers) this.#sentAt = this.#now();
    const missing: Missing[] = [];
    let measure = false, key = "", last: Rendition | null = null;
    for (const consumer of consumers) {
      measure ||= consumer.followsMotion;
      const rendition = consumer.wants();
      if (!rendition) continue;
      if (rendition !== last) key = renditionKey(last = rendition);
      const part = this.#parts.get(key) ?? this.#sourcePart(frame, rendition, key);
      if (part) {
        consumer.deliver(part);
        continue;
      }
      const waiting = this.#making.get(key);
      if (waiting) {
        waiting.add(consumer);
        continue;
      }
      const waiters = new Set([consumer]);
      this.#making.set(key, waiters);
      missing.push({ rendition, consumers: waiters });
    }
    const isNew = this.#luma?.sequence !== frame.sequence;
    if (missing.length > 0 || (measure && isNew && this.#motion.due(frame.capturedAt))) {
      this.#transcode(frame, missing);
    }
  }

  #sourcePart(frame: Frame, rendition: Rendition, key: string): Part | null {
    if (!isSource(rendition)) return null;
    const part = encodePart(frame, rendition, frame.jpeg);
    this.#parts.set(key, part);
    this.#onPart(part);
    return part;
  }

  async #transcode(frame: Frame, wanted: readonly Missing[]): Promise<void> {
    const renditions = wanted.map((entry) => entry.rendition);
    const made = await this.#transcoder.transcode(frame, renditions, this.#luma?.plane);
    if (frame === this.#newest) {
      for (const rendition of renditions) this.#making.delete(renditionKey(rendition));
    }
    if (!made) return;
    if (frame.sequence > (this.#luma?.sequence ?? 0)) {
      this.#luma = { sequence: frame.sequence, plane: made.luma };
      this.#motion.observe(made.luma, frame.capturedAt);
    }
    wanted.forEach(({ rendition, consumers }, i) => {
      const part = encodePart(frame, rendition, made.outputs[i]);
      this.#onPart(part);
      if (frame === this.#newest) this.#parts.set(renditionKey(rendition), part);
      for (const consumer of consumers) {
        if (this.#consumers.has(consumer)) consumer.deliver(part);
      }
    });
  }
}
