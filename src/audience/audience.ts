import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { Session, type SessionOptions } from "../consumers/session/session.ts";
import { DEFAULT_CHOICES } from "../consumers/session/choices.ts";
import type { Totals } from "../consumers/session/traffic.ts";
import { Emitter } from "../events.ts";
import type { Logger } from "../log/log.ts";
import { isSameViewer, type Kickable, Kicks } from "./kicks.ts";
import { KernelReports, type Remote, type StreamConnections } from "./kernel_reports.ts";
import type { Listening } from "./listening.ts";
import { PageReports } from "./page_reports.ts";
import { type Full, Seats } from "./seats.ts";
import type { StreamSessions } from "./stream_sessions.ts";
import { Uplink } from "./uplink.ts";

/** What the audience is built with. */
export interface AudienceOptions {
  /** The stream that viewers see. */
  readonly program: StreamSessions;
  /** The stream that the streamer's previews show. */
  readonly camera: StreamSessions;
  /** How much all viewers may use. */
  readonly limits: AudienceLimits;
  /** The connections of the sessions. */
  readonly connections: StreamConnections;
  /** Says who comes and leaves. */
  readonly log: Logger;
  /** The clock; a test gives its own. */
  readonly clock?: Clock;
}

/** How much all viewers may use. */
export interface AudienceLimits {
  /** Sessions of viewers at one time, in all. */
  readonly maxViewers: number;
  /** The same from one address. */
  readonly maxPerAddress: number;
  /** Bits a second that all viewers share; `null` for no limit. */
  readonly uplink: number | null;
}

/** The connection that a session would use. */
export interface SessionConnection extends Pick<SessionOptions, "isShared" | "onCut"> {
  /** The other end. */
  readonly remote: Remote;
  /** Whether the other end is a proxy, so that the kernel knows nothing of the client's link. */
  readonly isForwarded?: boolean;
}

/** What a stream request asks for. */
export interface Admission extends
  SessionConnection,
  Pick<
    SessionOptions,
    "id" | "choices" | "scale" | "page" | "device" | "fps" | "bits" | "video"
  > {
  /** Whose seats the viewer takes, an address or a network; by default the other end's. */
  readonly client?: string;
  /** A stream for this viewer alone, in place of what all see. */
  readonly own?: StreamSessions;
  /** Called when the session has ended. */
  readonly onLeave?: (session: Session) => void;
}

/** Previews at one time: the streamer's own tabs. */
const MAX_PREVIEWS = 8;

/** A client that reads nothing for this long is dropped. Milliseconds. */
const STALL_LIMIT_MS = 10_000;
const STALLED = "Dropped: nothing was read for 10 seconds";

const NOTHING: Totals = { frames: 0, bytes: 0, dropped: 0, changes: 0 };

/** What all viewers were sent. */
export interface AudienceTotals extends Totals {
  /** Sessions that were dropped because nothing was read. */
  readonly stalled: number;
}

/** Events of {@linkcode Audience}. */
export interface AudienceEvents {
  /** The streamer ended the streams of this viewer, who may return at `until`, as wall time. */
  readonly kick: { readonly viewer: Kickable; readonly until: number };
}

/** All sessions, and what they share: seats, the uplink, polls of the kernel. */
export class Audience {
  /** What happens to sessions. */
  readonly events: Emitter<AudienceEvents> = new Emitter();
  /** Takes the reports of pages. */
  readonly pages: PageReports = new PageReports();
  /** Whom the streamer kicked a moment ago. */
  readonly kicks: Kicks;
  /** Takes the kernel's reports. */
  readonly kernel: KernelReports;
  /** Those of the viewers. Programs that play only the sound take some of them. */
  readonly seats: Seats;
  readonly #program: StreamSessions;
  readonly #camera: StreamSessions;
  /** The streams of single viewers. */
  readonly #own = new Set<StreamSessions>();
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #uplink: Uplink;
  #stalled = 0;
  /** Bits a second that programs get. */
  #programBits = 0;
  /** Of sessions that have ended. */
  #ended = NOTHING;

  /** Starts without viewers. */
  constructor(options: AudienceOptions) {
    const { program, camera, limits, connections, log, clock = SYSTEM_CLOCK } = options;
    this.#program = program;
    this.#camera = camera;
    this.#log = log;
    this.#clock = clock;
    this.seats = new Seats({ total: limits.maxViewers, perAddress: limits.maxPerAddress });
    this.#uplink = new Uplink(limits.uplink, clock);
    this.kernel = new KernelReports(connections, clock);
    this.kicks = new Kicks(clock);
  }

  /** How many sessions viewers have open. */
  get count(): number {
    return this.#program.size + this.#own.size;
  }

