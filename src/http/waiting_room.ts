/** Lets requests wait, and releases all of them when the server stops. */
export class WaitingRoom {
  readonly #waiting = new Map<ReturnType<typeof setTimeout>, () => void>();
  #isClosed = false;

  /** Resolves after this time, or as soon as the room closes. Milliseconds. */
  wait(ms: number): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(timer);
        resolve();
      }, ms);
      this.#waiting.set(timer, resolve);
    });
  }

  /** Ends every wait, including future ones. */
  close(): void {
    this.#isClosed = true;
    for (const [timer, resolve] of this.#waiting) {
      clearTimeout(timer);
      resolve();
    }
    this.#waiting.clear();
  }
}
