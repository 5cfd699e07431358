import type { SocketStatistics } from "../../net/socket_statistics.ts";
import { type Departure, type SentPart, SentParts } from "./sent_parts.ts";
import { Unsent } from "./unsent.ts";

/** Who acknowledges what has arrived; `pull` is the body stream asking for more. */
export type Evidence = "page" | "kernel" | "pull";

/** What of the sent bytes had arrived at one time. */
export interface Arrival {
  /** Who acknowledged it. */
  readonly evidence: Evidence;
  /** Monotonic time in milliseconds, as all times here. */
  readonly at: number;
  /** Bytes that had arrived since the connection began. */
  readonly arrived: number;
  /** Bytes that had been sent but had not arrived. */
  readonly backlog: number;
  /** How long the oldest of them had been under way. Milliseconds; 0 with nothing under way. */
  readonly waiting: number;
  /** How long the newest part that arrived had been under way, or less. Milliseconds. */
  readonly transit: number;
  /** Bytes of that part; 0 where `transit` is that of a single packet. */
  readonly bytes: number;
  /** Whether some of what was sent waits for the reader, which does not count as backlog. */
  readonly isUnread?: boolean;
}

/** If a page has painted nothing for this long it may be asleep; other evidence counts then. */
const PAGE_SILENCE_MS = 2500;
/** The time between two reports of a page while it paints. */
const PAGE_REPORTS_MS = 100;
/** A busy device may be later than that, up to this. */
const SLOWEST_REPORTS_MS = 400;
/** If an active page is silent for this long, assume a stall. Milliseconds. */
const PAGE_STALL_MS = 300;
/**
 * What arrives at a page so long after the kernel had it acknowledged, and a round trip, waited in between:
 * in a proxy, or on a busy device. If that happens so often in a row, the kernel is not believed for the
 * longer time: a proxy does not go away.
 */
const CONTRADICTED_MS = 150;
const CONTRADICTIONS = 3;
const RIGHT_AGAIN_MS = 60_000;
/** A kernel report older than this is of no more use than the body stream. Milliseconds. */
const KERNEL_AGE_MS = 5000;

/**
 * What was sent to one client and has not arrived, by the best evidence there is: the page's reports
 * of what it painted, the kernel's send queue, or how long the body stream waits.
 */
export class Backlog {
  readonly #sent: SentParts;
  #page: { at: number; end: number; transit: number; bytes: number } | null = null;
  #kernel: { at: number; end: number; arrival: Arrival } | null = null;
  #pulled: { at: number; end: number };
  #pulling = true;
  /** How long the last part took to reach the kernel. */
  #taken = 0;
  /** What the kernel counts besides the parts: the head of the response, earlier responses. */
  #uncounted = 0;
  /** Until then, the page is believed rather than the kernel. */
  #doubtedUntil = -Infinity;
  #contradictions = 0;
  #delay: number | null = null;
  /** Bytes sent with and before the part that is on the screen. */
  #shown = 0;
  /** Whether the client is a page that reports what it paints. */
  readonly #reports: boolean;
  /** Whether the page also reports what has arrived. */
  #reportsArrival = false;
  #reportedAt = Infinity;
  #reportsEvery = PAGE_REPORTS_MS;
  #roundTrip = 0;
  #queueTime = 0;
  readonly #unsent = new Unsent();

  /**
   * Begins with nothing sent.
   *
   * @param reports Whether the client is a page that reports what it paints.
   */
  constructor(reports: boolean, at: number) {
    this.#sent = new SentParts(!reports);
    this.#pulled = { at, end: 0 };
    this.#reports = reports;
  }

  /** Bytes sent so far. */
  get total(): number {
    return this.#sent.total;
  }

  /** Milliseconds from the camera to the client for the newest frame there; `null` before the first. */
  get delay(): number | null {
    return this.#delay;
  }

