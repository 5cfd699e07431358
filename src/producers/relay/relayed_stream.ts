import type { Upstream } from "../../media/provenance.ts";
import { CaptureTimes } from "./capture_times.ts";
import { pageOf } from "./page_address.ts";
import type { PartHead } from "./part_head.ts";

/** When a picture was captured, and when delays on the way begin to count. */
export interface RelayedTime {
  /** As `Packet.at`. */
  readonly at: number;
  /** As `Packet.due`. */
  readonly due: number;
}

/** Options of {@linkcode RelayedStream}. */
export interface RelayedStreamOptions {
  /** The source's address. */
  readonly url: string;
  /** Called when the clocks of the two machines are found to differ. */
  readonly onClocksDiffer: () => void;
}

/** One connection to another livestream. */
export class RelayedStream {
  readonly #options: RelayedStreamOptions;
  readonly #times = new CaptureTimes();
  /** The page at the other end. */
  readonly #page: string | null;
  #sequence: number | null = null;
  #upstream: Upstream | null = null;

  /** Knows nothing yet. */
  constructor(options: RelayedStreamOptions) {
    this.#options = options;
    this.#page = pageOf(options.url);
  }

  /** The program at the other end; `null` before its first picture. */
  get upstream(): Upstream | null {
    return this.#upstream;
  }

  /** Whether the clocks of the two machines were found to differ, and still do. */
  get clocksDiffer(): boolean {
    return this.#times.differ;
  }

  /** What to add to times by the other machine's clock; `null` while its pictures have not shown that. Milliseconds. */
  get clockOffset(): number | null {
    return this.#times.offset;
  }

  /** Takes a picture; returns `null` for one that is sent again. */
  take(head: PartHead, arrival: number): RelayedTime | null {
    // One object as long as it says the same, so that others see a change at a glance.
    const upstream = { via: head.via, origin: head.origin ?? this.#page };
    if (!isSame(this.#upstream, upstream)) this.#upstream = upstream;
    if (head.sequence === this.#sequence) return null;
    this.#sequence = head.sequence;
    const { at, isNews } = this.#times.take(head.timestamp, arrival);
    if (isNews) this.#options.onClocksDiffer();
    return { at, due: arrival };
  }
}

function isSame(one: Upstream | null, other: Upstream): boolean {
  return one !== null && one.via.join() === other.via.join() && one.origin === other.origin;
}
