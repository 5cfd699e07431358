import { lowerOf, shareOf } from "../bandwidth/controller.ts";
import { RateMeter } from "../bandwidth/rate.ts";
import type { Consumer } from "../broadcast/hub.ts";
import type { Quality } from "../frame.ts";
import type { Logger } from "../log.ts";
import type { Settings } from "./settings.ts";
import { askedQuality, type Conditions, Viewer } from "./viewer.ts";

/** Where viewers get their frames; the hub. */
export interface Broadcast {
  join(consumer: Consumer): void;
  leave(consumer: Consumer): void;
  refresh(consumer: Consumer): void;
}

export interface RegistryOptions {
  readonly broadcast: Broadcast;
  readonly gaming: { readonly quality: Quality };
  readonly maxViewers: number;
  /** Frames a second that were asked of the camera. */
  readonly fps: number;
  /** Bits per second that all viewers share; `null` for no limit. */
  readonly uplink: number | null;
  readonly log: Logger;
  /** Milliseconds of a clock that nobody sets. */
  readonly now?: () => number;
}

/** What a stream request asks for. */
export interface Admission {
  readonly id: string | null;
  readonly settings: () => Settings;
  readonly fps?: number;
}

/** A viewer who reads nothing for this long is dropped. Milliseconds. */
const STALL_LIMIT_MS = 10_000;

/** Everyone who watches now, and what they share. */
export class Registry {
  readonly #options: Required<RegistryOptions>;
  readonly #viewers = new Set<Viewer>();
  /** The source's own stream, against which the uplink is worth so and so much. */
  readonly #source = new RateMeter();
  readonly #conditions: Conditions;
  #shareQuality: Quality = "source";
  #stalled = 0;

  constructor(options: RegistryOptions) {
    this.#options = { now: () => performance.now(), ...options };
    const share = () => this.#shareQuality;
    this.#conditions = {
      get gaming() {
        return options.gaming.quality;
      },
      get share() {
        return share();
      },
    };
  }

  get count(): number {
    return this.#viewers.size;
  }

  get viewers(): Iterable<Viewer> {
    return this.#viewers;
  }

  /** Viewers who were dropped because they read nothing. */
  get stalled(): number {
    return this.#stalled;
  }

  /** Frames a second that the camera gives, and their bits. */
  get sourceRate() {
    return this.#source.rate(this.#options.now());
  }

  /** Whether the share of the uplink gives less than these settings ask for. */
  isLowered(settings: Settings): boolean {
    const asked = askedQuality(settings, this.#conditions);
    return lowerOf(asked, this.#shareQuality) !== asked;
  }

  /** Counts a frame of the source. */
  countFrame(bytes: number): void {
    this.#source.count(bytes, this.#options.now());
  }

  /** Lets one more connection watch; `null` when there are as many as allowed. */
  admit(admission: Admission): Viewer | null {
    if (this.#viewers.size >= this.#options.maxViewers) return null;
    const viewer = new Viewer({
      ...admission,
      conditions: this.#conditions,
      now: this.#options.now,
      onEnd: (viewer) => this.#remove(viewer),
    });
    this.#viewers.add(viewer);
    this.#share();
    this.#options.broadcast.join(viewer);
    return viewer;
  }

  /** Brings changed settings of a viewer to their running streams at once. */
  refresh(id: string): void {
    for (const viewer of this.#viewers) {
      if (viewer.id === id) this.#options.broadcast.refresh(viewer);
    }
  }

  /** To be called some times a second: shares the uplink anew and drops who reads nothing. */
  tick(): void {
    this.#share();
    for (const viewer of [...this.#viewers]) {
      if (viewer.stalledFor < STALL_LIMIT_MS) continue;
      this.#stalled++;
      viewer.abort("Dropped: nothing was read for 10 seconds");
      this.#options.log.debug("Dropped a viewer who read nothing for 10 seconds");
    }
  }

  /** Ends everyone's stream. */
  close(): void {
    for (const viewer of [...this.#viewers]) viewer.close();
  }

  #remove(viewer: Viewer): void {
    this.#viewers.delete(viewer);
    this.#options.broadcast.leave(viewer);
    this.#share();
  }

  #share(): void {
    const { uplink, fps } = this.#options;
    const { frames, bits } = this.sourceRate;
    // A source that has just begun, or begins again, will soon give all the frames asked of it.
    const full = frames === 0 ? 0 : bits / frames * Math.max(frames, fps);
    this.#shareQuality = shareOf(uplink, this.count, full);
  }
}
