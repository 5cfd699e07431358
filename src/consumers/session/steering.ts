import type { Rendition } from "../../media/rendition.ts";
import type { PageAcknowledgement } from "./acknowledgement.ts";
import { type Arrival, Backlog } from "./backlog.ts";
import { type Bounds, Controller } from "./controller.ts";
import type { Ladder } from "./ladder.ts";
import { Link } from "./link.ts";
import { pollInterval } from "./poll_interval.ts";
import { Reader } from "./reader.ts";
import type { Obstacle } from "./rung_choice.ts";
import { SoundRoom } from "./sound_room.ts";
import type { SocketStatistics } from "../../net/socket_statistics.ts";
import type { Probes } from "./probes.ts";
import type { Departure } from "./sent_parts.ts";

/** This much may be under way beyond the base delay when the next frame is sent. Milliseconds. */
const ROOM_MS = 40;
/** How often to look for a queue while the link's capacity is unknown. Milliseconds. */
const LOOK_MS = 50;
/** The second part waits no longer than this for proof that the first one arrived. Milliseconds. */
const FIRST_MS = 1000;
/** On a link of unknown capacity, a longer queue holds the next frame back. Milliseconds. */
const UNKNOWN_QUEUE_MS = 50;
/** An older report of the kernel says nothing of a queue now. Milliseconds. */
const OLD_MS = 200;
/** An allowance may be used this much ahead, as frames do not come evenly. Milliseconds. */
const AHEAD_MS = 250;

/** A younger connection is not known well. Milliseconds. */
const NEW_MS = 2000;
/** What the kernel has not taken within this time waits for a queue. Milliseconds. */
const STUCK_MS = 60;

/** How a session fares. */
export interface Course {
  /** Milliseconds from the camera to the client; `null` before it is known. */
  readonly delay: number | null;
  /** How often the link or the allowance changed the rendition. */
  readonly changes: number;
  /** What keeps the session from its ceiling or from all frames. */
  readonly obstacle: Obstacle | "reader";
}

/** What steering is built with. */
export interface SteeringOptions {
  /** The sizes of the stream's renditions. */
  readonly ladder: Ladder;
  /** Those of all sessions that may share a link with this one. */
  readonly probes: Probes;
  /** Whether the client is a page that reports what it paints. */
  readonly reports: boolean;
  /** Whether the kernel is polled for what has arrived. */
  readonly isPolled: boolean;
  /** Whether the connection carries other answers, too. Default: false. */
  readonly isShared?: boolean;
  /** When the connection began. Monotonic time in milliseconds, as all times here. */
  readonly at: number;
}

/** Fits what one session is sent to its link and its allowance: what, and when. */
export class Steering {
  readonly #backlog: Backlog;
  readonly #link = new Link();
  readonly #reader = new Reader();
  readonly #controller: Controller;
  readonly #reports: boolean;
  readonly #isShared: boolean;
  /** Whether anything acknowledges that the first part arrived. */
  readonly #expectsProof: boolean;
  /** When the allowance would have carried all that was sent. Milliseconds. */
  #paidUntil = -Infinity;
  readonly #soundRoom = new SoundRoom();
  #firstAt = Infinity;
  #hasBegun = false;
  #known: Arrival | null = null;
  /** Frames a second that there are. */
  #mostFps = Infinity;
  /** When something last arrived, or nothing was under way. */
  #progressAt: number;

  /** Knows nothing of the link yet. */
  constructor(options: SteeringOptions) {
    const { ladder, probes, reports, isPolled, isShared = false, at } = options;
    this.#expectsProof = reports || isPolled;
    this.#reports = reports;
    this.#isShared = isShared;
    this.#backlog = new Backlog(reports, at);
    this.#progressAt = at;
    this.#controller = new Controller(ladder, this.#link, probes);
  }