  /** Whether the page or the kernel has acknowledged a whole part. */
  get hasProof(): boolean {
    return Math.max(this.#page?.end ?? 0, this.#kernel?.end ?? 0) >= this.#sent.smallest;
  }

  /**
   * Returns how many bytes wait at this end until TCP sends them, as far as the kernel reports.
   *
   * @param pace How fast it does. Bits a second.
   */
  unsentAt(now: number, pace: number): number {
    return this.#unsent.bytesAt(now, this.#sent.total, pace);
  }

  /** How long packets have queued on their way lately, by the kernel. Milliseconds; 0 if unknown. */
  get queueTime(): number {
    return this.#queueTime;
  }

  /** Counts a part that leaves for the client. */
  wrote(part: Departure): void {
    const before = this.#sent.total;
    this.#pulling = false;
    const isNew = this.#sent.add(part);
    // A frame that is sent again is not painted again, so there is nothing to wait for.
    if (!isNew && this.#page?.end === before) this.#page.end = this.#sent.total;
  }

  /** Takes a page's report that it painted this frame at that time. Ignores frames never sent. */
  acknowledgePainted(sequence: number, at: number): void {
    const newest = this.#sent.ofFrame(sequence);
    if (!newest || newest.end <= this.#shown) return;
    this.#shown = newest.end;
    this.#delay = Math.max(at, newest.at) - newest.capturedAt;
    if (!this.#reportsArrival) this.#arrive(newest, at);
    this.#forget();
  }

  /**
   * Takes a page's report of when the last byte of a frame arrived, which is sooner than it was
   * painted.
   *
   * @param reportedAt When the report came: a page that reports late need not have a slow link.
   */
  acknowledgeArrival(sequence: number, at: number, reportedAt: number): void {
    this.#reportsArrival = true;
    const between = Math.min(reportedAt - this.#reportedAt, SLOWEST_REPORTS_MS);
    this.#reportsEvery = Math.max(between, PAGE_REPORTS_MS, this.#reportsEvery * 0.95);
    this.#reportedAt = reportedAt;
    const newest = this.#sent.ofFrame(sequence);
    if (newest) this.#arrive(newest, at);
  }

  /** Expects no more reports of the page, for now. */
  pageLeft(): void {
    this.#page = null;
    this.#reportedAt = Infinity;
  }

  /**
   * Takes the kernel's report of the connection as it is at the time `at`.
   *
   * @returns Bytes that the other end's system had.
   */
  acknowledgeByKernel(socket: SocketStatistics, at: number): number {
    const { total } = this.#sent;
    this.#roundTrip = socket.roundTrip ?? 0;
    this.#queueTime = this.#roundTrip - (socket.shortestRoundTrip ?? 0);
    let end = total - socket.queued;
    if (socket.acknowledged !== undefined) {
      // Part of what was sent may still be in the HTTP library, so the largest is right.
      const uncounted = socket.acknowledged + socket.queued - total;
      this.#uncounted = Math.max(uncounted, this.#uncounted);
      end = Math.min(total, socket.acknowledged - this.#uncounted);
    }
    this.#unsent.take(socket, total, end, at);
    end = Math.max(end, this.#kernel?.end ?? 0);
    const transit = socket.shortestRoundTrip ?? 0;
    this.#kernel = { at, end, arrival: { ...this.#arrival("kernel", at, end), transit } };
    this.#sent.acknowledged(end, at);
    if (!this.#doesPageReport(at)) this.#delay = this.#delayOf(end, at) ?? this.#delay;
    this.#forget();
    return end;
  }

  /**
   * Blames the reader, not the link, for what waited in the kernel's last report.
   *
   * @param unread Bytes that arrived and were not read.
   */
  blameReader(unread: number): void {
    const { at, end, arrival } = this.#kernel!;
    this.#delay = this.#delayOf(end - unread, at) ?? this.#delay;
    const isUnread = unread > 0 || arrival.backlog > 0;
    this.#kernel = { at, end, arrival: { ...arrival, backlog: 0, waiting: 0, isUnread } };
  }

  /** Notes that the body stream asks for more: what was sent has reached the kernel. */
  pulled(at: number): void {
    this.#taken = this.stuckFor(at);
    this.#pulled = { at, end: this.#sent.total };
    this.#pulling = true;
    this.#forget();
  }

  /** Returns for how long the last part has been waiting for the kernel to take it. Milliseconds. */
  stuckFor(now: number): number {
    return this.#pulling ? 0 : now - (this.#sent.newestAt ?? now);
  }

  /**
   * Returns what is known to have arrived.
   *
   * @param baseDelay How long a report takes to come here, as far as is known. Milliseconds.
   */
  arrival(now: number, baseDelay = 0): Arrival {
    const evidence = this.#evidence(now);
    if (evidence === "page") {
      const { at, end, transit, bytes } = this.#page!;
      // What is painted by now and not known yet was painted since the report that is due.
      const due = Math.max(at, now - this.#reportsEvery - baseDelay);
      const known = this.#arrival(evidence, due - at > PAGE_STALL_MS ? due : at, end);
      return { ...known, waiting: this.#waiting(due, end), transit, bytes };
    }
    if (evidence === "kernel") return this.#kernel!.arrival;
    // The next part waits as long as the last one did, or longer if it has waited longer already.
    const { at, end } = this.#pulled;
    const waiting = Math.max(this.#taken, this.stuckFor(now));
    return this.#pulling
      ? { evidence, at, arrived: end, backlog: 0, waiting, transit: 0, bytes: 0 }
      : { ...this.#arrival(evidence, now, end), waiting };
  }

  #arrive({ end, bytes, at: sentAt, acknowledgedAt }: SentPart, at: number): void {
    if (end <= (this.#page?.end ?? 0)) return;
    const isMuchLater = at - (acknowledgedAt ?? at) > CONTRADICTED_MS + this.#roundTrip;
    this.#contradictions = isMuchLater ? this.#contradictions + 1 : 0;
    if (this.#contradictions >= CONTRADICTIONS) this.#doubtedUntil = at + RIGHT_AGAIN_MS;
    // A clock or a report that is off must not make a frame arrive before it was sent.
    const arrivedAt = Math.max(at, sentAt);
    this.#page = { at: arrivedAt, end, transit: arrivedAt - sentAt, bytes };
  }

  #evidence(now: number): Evidence {
    const isPolled = this.#kernel !== null && now - this.#kernel.at < KERNEL_AGE_MS;
    if (isPolled && now >= this.#doubtedUntil) return "kernel";
    if (this.#doesPageReport(now)) return "page";
    return isPolled ? "kernel" : "pull";
  }

  #doesPageReport(now: number): boolean {
    if (!this.#page) return false;
    // A page that was sent nothing has nothing to report either.
    const next = this.#sent.beyond(this.#page.end);
    return !next || now - Math.max(this.#page.at, next.at) < PAGE_SILENCE_MS;
  }

  #arrival(evidence: Evidence, at: number, arrived: number): Arrival {
    const sent = this.#sent.sentBy(at)?.end ?? arrived;
    const backlog = Math.max(0, sent - arrived);
    const waiting = this.#waiting(at, arrived);
    return { evidence, at, arrived, backlog, waiting, transit: 0, bytes: 0 };
  }

  /** Returns how long the oldest of what had been sent but had not arrived was under way. */
  #waiting(at: number, arrived: number): number {
    const oldest = this.#sent.beyond(arrived);
    return oldest && oldest.at < at ? at - oldest.at : 0;
  }

  /** Returns how old the newest frame was that had arrived, or how old the one that was due is. */
  #delayOf(end: number, at: number): number | null {
    const next = this.#sent.beyond(end);
    if (next && next.at <= at) return at - next.capturedAt;
    const newest = this.#sent.within(end);
    return newest ? newest.at + this.#roundTrip / 2 - newest.capturedAt : null;
  }

  /** Forgets parts that have arrived: that are painted, or that the kernel acknowledged. */
  #forget(): void {
    // What a page has not reported yet it still may.
    this.#sent.forget(this.#reports ? this.#shown : (this.#kernel ?? this.#pulled).end);
  }
}
