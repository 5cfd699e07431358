import type { ChannelStore, KeptTitle } from "../channel/store.ts";
import type { Database } from "./database.ts";
import { Values } from "./values.ts";

/** Stores the title, and whether the channel is on air. */
export class ChannelRecord implements ChannelStore {
  readonly #database: Database;
  readonly #values: Values;

  /** Prepares its statements. */
  constructor(database: Database) {
    this.#database = database;
    this.#values = new Values(database);
  }

  isOnAir(): boolean | null {
    const kept = this.#values.get("on air");
    return kept === null ? null : kept === 1;
  }

  setOnAir(isOnAir: boolean): void {
    this.#values.set("on air", isOnAir ? 1 : 0);
  }

  title(): KeptTitle | null {
    const title = this.#values.get("title");
    return title === null
      ? null
      : { title: String(title), insteadOf: String(this.#values.get("title instead of")) };
  }

  setTitle({ title, insteadOf }: KeptTitle): void {
    this.#database.transaction(() => {
      this.#values.set("title", title);
      this.#values.set("title instead of", insteadOf);
    });
  }
}
