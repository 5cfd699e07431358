/** Receives the events of one name. */
export type Listener<Event> = (event: Event) => void;

/**
 * Passes events on to whoever subscribed, so that a part need not know who cares about its changes.
 *
 * @typeParam Events Maps each event's name to what its listeners receive.
 *
 * @example
 * ```ts
 * const events = new Emitter<{ donation: { cents: number } }>();
 * events.on("donation", ({ cents }) => console.log(cents));
 * events.emit("donation", { cents: 500 });
 * ```
 */
export class Emitter<Events extends object> {
  /**
   * Takes what a listener throws, so that neither the part that emits nor the other listeners suffer
   * from it. The program logs it; until it says so, as in most tests, it is thrown on.
   */
  static onError: (error: unknown) => void = (error) => {
    throw error;
  };

  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();

  /** Calls `listener` at each event of this name, after those that subscribed before it. */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
  }

  /** Calls the listeners, one after another, before it returns. */
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        (listener as Listener<Events[Name]>)(event);
      } catch (error) {
        Emitter.onError(error);
      }
    }
  }
}
