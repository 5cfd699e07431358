import type { PeopleStore } from "../channel/store.ts";
import type { Database } from "./database.ts";

/** The most names stored; beyond it, the longest unchanged are deleted. */
export const MAX_NAMES = 100_000;

/** Stores authors' names. */
export class Names implements PeopleStore {
  readonly #database: Database;
  readonly #limit: number;
  readonly #statements;

  /** Prepares its statements. */
  constructor(database: Database, limit = MAX_NAMES) {
    this.#database = database;
    this.#limit = limit;
    this.#statements = {
      get: database.prepare("SELECT name FROM people WHERE author = ?"),
      put: database.prepare("REPLACE INTO people (author, name) VALUES (?, ?) RETURNING id"),
      // One row is enough, except in a file that was filled under a higher limit.
      trim: database.prepare(`DELETE FROM people WHERE id IN (
        SELECT id FROM people WHERE id <= ? ORDER BY id LIMIT 10)`),
    };
  }

  nameOf(author: string): string | null {
    const row = this.#statements.get.get(author);
    return row ? String(row.name) : null;
  }

  rename(author: string, name: string): void {
    this.#database.transaction(() => {
      const row = this.#statements.put.get(author, name);
      this.#statements.trim.run(Number(row?.id) - this.#limit);
    });
  }
}
