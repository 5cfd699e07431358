import type { Moderator, ModeratorStore } from "../channel/store.ts";
import type { Database } from "./database.ts";

/** Stores moderators. */
export class ModeratorList implements ModeratorStore {
  readonly #statements;

  /** Prepares its statements. */
  constructor(database: Database) {
    this.#statements = {
      all: database.prepare("SELECT author, name FROM moderators ORDER BY id"),
      add: database.prepare("REPLACE INTO moderators (author, name) VALUES (?, ?)"),
      remove: database.prepare("DELETE FROM moderators WHERE author = ?"),
    };
  }

  all(): Moderator[] {
    return this.#statements.all.all().map(({ author, name }) => (
      { author: String(author), name: String(name) }
    ));
  }

  add({ author, name }: Moderator): void {
    this.#statements.add.run(author, name);
  }

  remove(author: string): void {
    this.#statements.remove.run(author);
  }
}
