/** What tries out whether its link carries more. */
interface Trial {
  /** Bits a second that it had before. */
  readonly need: number;
  /** Until when it may be felt by others. Milliseconds. */
  readonly until: number;
}

/** A trial is felt on the same link for so long after it has ended. Milliseconds. */
const ECHO_MS = 400;

/**
 * Who tries out whether their link carries more. Viewers who share a link feel each other's trials,
 * and so those who have more learn who has less.
 */
export class Trials {
  readonly #trials = new Map<object, Trial>();

  /** Someone who has so many bits a second tries out more, until some time in milliseconds. */
  begin(who: object, need: number, until: number): void {
    this.#trials.set(who, { need, until: until + ECHO_MS });
  }

  /** The trial is over, successful or not. */
  end(who: object, now: number): void {
    const trial = this.#trials.get(who);
    if (trial) this.#trials.set(who, { ...trial, until: Math.min(trial.until, now + ECHO_MS) });
  }

  /** Those who are trying, or were just now, and have fewer bits a second than this. */
  *below(need: number, now: number): Generator<object> {
    for (const [who, trial] of this.#trials) {
      if (trial.until < now) this.#trials.delete(who);
      else if (trial.need < need) yield who;
    }
  }
}
