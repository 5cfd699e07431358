import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { StreamConditions, type StreamConditionsOptions } from "../consumers/session/conditions.ts";
import type { Session } from "../consumers/session/session.ts";
import type { Size } from "../media/jpeg/size.ts";
import { Replay, type ReplayChange } from "../producers/replay/replay.ts";
import type { PlayheadStart } from "../producers/replay/playhead.ts";
import type { Past } from "../streams/past.ts";
import type { Transcoder } from "../streams/part_maker.ts";
import type { SoundStream } from "../streams/sound_stream.ts";
import { Stream } from "../streams/stream.ts";
import type { Admission, Audience } from "./audience.ts";
import type { Full } from "./seats.ts";
import { StreamSessions } from "./stream_sessions.ts";

/** What replays are built with. */
export interface ReplaysOptions {
  /** What they show. */
  readonly past: Past;
  /** The viewers' sessions. */
  readonly audience: Pick<Audience, "admit">;
  /** Makes renditions. */
  readonly transcoder: Transcoder;
  /** What their quality depends on, as of the program. */
  readonly conditions: Required<
    Pick<StreamConditionsOptions, "source" | "gaming" | "ladder" | "probes">
  >;
  /** The clock; a test gives its own. */
  readonly clock?: Clock;
}

/** What a request for the past asks for: a seat, and where to begin. */
export interface ReplayAdmission extends Omit<Admission, "own" | "onLeave" | "video" | "scale"> {
  /** Returns the largest scale to send, by the size of the frames. Default: their own size. */
  readonly scaleOf?: (size: Size | null) => ReturnType<NonNullable<Admission["scale"]>>;
  /** Where it begins. */
  readonly start: PlayheadStart;
}

/** A viewer's session of the past. */
interface Running {
  readonly replay: Replay;
  readonly stream: Stream;
}

/**
 * Rewound viewers. Each has their own stream, whose producer reads the ring; everything else works as it does
 * live.
 */
export class Replays {
  readonly #options: Required<ReplaysOptions>;
  readonly #running = new Map<Session, Running>();
  /** Those that a page can change, by {@linkcode keyOf}. */
  readonly #byPage = new Map<string, Running>();
  #opened = 0;

  /** Begins without viewers. */
  constructor(options: ReplaysOptions) {
    this.#options = { clock: SYSTEM_CLOCK, ...options };
    options.past.events.on("clear", () => this.close());
  }

  /** How many viewers watch the past. */
  get count(): number {
    return this.#running.size;
  }

  /** Opens a viewer's session if there is a seat; returns why there is none. */
  open({ start, scaleOf, ...admission }: ReplayAdmission): Session | Full {
    const { past, audience, transcoder, conditions, clock } = this.#options;
    const { source, gaming, ladder, probes } = conditions;
    const replay = new Replay(past, start, clock);
    const own = new StreamConditions({
      source: {
        get fps() {
          return Math.max(1, source.fps * replay.speed);
        },
      },
      gaming,
      ladder: ladder.copy(),
      probes,
      clock,
    });
    const stream = new Stream({
      name: `replay ${++this.#opened}`,
      transcoder,
      isDeferred: true,
      onPart: (part) => own.measured(part),
      clock,
    });
    const session = audience.admit({
      ...admission,
      scale: scaleOf && (() => scaleOf(stream.size)),
      own: new StreamSessions(stream, own, clock),
      onLeave: (session) => this.#end(session),
    });
    if (typeof session === "string") return session;
    const running = { replay, stream };
    this.#running.set(session, running);
    if (session.page !== null) this.#byPage.set(keyOf(session.id, session.page), running);
    stream.take(replay.packets());
    return session;
  }

  /** Changes what a page's session shows; ignores one that is not this viewer's, or not of the past. */
  change(viewer: string | null, page: string, change: ReplayChange): void {
    this.#byPage.get(keyOf(viewer, page))?.replay.change(change);
  }

  /** Returns the sound of a page's session; `null` if it is none of the past. */
  soundOf(viewer: string | null, page: string): SoundStream | null {
    return this.#byPage.get(keyOf(viewer, page))?.replay.sound ?? null;
  }

  /** Repeats the frames of those that are paused. Call this a few times a second. */
  tick(): void {
    for (const { stream } of this.#running.values()) stream.tick();
  }

  /** Ends all sessions of the past. */
  close(): void {
    for (const session of [...this.#running.keys()]) session.close();
  }

  #end(session: Session): void {
    const running = this.#running.get(session);
    if (!running) return;
    this.#running.delete(session);
    const key = keyOf(session.id, session.page ?? "");
    if (this.#byPage.get(key) === running) this.#byPage.delete(key);
    running.replay.stop();
  }
}

/** A page's name for its session means nothing without the viewer. */
function keyOf(viewer: string | null, page: string): string {
  return `${viewer ?? ""} ${page}`;
}
