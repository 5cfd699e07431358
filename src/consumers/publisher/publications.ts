import { UserError } from "../../errors.ts";
import type { PublicationState, StudioPublication } from "../../live_messages.ts";
import type { Publication } from "./publication.ts";

/** Each target takes an ffmpeg, and bandwidth. */
const MAX_TARGETS = 8;

interface Entry {
  readonly address: string;
  readonly publication: Publication;
}

/** The targets that the program is published to. */
export class Publications implements AsyncDisposable {
  readonly #open: (address: string) => Publication;
  readonly #entries = new Map<string, Entry>();
  #lastId = 0;
  #ended: Promise<unknown> = Promise.resolve();

  /**
   * Has no targets yet.
   *
   * @param open Makes what publishes to an address. Throws a {@linkcode UserError} if nothing can.
   */
  constructor(open: (address: string) => Publication) {
    this.#open = open;
  }

  /** The targets, as the streamer sees them, in the order in which they were added. */
  get list(): readonly StudioPublication[] {
    return [...this.#entries].map(([id, { publication }]) => ({
      ...{ id, name: publication.name },
      ...publication.status,
    }));
  }

  /**
   * Adds a target, and begins to publish to it.
   *
   * @returns Its identifier.
   * @throws {UserError} It cannot be published to, it is there already, or there are too many.
   */
  add(address: string): string {
    if (this.#entries.size >= MAX_TARGETS) {
      throw new UserError(`Cannot publish to more than ${MAX_TARGETS} targets: remove one`);
    }
    if ([...this.#entries.values()].some((entry) => entry.address === address)) {
      throw new UserError("The program is published to this address already");
    }
    const publication = this.#open(address);
    const id = String(++this.#lastId);
    this.#entries.set(id, { address, publication });
    publication.start();
    return id;
  }

  /** Switches a target on or off. Returns whether there is such a target. */
  switch(id: string, isOn: boolean): boolean {
    const publication = this.#entries.get(id)?.publication;
    if (!publication) return false;
    if (isOn) publication.start();
    else publication.stop();
    return true;
  }

  /** Ends publishing to a target, and forgets it. Returns whether there was such a target. */
  remove(id: string): boolean {
    const publication = this.#entries.get(id)?.publication;
    if (!publication) return false;
    this.#entries.delete(id);
    this.#ended = Promise.all([this.#ended, publication[Symbol.asyncDispose]()]);
    return true;
  }

  /** Returns how many targets are in each state. */
  count(): Readonly<Record<PublicationState, number>> {
    const counts = { off: 0, connecting: 0, live: 0, waiting: 0 };
    for (const { publication } of this.#entries.values()) counts[publication.status.state]++;
    return counts;
  }

  /** Does what is due. Call it four times a second. */
  tick(): void {
    for (const { publication } of this.#entries.values()) publication.tick();
  }

  /** Ends all of them. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const id of [...this.#entries.keys()]) this.remove(id);
    await this.#ended;
  }
}
