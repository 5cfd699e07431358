import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import type { Delivery, Why } from "../../live_messages.ts";
import type { Part } from "../../media/multipart.ts";
import { Rendition, type Scale } from "../../media/rendition.ts";
import type { SocketStatistics } from "../../net/socket_statistics.ts";
import type { PageReport } from "./acknowledgement.ts";
import { besideSound } from "./beside_sound.ts";
import { qualityOf, type SessionChoices } from "./choices.ts";
import type { Conditions } from "./conditions.ts";
import type { Bounds } from "./controller.ts";
import { Outlet } from "./outlet.ts";
import { Steering } from "./steering.ts";
import { VideoFeed } from "./video_feed.ts";
import type { VideoChoice } from "./video_offer.ts";

/** What the traffic of a session is built with. */
export interface TrafficOptions {
  /** Those of the stream that it sends. */
  readonly conditions: Conditions;
  /** Read at every frame, so that a change takes effect on the running session. */
  readonly choices: () => SessionChoices;
  /** The largest size to send; read at every frame, as the source's size may change. Default: 1. */
  readonly scale?: () => Scale;
  /** Whether the client is a page that reports what it paints. */
  readonly reports: boolean;
  /** Whether the kernel, where it can be polled at all, knows the client's link. Default: true. */
  readonly isPolled?: boolean;
  /** Whether the connection may carry other answers at the same time, as by HTTP/2. Default: false. */
  readonly isShared?: boolean;
  /** The most frames a second to send; no limit by default. */
  readonly fps?: number;
  /** The most bits a second to send; no limit by default. */
  readonly bits?: number;
  /** When to send H.264 to a client that can play it; default: never. */
  readonly video?: VideoChoice;
  /** The clock; a test gives its own. */
  readonly clock?: Clock;
  /** Called once when the response has ended, whoever ended it. */
  readonly onEnd: () => void;
}

/** Counts that only rise. */
export interface Totals {
  /** Frames that were sent, repeated ones too. */
  readonly frames: number;
  /** Bytes that were sent, with what frames the pictures. */
  readonly bytes: number;
  /** Frames that a newer one replaced before the link could take them. */
  readonly dropped: number;
  /** How often the link or the uplink changed the quality. */
  readonly changes: number;
}

/** What one session sends: fitted to its choices, its link and its share of the uplink. */
export class Traffic {
  /** Where the parts leave. */
  readonly outlet: Outlet;
  readonly #options: TrafficOptions;
  readonly #fps: number;
  readonly #bits: number;
  readonly #clock: Clock;
  readonly #steering: Steering;
  /** `null` for a client that cannot play H.264. */
  readonly #feed: VideoFeed | null;
  #share = Infinity;
  #reserved = 0;

