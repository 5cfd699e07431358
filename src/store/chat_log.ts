import type { ChatStore, KeptMessage, NewMessage } from "../community/store.ts";
import type { ChatMessage } from "../live_messages.ts";
import type { Database, Row } from "./database.ts";

/** How many messages are kept; the oldest go. */
export const MAX_MESSAGES = 100_000;

/** The chat's messages. One that was deleted leaves its key, so that it cannot be sent again. */
export class ChatLog implements ChatStore {
  readonly #database: Database;
  readonly #limit: number;
  readonly #statements;

  constructor(database: Database, limit = MAX_MESSAGES) {
    this.#database = database;
    this.#limit = limit;
    this.#statements = {
      add: database.prepare(`
        INSERT INTO messages (at, author, key, name, hue, text, supporter)
        VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`),
      trim: database.prepare("DELETE FROM messages WHERE id <= ?"),
      find: database.prepare("SELECT * FROM messages WHERE author = ? AND key = ?"),
      get: database.prepare("SELECT * FROM messages WHERE id = ? AND NOT deleted"),
      before: database.prepare(
        "SELECT * FROM messages WHERE id < ? AND NOT deleted ORDER BY id DESC LIMIT ?",
      ),
      delete: database.prepare(`
        UPDATE messages SET deleted = 1, name = '', text = ''
        WHERE id = ? AND NOT deleted RETURNING id`),
      deleteBy: database.prepare(`
        UPDATE messages SET deleted = 1, name = '', text = ''
        WHERE author = ? AND NOT deleted RETURNING id`),
    };
  }

  add(message: NewMessage, key: string): ChatMessage {
    const { at, author, name, hue, text, supporter } = message;
    const { add, trim } = this.#statements;
    return this.#database.transaction(() => {
      const row = add.get(at, author, key, name, hue, text, supporter ? 1 : 0);
      const id = Number(row?.id);
      // Ids have no gaps, so this leaves as many as are wanted.
      trim.run(id - this.#limit);
      return { id, at, name, hue, text, supporter, author };
    });
  }

  find(author: string, key: string): KeptMessage | null {
    const row = this.#statements.find.get(author, key);
    return row ? { message: row.deleted ? null : messageOf(row) } : null;
  }

  get(id: number): ChatMessage | null {
    const row = this.#statements.get.get(id);
    return row ? messageOf(row) : null;
  }

  before(id: number, limit: number): ChatMessage[] {
    return this.#statements.before.all(id, limit).map(messageOf).reverse();
  }

  delete(ids: readonly number[]): number[] {
    return this.#database.transaction(() =>
      ids.flatMap((id) => this.#statements.delete.all(id)).map((row) => Number(row.id))
    );
  }

  deleteBy(author: string): number[] {
    return this.#statements.deleteBy.all(author).map((row) => Number(row.id));
  }
}

function messageOf(row: Row): ChatMessage {
  return {
    id: Number(row.id),
    at: Number(row.at),
    name: String(row.name),
    hue: Number(row.hue),
    text: String(row.text),
    supporter: row.supporter === 1,
    author: String(row.author),
  };
}
