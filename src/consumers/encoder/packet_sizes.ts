import type { Clock } from "../../clock.ts";

/** How long packets count. Milliseconds. */
const WINDOW_MS = 2_500;

/** The least time after which their mean says something: a key frame and what follows. Milliseconds. */
const LEAST_MS = 1_000;

/** Measures the bytes of packets over the last seconds. */
export class PacketSizes {
  readonly #clock: Pick<Clock, "monotonic">;
  /** Oldest first. */
  #packets: { readonly at: number; readonly bytes: number }[] = [];
  #sum = 0;

  /** Has no packets yet. */
  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** Counts a packet. */
  add(bytes: number): void {
    const at = this.#clock.monotonic();
    this.#packets.push({ at, bytes });
    this.#sum += bytes;
    let old = 0;
    while (this.#packets[old].at < at - WINDOW_MS) this.#sum -= this.#packets[old++].bytes;
    if (old > 0) this.#packets = this.#packets.slice(old);
  }

  /** Returns the mean size of the packets of the last seconds; `null` if they are too few to say. */
  mean(): number | null {
    const first = this.#packets.at(0)?.at ?? Infinity;
    const last = this.#packets.at(-1)?.at ?? -Infinity;
    if (last - first < LEAST_MS || this.#clock.monotonic() - last > WINDOW_MS) return null;
    return this.#sum / this.#packets.length;
  }

  /** Forgets all packets: others follow, of another size. */
  clear(): void {
    this.#packets = [];
    this.#sum = 0;
  }
}