  /** Has sent nothing yet. */
  constructor(options: TrafficOptions) {
    const { conditions: { ladder, probes }, reports, isPolled = true, isShared } = options;
    const { fps = Infinity, bits = Infinity, clock = SYSTEM_CLOCK, video, onEnd } = options;
    this.#options = options;
    this.#fps = fps;
    this.#bits = bits;
    this.#clock = clock;
    this.#steering = new Steering({
      ladder,
      probes,
      reports,
      isPolled: isPolled && Deno.build.os === "linux",
      isShared,
      at: clock.monotonic(),
    });
    this.outlet = new Outlet({
      steering: this.#steering,
      allowance: () => this.#allowance(),
      ...(video && {
        gate: {
          takesPicture: (sequence) => this.#feed!.takesPicture(sequence),
          wrotePicture: () => this.#feed!.wrotePicture(),
        },
      }),
      clock,
      onEnd: () => {
        this.#feed?.close();
        onEnd();
      },
    });
    this.#feed = video ? this.#feedFrom(options.conditions) : null;
  }

  /** The share of the uplink, in bits a second. */
  get share(): number {
    return this.#share;
  }

  set share(share: number) {
    this.#share = share;
  }

  /** Bits a second of its page's sound, which comes before the picture; 0 while the page does not listen. */
  get reserved(): number {
    return this.#reserved;
  }

  set reserved(bits: number) {
    this.#reserved = bits;
    this.#steering.reserve(bits);
  }

  /** Bytes written so far. */
  get written(): number {
    return this.#steering.written;
  }

  /** What happened to the frames so far. */
  get totals(): Totals {
    const { sent: frames, dropped } = this.outlet;
    return { frames, bytes: this.written, dropped, changes: this.#steering.course.changes };
  }

  /** What is given, and how it arrives. */
  get delivery(): Delivery {
    const { codec, quality, scale } = this.outlet.given ?? this.#ceiling();
    const { frames, bits } = this.outlet.rate;
    const { delay, changes } = this.#steering.course;
    return {
      codec,
      quality,
      scale,
      why: this.#why(),
      fps: Math.round(frames * 10) / 10,
      kbps: Math.round(bits / 1000),
      delay: delay === null ? null : Math.round(this.outlet.before + delay),
      dropped: this.outlet.dropped,
      changes,
    };
  }

  /** The best rendition it may have, while link or allowance allow only less; else `null`. */
  get loweredFrom(): Rendition | null {
    const { obstacle } = this.#steering.course;
    return obstacle === "link" || obstacle === "allowance" ? this.#ceiling() : null;
  }

  /** Whether the quality follows motion. */
  get followsMotion(): boolean {
    return this.#options.choices().mode === "gaming";
  }

  /** Bits a second that would be of use. */
  get demand(): number {
    const allowance = this.#own;
    return Math.min(allowance, this.#steering.demand({ ...this.#bounds(), allowance }));
  }

  /** How often the kernel has to be polled. Milliseconds; `Infinity` for not at all. */
  get pollEvery(): number {
    if (this.#options.isPolled === false) return Infinity;
    const { ladder, fps } = this.#options.conditions;
    const bits = ladder.under(this.#ceiling())[0].bytes * 8;
    return this.#steering.pollEvery(this.#clock.monotonic(), bits * Math.min(this.#fps, fps));
  }

  /** For how long nothing of what was sent has arrived. Milliseconds. */
  get stalledFor(): number {
    return this.#steering.stalledFor(this.#clock.monotonic());
  }

  /** Decides which JPEG is given of the next frame, if any. To be called once for each frame. */
  decide(): Rendition | null {
    const bounds = this.#bounds();
    const wanted = this.#steering.decide(this.#clock.monotonic(), bounds);
    if (!this.#feed) return wanted;
    return this.#feed.decide(wanted, () => this.#steering.bridge(wanted, bounds));
  }

  /** Takes the JPEG that was decided on, or one in its place. */
  put(part: Part): void {
    if (this.#feed?.takesPicture(part.frame.sequence) ?? true) this.outlet.put(part);
  }

  /** Learns from what has or has not arrived by now. To be called a few times a second. */
  observe(): void {
    this.#steering.observe(this.#clock.monotonic());
  }

  /** Takes a page's report of its stream. */
  acknowledgePage({ sequence, ago, arrived }: PageReport): void {
    const now = this.#clock.monotonic();
    this.#steering.acknowledgePage({
      painted: { sequence, at: now - ago },
      ...(arrived && { arrived: { sequence: arrived.sequence, at: now - arrived.ago } }),
    }, now);
    this.outlet.flush();
  }

  /** Expects no more reports of the page, for now. */
  pageLeft(): void {
    this.#steering.pageLeft();
  }

  /** Takes the kernel's report of the monotonic time `at`; nothing was written since. */
  acknowledgeByKernel(socket: SocketStatistics, at: number): void {
    this.#steering.acknowledgeByKernel(socket, at);
    this.outlet.flush();
  }

  #why(): Why {
    const { obstacle } = this.#steering.course;
    if (obstacle === "link" || obstacle === "reader") return obstacle;
    // Viewers chose what they allow themselves.
    if (obstacle === "allowance") return this.#share < this.#own ? "uplink" : "chosen";
    return this.followsMotion ? "motion" : "chosen";
  }

  /** Returns what is given while neither link nor allowance are in the way. */
  #ceiling(): Rendition {
    const { choices, conditions, scale } = this.#options;
    const { mode, quality, filter } = choices();
    const best = mode === "gaming" ? conditions.gaming : qualityOf(quality);
    return Rendition.of({ quality: best, scale: scale?.() ?? 1, filter });
  }

  #bounds(): Bounds {
    const { video, conditions } = this.#options;
    const fps = Math.min(this.#fps, conditions.fps);
    const bounds = { ceiling: this.#ceiling(), fps, allowance: this.#allowance() };
    // H.264 cannot leave frames out.
    if (!video || this.#feed?.hasFailed || this.#fps < conditions.fps) return bounds;
    return { ...bounds, offer: conditions.video.for(video) };
  }

  #feedFrom({ video: { tracks } }: Conditions): VideoFeed {
    const clock = this.#clock, steering = this.#steering;
    return new VideoFeed(tracks, {
      get now() {
        return clock.monotonic();
      },
      get lag() {
        return steering.lag;
      },
    }, this.outlet);
  }

  #allowance(): number {
    return Math.min(this.#share, this.#own);
  }

  /** The bits a second that its URL asks for, without the sound. */
  get #own(): number {
    return besideSound(this.#bits, this.#reserved);
  }
}
