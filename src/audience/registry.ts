import { maxMinShares } from "./fairness.ts";
import { Ladder } from "../consumers/session/ladder.ts";
import { RateMeter } from "../consumers/session/rate.ts";
import { socketKey, type SocketStatistics } from "../net/socket_statistics.ts";
import { Trials } from "../consumers/session/trials.ts";
import type { Consumer } from "../streams/hub.ts";
import type { Part } from "../media/multipart.ts";
import type { Quality, Scale } from "../media/rendition.ts";
import type { Delivery } from "../live_messages.ts";
import type { Logger } from "../log/log.ts";
import type { StreamSettings } from "../consumers/session/settings.ts";
import { Surveyor } from "./surveyor.ts";
import {
  type Conditions,
  type PageReport,
  type Totals,
  Viewer,
} from "../consumers/session/viewer.ts";

/** Where viewers get their frames; the hub. */
export interface Broadcast {
  join(consumer: Consumer): void;
  leave(consumer: Consumer): void;
  refresh(consumer: Consumer): void;
}

export interface RegistryOptions {
  readonly broadcast: Broadcast;
  readonly gaming: { readonly quality: Quality };
  /** Viewers at one time, in all and from one address. */
  readonly maxViewers: number;
  readonly maxPerAddress: number;
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
  readonly settings: () => StreamSettings;
  /** The largest size they want; read at every frame. */
  readonly scale?: () => Scale;
  /** The other end of the connection. */
  readonly remote: { readonly hostname: string; readonly port: number };
  /** Whose seats the viewer takes, an address or a network; by default the other end's. */
  readonly client?: string;
  /** Whether the other end is a proxy, so that the kernel knows nothing of the viewer's link. */
  readonly isForwarded?: boolean;
  /** Whether the connection may carry other answers at the same time, as by HTTP/2. */
  readonly isShared?: boolean;
  /** What the viewer's page calls this stream. */
  readonly stream?: string | null;
  /** What the viewer watches with, for people: `Chrome on Android`. */
  readonly device?: string;
  /** Called before the connection of one who takes nothing is cut. */
  readonly onCut?: () => void;
  readonly fps?: number;
  /** The most bits a second they want. */
  readonly bits?: number;
}

/** Why no one more may watch: as many do as are allowed, in all or from their address. */
export type Full = "full" | "address full";

/** A page's report, and of whose stream. */
export interface Painted extends PageReport {
  readonly viewer: string | null;
  readonly stream: string;
}

/** A viewer who reads nothing for this long is dropped. Milliseconds. */
const STALL_LIMIT_MS = 10_000;

/** So long it is not known how many frames a source gives. Milliseconds. */
const YOUNG_MS = 1000;

/** Everyone who watches now, and what they share. */
export class Registry {
  readonly #options: Required<RegistryOptions>;
  readonly #viewers = new Set<Viewer>();
  /** How many watch from each address. */
  readonly #addresses = new Map<string, number>();
  /** By the other end of the connection: by HTTP/2, one connection may show several streams. */
  readonly #connections = new Map<string, Set<Viewer>>();
  /** Those whose page reports, by {@linkcode reporterKey}. */
  readonly #reporters = new Map<string, Viewer>();
  /** Until when they count double, on the clock that nobody sets; by the id in their cookie. */
  readonly #priorities = new Map<string, number>();
  /** The source's own stream. */
  readonly #source = new RateMeter();
  readonly #ladder = new Ladder();
  readonly #surveyor: Surveyor;
  readonly #conditions: Conditions & { fps: number };
  #stalled = 0;
  /** Of those who are gone. */
  #gone: Totals = { frames: 0, bytes: 0, dropped: 0, changes: 0 };

