/** Lets requests wait, and lets all of them go on at once when the server stops. */
export class WaitingRoom {
  readonly #waiting = new Map<ReturnType<typeof setTimeout>, () => void>();
  #isClosed = false;

  /** Resolves after so many milliseconds, or when the room is closed. */
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

  /** Ends every wait, and those to come. */
  close(): void {
    this.#isClosed = true;
    for (const [timer, resolve] of this.#waiting) {
      clearTimeout(timer);
      resolve();
    }
    this.#waiting.clear();
  }
}
