import type { Rendition } from "../../media/rendition.ts";
import { type Arrival, Backlog } from "./backlog.ts";
import { type Bounds, Controller, type Obstacle } from "./controller.ts";
import type { Ladder } from "./ladder.ts";
import { Link } from "./link.ts";
import { Reader } from "./reader.ts";
import type { SocketStatistics } from "../../net/socket_statistics.ts";
import type { Trials } from "./trials.ts";

/** So much may be under way, beyond what is usual, when the next frame is sent. Milliseconds. */
const ROOM_MS = 60;
/** While nothing is known of what the link carries, a queue is looked after this often. Milliseconds. */
const LOOK_MS = 50;
/** The second part waits no longer than this for proof that the first one arrived. Milliseconds. */
const FIRST_MS = 1000;
/** A queue of a link of which nothing is known holds the next frame back from this on. Milliseconds. */
const UNKNOWN_QUEUE_MS = 50;
/** What the kernel told longer ago says nothing of a queue by now. Milliseconds. */
const OLD_MS = 200;
/** An allowance may be used so much ahead, as frames do not come evenly. Milliseconds. */
const AHEAD_MS = 250;

const ASK_OFTEN_MS = 100;
const ASK_AT_TIMES_MS = 500;
const ASK_SELDOM_MS = 2000;
/** A link that is known to carry less than so many times the need may soon carry too little. */
const NARROW = 4;
/**
 * So may one in which a frame's packets wait so long behind each other: half the time that the frame
 * takes. What the kernel calls the delivery rate is of no use here, as a token bucket on the way
 * lets a frame's first packets through at once.
 */
const NARROW_QUEUE_MS = 2;
const WIDE_QUEUE_MS = 0.4;
/** So long nothing is known for sure of a connection. Milliseconds. */
const NEW_MS = 2000;
/** What the kernel has not taken by then waits for a queue. Milliseconds. */
const STUCK_MS = 60;

/** A part that leaves for a viewer. */
export interface Departure {
  readonly sequence: number;
  /** Bytes, with all that frames them on the way. */
  readonly bytes: number;
  /** When the camera gave the frame; milliseconds of a clock that nobody sets, as `at`. */
  readonly capturedAt: number;
  readonly at: number;
}

export interface SteeringOptions {
  readonly ladder: Ladder;
  /** Of everyone who may share a link with this viewer. */
  readonly trials: Trials;
  /** Whether the viewer is a page that reports what it paints. */
  readonly reports: boolean;
  /** Whether the kernel is asked what has arrived. */
  readonly asks: boolean;
  /** When the connection began. */
  readonly at: number;
}

/** Fits what one viewer is sent to their link and their share: what, and when. */
export class Steering {
  readonly #backlog: Backlog;
  readonly #link = new Link();
  /** Whether the viewer is a page that reports what it paints. */
  readonly #reports: boolean;
  readonly #reader = new Reader();
  readonly #controller: Controller;
  /** When the allowance would have carried all that was sent. Milliseconds. */
  #paidUntil = -Infinity;
  #firstAt = Infinity;
  /** Whether the first part has arrived, or nothing will tell. */
  #isProven: boolean;
  #known: Arrival | null = null;
  /** Frames a second that there are. */
  #mostFps = Infinity;
  /** When something last arrived, or nothing was under way. */
  #progressAt: number;

  constructor({ ladder, trials, reports, asks, at }: SteeringOptions) {
    this.#isProven = !(reports || asks);
    this.#reports = reports;
    this.#backlog = new Backlog(reports, at);
    this.#progressAt = at;
    this.#controller = new Controller(ladder, this.#link, trials);
  }

  /** From the camera to the viewer, in milliseconds; `null` before it is known. */
  get delay(): number | null {
    return this.#backlog.delay;
  }

  get changes(): number {
    return this.#controller.changes;
  }

  get obstacle(): Obstacle | "reader" {
    return this.#controller.obstacle ?? (this.#reader.isLate ? "reader" : null);
  }

  /** Bytes to add to the next part, of so many bytes, of which the viewer sees nothing. */
  paddingOf(bytes: number): number {
    return this.#controller.padding || this.#reader.padding(bytes);
  }