  constructor(options: RegistryOptions) {
    const { gaming, fps } = options;
    this.#options = { now: () => performance.now(), ...options };
    this.#conditions = {
      ladder: this.#ladder,
      trials: new Trials(),
      fps,
      get gaming() {
        return gaming.quality;
      },
    };
    this.#surveyor = new Surveyor(this.#ladder, this.#options.now);
    options.broadcast.join(this.#surveyor);
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

  /** Of everyone since the start. */
  get totals(): Totals {
    return [...this.#viewers].reduce((sum, viewer) => add(sum, viewer.totals), this.#gone);
  }

  /** Frames a second that the camera gives, and their bits. */
  get sourceRate() {
    return this.#source.rate(this.#options.now());
  }

  /** Counts a frame of the source. */
  countFrame(bytes: number): void {
    this.#source.count(bytes, this.#options.now());
  }

  /** Counts a part that was made, so that it is known how large its rendition is. */
  measured({ rendition, jpeg }: Part): void {
    this.#ladder.measured(rendition, jpeg.length, this.#options.now());
  }

  /** Lets one more connection watch, if there is room. */
  admit(admission: Admission): Viewer | Full {
    const { remote, client = remote.hostname, isForwarded = false, ...rest } = admission;
    const { maxViewers, maxPerAddress, now } = this.#options;
    if (this.#viewers.size >= maxViewers) return "full";
    const sameAddress = this.#addresses.get(client) ?? 0;
    if (sameAddress >= maxPerAddress) return "address full";
    this.#addresses.set(client, sameAddress + 1);
    // Of a connection to a proxy the kernel tells how that proxy takes what is sent.
    const key = isForwarded ? null : socketKey(remote);
    const viewer = new Viewer({
      ...rest,
      origin: client,
      conditions: this.#conditions,
      asks: !isForwarded,
      now,
      onEnd: (viewer) => {
        this.#leave(client);
        this.#remove(key, viewer);
        this.#options.log.debug("A viewer left", { client, viewers: this.#viewers.size });
      },
    });
    this.#viewers.add(viewer);
    if (key !== null) {
      this.#connections.set(key, (this.#connections.get(key) ?? new Set()).add(viewer));
    }
    // A page that reconnects goes on under the same name, maybe before its old connection is gone.
    if (viewer.stream !== null) this.#reporters.set(reporterKey(viewer.id, viewer.stream), viewer);
    this.#share();
    this.#options.broadcast.join(viewer);
    this.#options.log.debug("A viewer came", { client, viewers: this.#viewers.size });
    return viewer;
  }

  /** Whether this viewer still watches. */
  has(viewer: Viewer): boolean {
    return this.#viewers.has(viewer);
  }

  /** Brings changed settings of a viewer to their running streams at once. */
  refresh(id: string): void {
    this.#share();
    for (const viewer of this.viewers) {
      if (viewer.id === id) this.#options.broadcast.refresh(viewer);
    }
  }

  /** Lets a viewer count double until then; milliseconds since the Unix epoch. */
  prioritise(id: string, until: number): void {
    this.#priorities.set(id, this.#options.now() + until - Date.now());
    this.#share();
  }

  /** Takes a page's report. Reports of streams that are not this viewer's are ignored. */
  painted({ viewer, stream, ...report }: Painted): void {
    this.#reporters.get(reporterKey(viewer, stream))?.painted(report);
  }

  /** The page that reported of this stream can do so no more, until it does again. */
  silent(viewer: string | null, stream: string): void {
    this.#reporters.get(reporterKey(viewer, stream))?.silent();
  }

  /** How a viewer's stream arrives; `null` when this viewer has no such stream. */
  deliveryOf(viewer: string | null, stream: string): Delivery | null {
    return this.#reporters.get(reporterKey(viewer, stream))?.delivery ?? null;
  }

  /** How soon the kernel has to be asked what has arrived. Milliseconds; `Infinity` for not at all. */
  get askEvery(): number {
    let soonest = Infinity;
    for (const viewer of this.viewers) soonest = Math.min(soonest, viewer.askEvery);
    return soonest;
  }

  /**
   * To be called before the kernel is asked; gives what takes its answer, by the other end of the
   * connection as {@linkcode socketKey} writes it.
   */
  asking(): (sockets: ReadonlyMap<string, SocketStatistics>) => void {
    const at = this.#options.now();
    const asked = [...this.#connections].flatMap(([key, viewers]) => {
      const isShared = viewers.size > 1;
      return [...viewers].map((viewer) => ({ key, viewer, written: viewer.written, isShared }));
    });
    return (sockets) => {
      for (const { key, viewer, written, isShared } of asked) {
        const socket = sockets.get(key);
        if (!socket) continue;
        viewer.told(isShared ? withoutArrival(socket) : socket, written, at);
      }
    };
  }

  /** To be called some times a second: shares the uplink anew and drops who reads nothing. */
  tick(): void {
    this.#share();
    this.#surveyor.watch(this.viewers);
    for (const viewer of [...this.viewers]) {
      if (viewer.stalledFor < STALL_LIMIT_MS) continue;
      this.#stalled++;
      viewer.abort("Dropped: nothing was read for 10 seconds");
      this.#options.log.debug("Dropped a viewer who read nothing for 10 seconds");
    }
  }

  /** Ends everyone's stream. */
  close(): void {
    for (const viewer of [...this.viewers]) viewer.close();
  }

  #leave(address: string): void {
    const left = this.#addresses.get(address)! - 1;
    if (left === 0) this.#addresses.delete(address);
    else this.#addresses.set(address, left);
  }

  #remove(key: string | null, viewer: Viewer): void {
    this.#viewers.delete(viewer);
    this.#gone = add(this.#gone, viewer.totals);
    if (key !== null) {
      const others = this.#connections.get(key);
      others?.delete(viewer);
      if (others?.size === 0) this.#connections.delete(key);
    }
    const reporter = reporterKey(viewer.id, viewer.stream ?? "");
    if (this.#reporters.get(reporter) === viewer) this.#reporters.delete(reporter);
    this.#options.broadcast.leave(viewer);
    this.#share();
  }

  #share(): void {
    const { uplink, fps } = this.#options;
    const now = this.#options.now();
    // A source that has just begun, or begins again, will soon give all the frames asked of it.
    const isYoung = this.#source.since(now) < YOUNG_MS;
    this.#conditions.fps = isYoung ? fps : this.#source.rate(now).frames;
    for (const [id, until] of this.#priorities) if (until <= now) this.#priorities.delete(id);
    if (uplink === null) return;
    const viewers = [...this.viewers];
    const sharers = viewers.map(({ demand, id }) => ({
      demand,
      weight: id !== null && this.#priorities.has(id) ? 2 : 1,
    }));
    maxMinShares(uplink, sharers).forEach((share, i) => viewers[i].share = share);
  }
}

/**
 * Of several streams on one connection it is not known which one's bytes have arrived, or have been
 * read: each takes all that waits for its own.
 */
function withoutArrival(socket: SocketStatistics): SocketStatistics {
  const { acknowledged: _, window: __, windowClosed: ___, ...rest } = socket;
  return rest;
}

function add(one: Totals, other: Totals): Totals {
  return {
    frames: one.frames + other.frames,
    bytes: one.bytes + other.bytes,
    dropped: one.dropped + other.dropped,
    changes: one.changes + other.changes,
  };
}

/** Stands for one stream of one person; a name says nothing without the person who gave it. */
function reporterKey(id: string | null, stream: string): string {
  return `${id ?? ""} ${stream}`;
}
