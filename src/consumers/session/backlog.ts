import type { SocketStatistics } from "../../net/socket_statistics.ts";

/** Where it is known from what has arrived, the best first. */
export type Evidence = "page" | "kernel" | "pull";

/** What of the written bytes had arrived at one time. */
export interface Arrival {
  readonly evidence: Evidence;
  /** Milliseconds of a clock that nobody sets, as all times here. */
  readonly at: number;
  /** Bytes that had arrived since the connection began. */
  readonly arrived: number;
  /** Bytes that had been written but had not arrived. */
  readonly backlog: number;
  /** How long the oldest of them had been on their way. Milliseconds; 0 with nothing under way. */
  readonly waiting: number;
  /** How long the newest part that arrived had been on its way, or less. Milliseconds. */
  readonly way: number;
  /** Bytes of that part; 0 where `way` is that of a single packet. */
  readonly bytes: number;
  /** Whether some of what was written waits for the reader, which does not count as backlog. */
  readonly isUnread?: boolean;
}

interface Written {
  readonly sequence: number;
  readonly bytes: number;
  /** Bytes written with and before this part. */
  end: number;
  readonly at: number;
  /** When the camera gave the frame, on the same clock. */
  readonly capturedAt: number;
}

/** A page that has painted nothing for this long may have gone to sleep; others are asked then. */
const PAGE_SILENCE_MS = 2500;
/** The time between two reports of a page while it paints. */
const PAGE_REPORTS_MS = 100;
/** A busy device may be later than that, up to so much. */
const SLOWEST_REPORTS_MS = 400;
/** That a page tells nothing for so long while it should tells that nothing arrives. Milliseconds. */
const PAGE_STALL_MS = 300;
/** What the kernel told longer ago than this is of no more use than what the body stream tells. */
const KERNEL_AGE_MS = 5000;
/** More parts than that are never on their way: they are written no faster than they arrive. */
const MAX_PARTS = 256;
/** Whether a part waits for longer than this makes no difference. Milliseconds. */
const OLDEST_PART_MS = 600;

/**
 * What was written to one viewer and has not arrived, by the best evidence there is: the page's own
 * report of what it painted, the kernel's send queue, or how long the body stream waits.
 */
export class Backlog {
  #written: Written[] = [];
  #total = 0;
  /** Bytes of the first part, or of a smaller one after it. */
  #first = Infinity;
  #painted: { at: number; end: number; way: number; bytes: number } | null = null;
  #kernel: { at: number; end: number; arrival: Arrival } | null = null;
  #pulled: { at: number; end: number };
  #pulling = true;
  /** How long what was written last took to reach the kernel. */
  #taken = 0;
  /** What the kernel counts besides the parts: the head of the response, earlier responses. */
  #uncounted = 0;
  #delay: number | null = null;
  /** Bytes written with and before the part that is on the screen. */
  #shown = 0;
  /** Whether the viewer is a page that reports what it paints. */
  readonly #reports: boolean;
  /** Whether the page tells what came, too. */
  #tellsArrival = false;
  #toldAt = Infinity;
  #reportsEvery = PAGE_REPORTS_MS;
  #roundTrip = 0;
  #queueTime = 0;

  /** @param reports Whether the viewer is a page that reports what it paints. */
  constructor(reports: boolean, at: number) {
    this.#pulled = { at, end: 0 };
    this.#reports = reports;
  }

  /** Bytes written so far. */
  get total(): number {
    return this.#total;
  }

  /** From the camera to the viewer, for the newest frame that arrived; `null` before the first. */
  get delay(): number | null {
    return this.#delay;
  }

