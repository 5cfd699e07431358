import type { ChatStore, KeptMessage, NewMessage } from "../channel/store.ts";
import type { ChatMessage } from "../live_messages.ts";
import type { Database } from "./database.ts";
import type { Row } from "./statement.ts";

/** The most messages stored; beyond it, the oldest are deleted. */
export const MAX_MESSAGES = 100_000;

/**
 * The most old messages that one new message deletes. One is enough, except in a file that was filled
 * under a higher limit, which shrinks over the next messages instead of all at once.
 */
const TRIM_AT_ONCE = 10;

/** The most pages of messages that one read searches while purged messages are still stored. */
const MAX_LOOKS = 10;

/**
 * Stores chat messages. The key of a deleted message stays in a table of its own, so that the message
 * cannot be sent again, and no read has to skip deleted messages.
 *
 * All messages of a banned author are purged: hidden at once, and deleted in pieces by
 * {@linkcode ChatLog.purgeSome}.
 */
export class ChatLog implements ChatStore {
  readonly #database: Database;
  readonly #limit: number;
  readonly #statements;
  /** By author: the id up to which messages are purged; `null` if it has to be read again. */
  #purges: ReadonlyMap<string, number> | null = null;

  /** Prepares its statements. */
  constructor(database: Database, limit = MAX_MESSAGES) {
    this.#database = database;
    this.#limit = limit;
    const trim = (table: string) =>
      database.prepare(`DELETE FROM ${table} WHERE id IN (
        SELECT id FROM ${table} WHERE id <= ? ORDER BY id LIMIT ${TRIM_AT_ONCE})`);
    this.#statements = {
      addKey: database.prepare(
        "INSERT INTO message_keys (author, key) VALUES (?, ?) RETURNING id",
      ),
      add: database.prepare(`
        INSERT INTO messages (id, at, author, name, hue, text, supporter)
        VALUES (?, ?, ?, ?, ?, ?, ?)`),
      trims: [trim("message_keys"), trim("messages")],
      findKey: database.prepare("SELECT id FROM message_keys WHERE author = ? AND key = ?"),
      get: database.prepare("SELECT * FROM messages WHERE id = ?"),
      before: database.prepare("SELECT * FROM messages WHERE id < ? ORDER BY id DESC LIMIT ?"),
      delete: database.prepare("DELETE FROM messages WHERE id = ? RETURNING id"),
      newestOf: database.prepare("SELECT max(id) AS id FROM messages WHERE author = ?"),
      purge: database.prepare("REPLACE INTO purges (author, up_to) VALUES (?, ?)"),
      purges: database.prepare("SELECT * FROM purges"),
      purgeSome: database.prepare(`DELETE FROM messages WHERE id IN (
        SELECT id FROM messages WHERE author = ? AND id <= ? ORDER BY id DESC LIMIT ?)`),
      purged: database.prepare("DELETE FROM purges WHERE author = ?"),
    };
  }

  add(message: NewMessage, key: string): ChatMessage {
    const { at, author, name, hue, text, supporter } = message;
    const { addKey, add, trims } = this.#statements;
    return this.#database.transaction(() => {
      const id = Number(addKey.get(author, key)?.id);
      add.run(id, at, author, name, hue, text, supporter ? 1 : 0);
      // Ids have no gaps, so this leaves exactly `limit` messages.
      for (const trim of trims) trim.run(id - this.#limit);
      return { id, at, name, hue, text, supporter, author };
    });
  }

  find(author: string, key: string): KeptMessage | null {
    const row = this.#statements.findKey.get(author, key);
    return row ? { message: this.get(Number(row.id)) } : null;
  }

  get(id: number): ChatMessage | null {
    const row = this.#statements.get.get(id);
    const message = row ? messageOf(row) : null;
    return message && this.#isPurged(message) ? null : message;
  }

  before(id: number, limit: number): ChatMessage[] {
    const found: ChatMessage[] = [];
    let before = id;
    for (let looks = 0; looks < MAX_LOOKS && found.length < limit; looks++) {
      const rows = this.#statements.before.all(before, limit);
      found.push(...rows.map(messageOf).filter((message) => !this.#isPurged(message)));
      if (rows.length < limit) break;
      before = Number(rows.at(-1)?.id);
    }
    return found.slice(0, limit).reverse();
  }

  delete(ids: readonly number[]): number[] {
    return this.#database.transaction(() =>
      ids.flatMap((id) => this.#statements.delete.all(id)).map((row) => Number(row.id))
    );
  }

  get isPurging(): boolean {
    return this.#pending.size > 0;
  }

  /**
   * Hides all messages that an author has written so far, and marks them for deletion.
   *
   * @returns The id of the newest of them; 0 if there are none.
   * @throws {StoreError}
   */
  purge(author: string): number {
    const upTo = Number(this.#statements.newestOf.get(author)?.id ?? 0);
    // The transaction around this may still fail.
    this.#purges = null;
    if (upTo > 0) this.#statements.purge.run(author, upTo);
    return upTo;
  }

  /**
   * Deletes some of the purged messages, the newest first.
   *
   * @param count The most messages to delete.
   * @returns Whether there was anything to do.
   * @throws {StoreError}
   */
  purgeSome(count: number): boolean {
    const [purge] = this.#pending;
    if (!purge) return false;
    const { purgeSome, purged } = this.#statements;
    this.#database.repeatable(() => {
      if (purgeSome.run(...purge, count) < count) purged.run(purge[0]);
    });
    this.#purges = null;
    return true;
  }

  get #pending(): ReadonlyMap<string, number> {
    return this.#purges ??= new Map(
      this.#statements.purges.all().map(({ author, up_to }) => [String(author), Number(up_to)]),
    );
  }

  #isPurged({ author, id }: ChatMessage): boolean {
    return id <= (this.#pending.get(author) ?? 0);
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
