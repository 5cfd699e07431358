/** A session that probes whether its link carries more. */
interface Probe {
  /** Bits a second that it had before. */
  readonly need: number;
  /** Until when others may notice it. Monotonic time, milliseconds. */
  readonly until: number;
}

/** A probe is noticed on the same link for this long after it has ended. Milliseconds. */
const ECHO_MS = 400;
/** Its multiples, without whole numbers, spread evenly however many there are. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/**
 * The probes that run now. Sessions that share a link notice each other's probes, so that those with
 * more learn of those with less.
 */
export class Probes {
  readonly #probes = new Map<object, Probe>();

  #phase = 0;

  /** Returns a number 0..1, well apart from those of other sessions. */
  nextPhase(): number {
    return this.#phase = (this.#phase + GOLDEN_RATIO) % 1;
  }

  /** Notes that `prober`, who has `need` bits a second, probes until some monotonic time. */
  begin(prober: object, need: number, until: number): void {
    this.#probes.set(prober, { need, until: until + ECHO_MS });
  }

  /** Notes that a probe has ended, successful or not. */
  end(prober: object, now: number): void {
    const probe = this.#probes.get(prober);
    if (probe) this.#probes.set(prober, { ...probe, until: Math.min(probe.until, now + ECHO_MS) });
  }

  /** Yields those that probe, or did just now, and have fewer bits a second than this. */
  *below(need: number, now: number): Generator<object> {
    for (const [prober, probe] of this.#probes) {
      if (probe.until < now) this.#probes.delete(prober);
      else if (probe.need < need) yield prober;
    }
  }
}
