/**
 * Finds out why the server refuses the page socket. Browsers do not say, so the page asks for the reason with a POST. It
 * reports the reason only if the next attempt fails as well, because the server may just be restarting.
 */
export class Refusal {
  #onReason;
  #reason = "";
  /** Grows with each attempt and identifies late answers. */
  #attempt = 0;
  #fetch;

  /**
   * @param {(reason: string) => void} onReason A sentence without its full stop; empty once connected.
   * @param {(url: string, init: RequestInit) => Promise<Response>} [fetch]
   */
  constructor(onReason, fetch = (url, init) => globalThis.fetch(url, init)) {
    this.#onReason = onReason;
    this.#fetch = fetch;
  }

  /** Call this when an attempt to connect fails. */
  async refused() {
    if (this.#reason) this.#onReason(this.#reason);
    const attempt = ++this.#attempt;
    const reason = await this.#ask();
    if (attempt === this.#attempt) this.#reason = reason;
  }

  /** Call this when the page is connected. */
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
      // The server does not answer, or something else does.
      return "";
    }
  }
}