  /** The sessions that viewers have open. */
  get viewers(): Iterable<Session> {
    if (this.#own.size === 0) return this.#program;
    return [this.#program, ...this.#own].flatMap((sessions) => [...sessions]);
  }

  /** What all viewers were sent since the start. */
  get totals(): AudienceTotals {
    const sent = [...this.viewers].reduce(
      (sum, { traffic }) => add(sum, traffic.totals),
      this.#ended,
    );
    return { ...sent, stalled: this.#stalled };
  }

  /** Opens a viewer's session if there is a seat; returns why there is none. */
  admit(admission: Admission): Session | Full {
    const { client = admission.remote.hostname } = admission;
    const full = this.seats.take(client);
    if (full) return full;
    const { id, choices, scale, page, device, fps, bits, video, own, onLeave } = admission;
    const stream = own ?? this.#program;
    if (own) this.#own.add(own);
    const session = this.#open(stream, admission, {
      ...{ id, choices, scale, page, device, fps, bits, video },
      origin: client,
      onEnd: (session) => {
        this.seats.leave(client);
        if (own) this.#own.delete(own);
        this.#ended = add(this.#ended, session.traffic.totals);
        this.pages.remove(session);
        this.#share();
        this.#log.debug("Viewer left", { client, viewers: this.count });
        onLeave?.(session);
      },
    });
    this.pages.add(session);
    this.#share();
    stream.begin(session);
    this.#log.debug("Viewer joined", { client, viewers: this.count });
    return session;
  }

  /** Opens a preview of the camera for the streamer, without taking a viewer's seat; `null` for too many. */
  preview(connection: SessionConnection): Session | null {
    if (this.#camera.size >= MAX_PREVIEWS) return null;
    const session = this.#open(this.#camera, connection, {
      id: null,
      choices: () => DEFAULT_CHOICES,
      onEnd: () => {},
    });
    this.#camera.begin(session);
    return session;
  }

  /**
   * Ends all sessions of the viewer who has the one with this id, and keeps them away for a minute.
   *
   * @returns Whether there is such a session.
   */
  kick(id: string): boolean {
    const sessions = [...this.viewers];
    const kicked = sessions.find(({ connection }) => connection === id);
    if (!kicked) return false;
    const viewer = kickable(kicked);
    this.kicks.add(viewer);
    this.#log.info("Kicked a viewer", { device: kicked.device });
    this.events.emit("kick", { viewer, until: this.kicks.until(viewer) });
    for (const session of sessions) if (isSameViewer(kickable(session), viewer)) session.close();
    return true;
  }

  /** Returns whether a session is still open. */
  has(session: Session): boolean {
    return this.#streams.some((stream) => stream.has(session));
  }

  /** Returns whether a viewer has a session open, by the id in their cookie. */
  isWatching(id: string): boolean {
    for (const session of this.viewers) if (session.id === id) return true;
    return false;
  }

  /** Brings changed choices of a viewer to their running sessions at once. */
  refresh(id: string): void {
    this.#share();
    for (const stream of [this.#program, ...this.#own]) stream.refresh(id);
  }

  /** Lets a viewer's sessions count double until this wall time, milliseconds since the Unix epoch. */
  prioritise(id: string, until: number): void {
    this.#uplink.prioritise(id, until);
    this.#share();
  }

  /** Leaves programs what they get, in bits a second: nothing of theirs can be made smaller. */
  leaveToPrograms(bits: number): void {
    this.#programBits = bits;
  }

  /**
   * Reserves what the pages that listen need for the sound, and programs for all, before pictures are chosen.
   * Call this a few times a second.
   */
  reserve(listening: Iterable<Listening>): void {
    const all = [...listening];
    this.pages.reserve(all);
    this.#uplink.reserve(all.reduce((sum, { bits }) => sum + bits, this.#programBits));
  }

  /** Redistributes the uplink and drops clients that read nothing. Call this a few times a second. */
  tick(): void {
    this.#share();
    for (const stream of this.#streams) {
      stream.survey();
      for (const session of [...stream]) {
        session.traffic.observe();
        if (session.traffic.stalledFor >= STALL_LIMIT_MS) this.#drop(session);
      }
    }
  }

  /** Ends all sessions. */
  close(): void {
    for (const session of this.#streams.flatMap((stream) => [...stream])) session.close();
  }

  get #streams(): readonly StreamSessions[] {
    return [this.#program, this.#camera, ...this.#own];
  }

  #open(
    stream: StreamSessions,
    { remote, isForwarded = false, isShared, onCut }: SessionConnection,
    options: Pick<SessionOptions, "id" | "choices" | "onEnd"> & Partial<SessionOptions>,
  ): Session {
    const session = new Session({
      ...options,
      conditions: stream.conditions,
      // The kernel's reports of a connection to a proxy are about the proxy.
      isPolled: !isForwarded,
      isShared,
      clock: this.#clock,
      onCut,
      onEnd: (session) => {
        stream.remove(session);
        if (!isForwarded) this.kernel.remove(remote, session);
        options.onEnd(session);
      },
    });
    stream.add(session);
    if (!isForwarded) this.kernel.add(remote, session);
    return session;
  }

  #drop(session: Session): void {
    if (!this.#camera.has(session)) {
      this.#stalled++;
      this.#log.debug("Viewer dropped: it read nothing for 10 seconds");
    }
    session.abort(STALLED);
  }

  #share(): void {
    for (const { conditions } of this.#streams) conditions.update();
    this.#uplink.divide([...this.viewers]);
  }
}

function kickable({ id, origin, device }: Session): Kickable {
  return { id, client: origin ?? "", device };
}

function add(one: Totals, other: Totals): Totals {
  return {
    frames: one.frames + other.frames,
    bytes: one.bytes + other.bytes,
    dropped: one.dropped + other.dropped,
    changes: one.changes + other.changes,
  };
}
