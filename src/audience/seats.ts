/** Why no one else can watch: the server is full, or full for their address. */
export type Full = "full" | "address full";

/** The seats that may be taken at one time. */
export interface SeatLimits {
  /** In all. */
  readonly total: number;
  /** From one address or network. */
  readonly perAddress: number;
}

/** Counts the seats taken, in all and from each address. */
export class Seats {
  readonly #limits: SeatLimits;
  readonly #taken = new Map<string, number>();
  #total = 0;

  /** Begins with all seats free. */
  constructor(limits: SeatLimits) {
    this.#limits = limits;
  }

  /** Takes a seat; returns why there is none, or `null`. */
  take(address: string): Full | null {
    const { total, perAddress } = this.#limits;
    if (this.#total >= total) return "full";
    const sameAddress = this.#taken.get(address) ?? 0;
    if (sameAddress >= perAddress) return "address full";
    this.#taken.set(address, sameAddress + 1);
    this.#total++;
    return null;
  }

  /** Gives a seat back. */
  leave(address: string): void {
    const left = this.#taken.get(address)! - 1;
    this.#total--;
    if (left === 0) this.#taken.delete(address);
    else this.#taken.set(address, left);
  }
}
