/** How often the kernel is polled. Milliseconds. */
const POLL_OFTEN_MS = 50;
const POLL_SELDOM_MS = 250;
/** A link that carries less than this many times the need may soon carry too little. */
const NARROW = 4;
/**
 * So may a link on which a frame's packets queue behind each other for longer than this, which is half
 * the time that the frame takes. The kernel's delivery rate is of no use here, as a token bucket on the
 * way lets a frame's first packets through at once.
 */
const NARROW_QUEUE_MS = 5;

/** What decides how often the kernel is polled for a session. */
export interface PollNeed {
  /** Whether the connection is too new to be known well. */
  readonly isNew: boolean;
  /** Whether the reader makes frames wait. */
  readonly isReaderLate: boolean;
  /** Whether something waits in a queue. */
  readonly isQueued: boolean;
  /** How long a frame's packets have queued behind each other lately. Milliseconds. */
  readonly queueTime: number;
  /** Bits a second that the link carries; `Infinity` while no limit was met. */
  readonly capacity: number;
}

/**
 * Returns how often the kernel has to be polled, by how near the link is to what the session could need.
 * Milliseconds.
 *
 * @param need Bits a second.
 */
export function pollInterval(
  { isNew, isReaderLate, isQueued, queueTime, capacity }: PollNeed,
  need: number,
): number {
  if (isNew || isReaderLate || isQueued) return POLL_OFTEN_MS;
  return capacity < NARROW * need || queueTime > NARROW_QUEUE_MS ? POLL_OFTEN_MS : POLL_SELDOM_MS;
}
