import type { Database } from "./database.ts";

/** Single values that are kept by name. All methods throw `StoreError`. */
export class Values {
  readonly #statements;

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

  set(name: string, value: string | number): void {
    this.#statements.set.run(name, value);
  }
}
