import type { RoomStore } from "../channel/store.ts";
import type { Database } from "./database.ts";

/** Stores single values by name. All methods throw `StoreError`. */
export class Values implements RoomStore {
  readonly #statements;

  /** Prepares its statements. */
  constructor(database: Database) {
    this.#statements = {
      get: database.prepare("SELECT value FROM settings WHERE name = ?"),
      set: database.prepare("REPLACE INTO settings (name, value) VALUES (?, ?)"),
    };
  }

  /** Returns the value of that name; `null` if there is none. */
  get(name: string): string | number | null {
    const value = this.#statements.get.get(name)?.value;
    return typeof value === "string" || typeof value === "number" ? value : null;
  }

  /** Stores a value in place of any other of that name. */
  set(name: string, value: string | number): void {
    this.#statements.set.run(name, value);
  }
}