  /** Whether the page or the kernel has told that a part arrived as a whole. */
  get hasProof(): boolean {
    return Math.max(this.#painted?.end ?? 0, this.#kernel?.end ?? 0) >= this.#first;
  }

  /** How long packets wait on their way of late, by the kernel; 0 while not known. Milliseconds. */
  get queueTime(): number {
    return this.#queueTime;
  }

  /** Counts a part that leaves for the viewer. `bytes` with all that frames it on the way. */
  wrote(part: { sequence: number; bytes: number; capturedAt: number; at: number }): void {
    const before = this.#total;
    this.#total += part.bytes;
    this.#first = Math.min(this.#first, part.bytes);
    this.#pulling = false;
    const { sequence, capturedAt, at } = part;
    const last = this.#written.at(-1);
    if (last?.sequence === sequence) {
      // A picture that is sent again is not painted again, so there is nothing to wait for.
      if (this.#painted?.end === before) this.#painted.end = this.#total;
      last.end = this.#total;
      return;
    }
    this.#written.push({ sequence, bytes: part.bytes, end: this.#total, at, capturedAt });
    if (this.#written.length > MAX_PARTS) this.#written.shift();
    // The kernel is asked so seldom where all is well that they would pile up.
    if (!this.#reports && at - this.#written[0].at > OLDEST_PART_MS) this.#written.shift();
  }

  /** The page has painted this frame at this time. Reports of frames that were not written are ignored. */
  painted(sequence: number, at: number): void {
    const newest = this.#written.findLast((part) => part.sequence === sequence);
    if (!newest || newest.end <= this.#shown) return;
    this.#shown = newest.end;
    this.#delay = Math.max(at, newest.at) - newest.capturedAt;
    if (!this.#tellsArrival) this.#arrive(newest, at);
    this.#forget();
  }

  /**
   * The page says when the last byte of a frame came, which is sooner than it was painted. `told`
   * is when it said so: a page that is late with its reports is not one of a slow link.
   */
  came(sequence: number, at: number, told: number): void {
    this.#tellsArrival = true;
    const between = Math.min(told - this.#toldAt, SLOWEST_REPORTS_MS);
    this.#reportsEvery = Math.max(between, PAGE_REPORTS_MS, this.#reportsEvery * 0.95);
    this.#toldAt = told;
    const newest = this.#written.findLast((part) => part.sequence === sequence);
    if (newest) this.#arrive(newest, at);
  }

  /** The page can report no more, for now. */
  silent(): void {
    this.#painted = null;
    this.#toldAt = Infinity;
  }

  #arrive({ end, bytes, at: sentAt }: Written, at: number): void {
    if (end <= (this.#painted?.end ?? 0)) return;
    // A clock or a report that is off must not make a frame arrive before it was sent.
    const arrivedAt = Math.max(at, sentAt);
    this.#painted = { at: arrivedAt, end, way: arrivedAt - sentAt, bytes };
  }

  /**
   * The kernel told this of the connection. `total` and `at` are of the moment before it was asked:
   * what was written meanwhile may or may not be in it.
   *
   * @returns Bytes that the other end's system had.
   */
  asked(socket: SocketStatistics, total: number, at: number): number {
    this.#roundTrip = socket.roundTrip ?? 0;
    this.#queueTime = this.#roundTrip - (socket.shortestRoundTrip ?? 0);
    let end = total - socket.queued;
    if (socket.acknowledged !== undefined) {
      // Part of what has been written by now had not reached the kernel, so the largest is right;
      // with an empty queue and nothing written meanwhile it is exact.
      const uncounted = socket.acknowledged + socket.queued - this.#total;
      const exact = socket.queued === 0 && this.#pulling && total === this.#total;
      if (exact || uncounted > this.#uncounted) this.#uncounted = uncounted;
      end = Math.min(total, socket.acknowledged - this.#uncounted);
    }
    end = Math.max(end, this.#kernel?.end ?? 0);
    const arrival = { ...this.#arrival("kernel", at, end), way: socket.shortestRoundTrip ?? 0 };
    this.#kernel = { at, end, arrival };
    if (this.#evidence(at) === "kernel") this.#delay = this.#delayOf(end, at) ?? this.#delay;
    this.#forget();
    return end;
  }

  /**
   * What the kernel told last waits for the reader, not for the link.
   *
   * @param unread Bytes that arrived and were not read.
   */
  blameReader(unread: number): void {
    const { at, end, arrival } = this.#kernel!;
    this.#delay = this.#delayOf(end - unread, at) ?? this.#delay;
    const isUnread = unread > 0 || arrival.backlog > 0;
    this.#kernel = { at, end, arrival: { ...arrival, backlog: 0, waiting: 0, isUnread } };
  }

  /** The body stream asks for more: what was written has reached the kernel. */
  pulled(at: number): void {
    this.#taken = this.stuckFor(at);
    this.#pulled = { at, end: this.#total };
    this.#pulling = true;
    this.#forget();
  }

  /** How long what was written has been waiting for the kernel to take it. Milliseconds. */
  stuckFor(now: number): number {
    return this.#pulling ? 0 : now - (this.#written.at(-1)?.at ?? now);
  }

  /**
   * What is known now.
   *
   * @param way How long a report takes to come here, as far as is known. Milliseconds.
   */
  arrival(now: number, way = 0): Arrival {
    const evidence = this.#evidence(now);
    if (evidence === "page") {
      const { at, end, way: newest, bytes } = this.#painted!;
      // What is painted by now and not known yet was painted since the report that is due.
      const due = Math.max(at, now - this.#reportsEvery - way);
      const known = this.#arrival(evidence, due - at > PAGE_STALL_MS ? due : at, end);
      return { ...known, waiting: this.#waiting(due, end), way: newest, bytes };
    }
    if (evidence === "kernel") return this.#kernel!.arrival;
    // The next part waits as long as the last one did, or longer if it has waited longer already.
    const { at, end } = this.#pulled;
    const waiting = Math.max(this.#taken, this.stuckFor(now));
    return this.#pulling
      ? { evidence, at, arrived: end, backlog: 0, waiting, way: 0, bytes: 0 }
      : { ...this.#arrival(evidence, now, end), waiting };
  }

  #evidence(now: number): Evidence {
    // A page that was sent nothing has nothing to tell either.
    const painted = this.#painted;
    if (painted) {
      const next = this.#written.find((part) => part.end > painted.end);
      if (!next || now - Math.max(painted.at, next.at) < PAGE_SILENCE_MS) return "page";
    }
    return this.#kernel && now - this.#kernel.at < KERNEL_AGE_MS ? "kernel" : "pull";
  }

  #arrival(evidence: Evidence, at: number, arrived: number): Arrival {
    const written = this.#written.findLast((part) => part.at <= at)?.end ?? arrived;
    const backlog = Math.max(0, written - arrived);
    return {
      evidence,
      at,
      arrived,
      backlog,
      waiting: this.#waiting(at, arrived),
      way: 0,
      bytes: 0,
    };
  }

  /** How long the oldest of what had been written but had not arrived was on its way. */
  #waiting(at: number, arrived: number): number {
    const oldest = this.#written.find((part) => part.end > arrived);
    return oldest && oldest.at < at ? at - oldest.at : 0;
  }

  /** How old the newest frame was that had arrived, or how old the one that was due is by now. */
  #delayOf(end: number, at: number): number | null {
    const next = this.#written.find((part) => part.end > end && part.at <= at);
    if (next) return at - next.capturedAt;
    const newest = this.#written.findLast((part) => part.end <= end);
    return newest ? newest.at + this.#roundTrip / 2 - newest.capturedAt : null;
  }

  /** Lets go of parts that have arrived: what is painted has, and what the kernel says so of. */
  #forget(): void {
    // What a page has not reported yet it still may.
    const arrived = this.#reports ? this.#shown : (this.#kernel ?? this.#pulled).end;
    // The newest of them stays, as the one whose delay is known.
    while (this.#written.length > 1 && this.#written[1].end <= arrived) this.#written.shift();
  }
}