  /** How the session fares. */
  get course(): Course {
    const { changes, obstacle } = this.#controller;
    const { delay } = this.#backlog;
    return { delay, changes, obstacle: obstacle ?? (this.#reader.isLate ? "reader" : null) };
  }

  /** Bytes sent so far. */
  get written(): number {
    return this.#backlog.total;
  }

  /** Returns how many bytes of padding to add to the next part, which has `bytes` bytes. */
  paddingOf(bytes: number): number {
    return this.#controller.padding || this.#reader.padding(bytes);
  }

  /**
   * Returns how often the kernel has to be polled, by how near the link is to what the session could
   * need. Milliseconds.
   *
   * @param need Bits a second.
   */
  pollEvery(now: number, need: number): number {
    const { queueTime } = this.#backlog;
    return pollInterval({
      isNew: now - this.#firstAt < NEW_MS,
      isReaderLate: this.#reader.isLate,
      isQueued: this.#isQueued || this.#backlog.stuckFor(now) > STUCK_MS,
      queueTime,
      capacity: this.#link.capacity,
    }, need);
  }

  /** Returns for how long nothing of what is under way has arrived. Milliseconds. */
  stalledFor(now: number): number {
    const hasProgress = this.#hasProgress(this.#arrivalAt(now));
    const stalledFor = hasProgress ? 0 : now - this.#progressAt;
    // What arrives over a shared connection may be of another answer; only nothing is of all.
    return this.#isShared ? Math.max(stalledFor, this.#backlog.stuckFor(now)) : stalledFor;
  }

  /** Leaves this many bits a second of the link to the sound that the page hears; 0 while it does not listen. */
  reserve(bits: number): void {
    this.#soundRoom.isKept = bits > 0;
    this.#controller.reserve(bits);
  }

  /** Returns the bits a second that would be of use to the session. */
  demand(bounds: Bounds): number {
    return this.#controller.demand(this.#read(bounds));
  }

  /** Decides what the session is given of the next frame. To be called once for each frame. */
  decide(now: number, bounds: Bounds): Rendition {
    this.observe(now);
    this.#mostFps = bounds.fps;
    const { fps } = this.#reader;
    const taken = fps < Infinity ? Math.min(1, fps / bounds.fps) : null;
    return this.#controller.decide(now, this.#read(bounds), taken);
  }

  /** Returns the JPEG to give in place of H.264 for the moment. */
  bridge(rendition: Rendition, bounds: Bounds): Rendition {
    return this.#controller.bridge(rendition, this.#read(bounds));
  }

  /** How long the oldest sent byte has waited beyond the base delay, when last observed. Milliseconds. */
  get lag(): number {
    return this.#link.queueing;
  }

  /** Notes that a key packet leaves, several times as large as others. */
  wroteKey(now: number): void {
    this.#controller.wroteKey(now);
  }

  /** Learns from what has arrived by now, and from what should have. */
  observe(now: number): void {
    const arrival = this.#arrivalAt(now);
    if (this.#hasProgress(arrival)) this.#progressAt = now;
    if (arrival === this.#known) return;
    this.#known = arrival;
    this.#link.observe(arrival);
  }

  /** The bounds with no more frames than the reader takes. */
  #read(bounds: Bounds): Bounds {
    const { fps } = this.#reader;
    return fps < bounds.fps ? { ...bounds, fps } : bounds;
  }

  /**
   * Returns how long to wait until a part may be sent, by what was last observed; 0 for not at all.
   * Milliseconds.
   */
  waitFor(now: number): number {
    const link = this.#link;
    const wait = Math.max(
      0,
      this.#paidUntil - AHEAD_MS - now,
      this.#reader.waitFor(now),
      this.#isEmpty ? 0 : this.#soundRoom.waitFor(now),
    );
    // A newer frame can go when TCP continues.
    if (link.transport.isPausing && this.#backlog.unsentAt(now, 0) > 0) return LOOK_MS;
    if (link.capacity === Infinity) {
      if (this.#isFirstUnderWay(now)) return LOOK_MS;
      return this.#seesQueue(now) ? Math.max(LOOK_MS, wait) : wait;
    }
    const room = ROOM_MS * link.pace / 8000, way = link.baseDelay * link.pace / 8000;
    const excess = Math.max(
      link.backlogAt(now, this.#backlog.total) - way - room,
      this.#backlog.unsentAt(now, link.pace) - room,
    );
    if (excess <= 0) return wait;
    return Math.max(wait, Math.min(LOOK_MS * 5, excess * 8000 / link.pace));
  }

  /** Counts a frame to be sent; `held` if it had to wait so long that a newer one came. */
  offered(now: number, held: boolean): void {
    const isTransient = this.#isFirstUnderWay(now) || this.#link.transport.isWaiting(now);
    if (held && (this.#reader.isSuspect || isTransient)) return;
    this.#controller.offered(held);
  }

  /** Counts a part that leaves, against the allowance in bits a second. */
  wrote(part: Departure, allowance: number): void {
    this.#firstAt = Math.min(this.#firstAt, part.at);
    this.#backlog.wrote(part);
    if (!this.#reports) this.#reader.wrote(part.bytes);
    this.#paidUntil = Math.max(this.#paidUntil, part.at) + part.bytes * 8000 / allowance;
    this.#soundRoom.wrote(part, this.#link.pace);
  }

  /** Takes a page's report, which came at `now`. */
  acknowledgePage({ painted, arrived }: PageAcknowledgement, now: number): void {
    if (arrived) this.#backlog.acknowledgeArrival(arrived.sequence, arrived.at, now);
    if (painted) this.#backlog.acknowledgePainted(painted.sequence, painted.at);
  }

  /** Expects no more reports of the page, for now. */
  pageLeft(): void {
    this.#backlog.pageLeft();
  }

  /** Takes the kernel's report of the time `at`; nothing was written since. */
  acknowledgeByKernel(socket: SocketStatistics, at: number): void {
    const delivered = this.#backlog.acknowledgeByKernel(socket, at);
    const { transport } = this.#link;
    transport.take(socket, at);
    if (!this.#hasBegun) transport.begin(this.#firstAt);
    this.#hasBegun = this.#firstAt < Infinity;
    // A page reports what arrived, and a browser that reads late does so because of its link.
    if (this.#reports) return;
    const wasLate = this.#reader.isLate, { fps } = this.#reader;
    const { written } = this, { isBusy } = transport;
    this.#reader.observe(socket, { delivered, written, at, most: this.#mostFps, isBusy });
    if (this.#reader.isBlamed) this.#backlog.blameReader(this.#reader.unread);
    // A queue on the way is the link's, however late the reader is.
    if (isBusy) return;
    if (!wasLate && this.#reader.isLate) this.#controller.acquit(at);
    // What seemed to be the link's capacity was the reader's.
    const isPrompt = fps < Infinity && this.#reader.fps === Infinity;
    if ((this.#reader.isBlamed || isPrompt) && this.#controller.isFree) this.#link.forget();
  }

  /** Notes that the body stream asks for more. */
  pulled(at: number): void {
    this.#backlog.pulled(at);
  }

  /** Returns whether there is a queue, or was just now, on a link whose capacity is unknown. */
  #seesQueue(now: number): boolean {
    if (!this.#known) return false;
    const isOld = this.#known.evidence === "kernel" && now - this.#known.at > OLD_MS;
    return !isOld && this.#isQueued;
  }

  /** Whether everything that was sent is known to have arrived. */
  get #isEmpty(): boolean {
    return this.#known !== null && this.#known.arrived >= this.#backlog.total;
  }

  get #isQueued(): boolean {
    return this.#link.isQueued && this.#link.queueing > UNKNOWN_QUEUE_MS;
  }

  /** Returns whether the first part, which shows what a new link is worth, may not have arrived. */
  #isFirstUnderWay(now: number): boolean {
    if (!this.#expectsProof || this.#backlog.total === 0) return false;
    return now - this.#firstAt < FIRST_MS && !this.#backlog.hasProof;
  }

  #arrivalAt(now: number): Arrival {
    return this.#backlog.arrival(now, this.#link.baseDelay);
  }

  /** Returns whether something arrived since the last observation, or nothing is under way. */
  #hasProgress(arrival: Arrival): boolean {
    if (arrival.backlog === 0 && !arrival.isUnread) return true;
    // What another kind of evidence says has arrived need not have arrived since.
    const isSame = arrival.evidence === this.#known?.evidence;
    return isSame && arrival.arrived > this.#known!.arrived;
  }
}