  /**
   * How often the kernel has to be asked what has arrived, by how near the link is to what the
   * viewer could need. Milliseconds; `Infinity` while the page tells it.
   *
   * @param need Bits a second.
   */
  askEvery(now: number, need: number): number {
    if (this.#backlog.arrival(now).evidence === "page") return Infinity;
    const isNew = now - this.#firstAt < NEW_MS;
    if (isNew || this.#reader.isLate) return ASK_OFTEN_MS;
    if (this.#backlog.stuckFor(now) > STUCK_MS) return ASK_OFTEN_MS;
    if (this.#link.isQueued && this.#link.queueing > UNKNOWN_QUEUE_MS) return ASK_OFTEN_MS;
    const { queueTime } = this.#backlog;
    if (this.#link.capacity < NARROW * need || queueTime > NARROW_QUEUE_MS) return ASK_OFTEN_MS;
    return queueTime > WIDE_QUEUE_MS ? ASK_AT_TIMES_MS : ASK_SELDOM_MS;
  }

  /** How long nothing of what is under way has arrived. Milliseconds. */
  stalledFor(now: number): number {
    this.#look(now);
    return now - this.#progressAt;
  }

  /** How long the body has not asked for more since the last part was written. Milliseconds. */
  stuckFor(now: number): number {
    return this.#backlog.stuckFor(now);
  }

  /** Bytes written so far. */
  get written(): number {
    return this.#backlog.total;
  }

  demand(bounds: Bounds): number {
    return this.#controller.demand(this.#read(bounds));
  }

  /** What the viewer is to be given of the next frame. */
  decide(now: number, bounds: Bounds): Rendition {
    this.#look(now);
    this.#mostFps = bounds.fps;
    const { fps } = this.#reader;
    const taken = fps < Infinity ? Math.min(1, fps / bounds.fps) : null;
    return this.#controller.decide(now, this.#read(bounds), taken);
  }

  /** The bounds with no more frames than the reader takes. */
  #read(bounds: Bounds): Bounds {
    const { fps } = this.#reader;
    return fps < bounds.fps ? { ...bounds, fps } : bounds;
  }

  /** How long to wait until a part may be sent; 0 when it may be sent now. Milliseconds. */
  waitFor(now: number): number {
    this.#look(now);
    const link = this.#link;
    const wait = Math.max(0, this.#paidUntil - AHEAD_MS - now, this.#reader.waitFor(now));
    if (link.capacity === Infinity) {
      if (this.#isFirstUnderWay(now)) return LOOK_MS;
      return this.#seesQueue(now) ? Math.max(LOOK_MS, wait) : wait;
    }
    const room = (ROOM_MS + link.way) * link.pace / 8000;
    const excess = link.backlogAt(now, this.#backlog.total) - room;
    if (excess <= 0) return wait;
    return Math.max(wait, Math.min(LOOK_MS * 5, excess * 8000 / link.pace));
  }

  /** A frame was there to be sent; `held` says that it had to wait so long that a newer one came. */
  offered(now: number, held: boolean): void {
    if (held && (this.#reader.isSuspect || this.#isFirstUnderWay(now))) return;
    this.#controller.offered(held);
  }

  wrote(part: Departure, allowance: number): void {
    this.#firstAt = Math.min(this.#firstAt, part.at);
    this.#backlog.wrote(part);
    if (!this.#reports) this.#reader.wrote(part.bytes);
    this.#paidUntil = Math.max(this.#paidUntil, part.at) + part.bytes * 8000 / allowance;
  }

  painted(sequence: number, at: number): void {
    this.#backlog.painted(sequence, at);
  }

  came(sequence: number, at: number, told: number): void {
    this.#backlog.came(sequence, at, told);
  }

  /** The page can report no more, for now. */
  silent(): void {
    this.#backlog.silent();
  }

  asked(socket: SocketStatistics, written: number, at: number): void {
    const delivered = this.#backlog.asked(socket, written, at);
    // A page says itself what came, and a browser that reads late does so for its link.
    if (this.#reports) return;
    const wasLate = this.#reader.isLate, { fps } = this.#reader;
    this.#reader.observe(socket, delivered, written, at, this.#mostFps);
    if (this.#reader.isBlamed) this.#backlog.blameReader(this.#reader.unread);
    if (!wasLate && this.#reader.isLate) this.#controller.acquit(at);
    // What was taken for the link's capacity was the reader's.
    const isPrompt = fps < Infinity && this.#reader.fps === Infinity;
    if ((this.#reader.isBlamed || isPrompt) && this.#controller.isFree) this.#link.forget();
  }

  pulled(at: number): void {
    this.#backlog.pulled(at);
  }

  /** Whether there is a queue on a link of which nothing else is known: there was one just now. */
  #seesQueue(now: number): boolean {
    const isOld = this.#known!.evidence === "kernel" && now - this.#known!.at > OLD_MS;
    return !isOld && this.#link.isQueued && this.#link.queueing > UNKNOWN_QUEUE_MS;
  }

  /** A link of which nothing is known yet shows what it is worth by the very first part. */
  #isFirstUnderWay(now: number): boolean {
    if (!this.#isProven && this.#backlog.total > 0) {
      this.#isProven = this.#backlog.hasProof || now - this.#firstAt >= FIRST_MS;
    }
    return !this.#isProven && this.#backlog.total > 0;
  }

  #look(now: number): void {
    const arrival = this.#backlog.arrival(now, this.#link.way);
    // What another kind of evidence says has arrived need not have arrived since.
    const isSame = arrival.evidence === this.#known?.evidence;
    const hasProgress = isSame && arrival.arrived > this.#known!.arrived;
    const isIdle = arrival.backlog === 0 && !arrival.isUnread;
    if (isIdle || hasProgress) this.#progressAt = now;
    if (arrival === this.#known) return;
    this.#known = arrival;
    this.#link.observe(arrival);
  }
}
