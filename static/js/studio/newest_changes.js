/**
 * Sends changes one at a time. Of those to one thing that come while another is sent, only the newest is sent: a slider that
 * is dragged changes sixty times a second.
 */
export class NewestChanges {
  #send;
  /** @type {Map<string, number>} */
  #waiting = new Map();
  #isSending = false;

  /** @param {(name: string, value: number) => Promise<void>} send Does not reject. */
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
   * Whether a newer value is still to be sent.
   *
   * @param {string} name
   */
  isWaiting(name) {
    return this.#waiting.has(name);
  }
}
