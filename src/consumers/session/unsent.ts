import type { SocketStatistics } from "../../net/socket_statistics.ts";

/** An older report says nothing about what waits at this end now. Milliseconds. */
const OLD_MS = 200;

/** What was written to a connection and TCP has not sent yet, by the kernel's last report. */
export class Unsent {
  #at = -Infinity;
  #bytes = 0;
  #total = 0;

  /**
   * Takes the kernel's report.
   *
   * @param total Bytes written by then.
   * @param arrived How many of them are known to have arrived.
   * @param at When that was. Monotonic time, milliseconds.
   */
  take({ queued, unsent }: SocketStatistics, total: number, arrived: number, at: number): void {
    // What the HTTP library holds has not been sent either.
    const held = Math.max(0, total - arrived - queued);
    this.#at = at;
    this.#bytes = unsent + held;
    this.#total = total;
  }

  /**
   * Returns how many bytes wait by now; 0 if the kernel has not reported lately.
   *
   * @param total Bytes written by now.
   * @param pace How fast TCP sends. Bits a second.
   */
  bytesAt(now: number, total: number, pace: number): number {
    const elapsed = now - this.#at;
    if (elapsed > OLD_MS) return 0;
    return Math.max(0, this.#bytes + total - this.#total - pace / 8000 * elapsed);
  }
}
