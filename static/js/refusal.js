/**
 * Finds out why the server does not take a page's WebSocket, which browsers do not tell: the page asks the server for the
 * reason in another way. It holds only if the next attempt is refused as well, as the server may just have been restarted.
 */
export class Refusal {
  #onReason;
  #reason = "";
  /** Grows with each attempt, so that an answer can be known to be late. */
  #attempt = 0;
  #fetch;

  /**
   * @param {(reason: string) => void} onReason A sentence without its full stop; empty once there is a connection.
   * @param {(url: string, init: RequestInit) => Promise<Response>} [fetch]
   */
  constructor(onReason, fetch = (url, init) => globalThis.fetch(url, init)) {
    this.#onReason = onReason;
    this.#fetch = fetch;
  }

  /** To be called when an attempt to connect has failed. */
  async refused() {
    if (this.#reason) this.#onReason(this.#reason);
    const attempt = ++this.#attempt;
    const reason = await this.#ask();
    if (attempt === this.#attempt) this.#reason = reason;
  }

  /** To be called when there is a connection. */
  connected() {
    this.#attempt++;
    this.#reason = "";
    this.#onReason("");
  }

  async #ask() {
    try {
      const answer = await this.#fetch("live", {
        method: "POST",
        headers: { "Accept": "application/json" },
        cache: "no-store",
      });
      const { detail } = await answer.json();
      return typeof detail === "string" ? detail : "";
    } catch {
      // The server is away, or something else answers.
      return "";
    }
  }
}
