/**
 * Sends changes one at a time. Of several changes to one control during a request, it sends only the newest: dragging a
 * slider changes it sixty times a second.
 */
export class NewestChanges {
  #send;
  /** @type {Map<string, number>} */
  #waiting = new Map();
  #isSending = false;

  /** @param {(name: string, value: number) => Promise<void>} send Must not reject. */
  constructor(send) {
    this.#send = send;
  }

  /**
   * @param {string} name
   * @param {number} value
   */
  async put(name, value) {
    this.#waiting.set(name, value);
    if (this.#isSending) return;
    this.#isSending = true;
    for (const [name, value] of this.#waiting) {
      this.#waiting.delete(name);
      await this.#send(name, value);
    }
    this.#isSending = false;
  }

  /**
   * Returns whether a newer value waits to be sent.
   *
   * @param {string} name
   */
  isWaiting(name) {
    return this.#waiting.has(name);
  }
}
