import { messageOf } from "../../src/errors.ts";
import type { Random } from "../support/random.ts";
import { type Place, Visitor } from "./visitor.ts";
import { nextVisit } from "./visits.ts";

/** Visitors who come and go, always the same number: each who leaves is replaced at once. */
export class Crowd implements AsyncDisposable {
  readonly #closing = new AbortController();
  readonly #everyone: Promise<unknown>;
  #present = 0;

  /** @param size People at one time. */
  constructor(place: Omit<Place, "closing">, size: number, random: Random) {
    const open = { ...place, closing: this.#closing.signal };
    const places = Array.from({ length: size }, () => this.#fill(open, random.fork()));
    this.#everyone = Promise.all(places);
  }

  /** How many are present. */
  get present(): number {
    return this.#present;
  }

  async #fill(place: Place, random: Random): Promise<void> {
    while (!place.closing.aborted) {
      using visitor = new Visitor(place, random.fork());
      const { name, visit } = nextVisit(visitor);
      visitor.count(`visit: ${name}`);
      this.#present++;
      try {
        await visit(visitor);
      } catch (error) {
        place.complaints.push(`A visit failed: ${name}: ${messageOf(error)}`);
      } finally {
        this.#present--;
      }
      await visitor.pause(0, 1000);
    }
  }

  /** Makes everyone leave, and waits until they have. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#everyone;
  }
}
