import type { ChatStore, DeletedMessages, KeptMessage, NewMessage } from "../channel/store.ts";
import { quoteOf } from "../channel/quote.ts";
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

/**
 * Messages, whether their authors have donated, before or after they wrote, and what they answer, while
 * that exists.
 */
const SELECT = `SELECT messages.*, EXISTS (SELECT 1 FROM supporters
    WHERE supporters.author = messages.author) AS supporter,
    original.author AS reply_author, original.name AS reply_name, original.text AS reply_text
  FROM messages LEFT JOIN messages AS original ON original.id = messages.reply_to`;

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
        INSERT INTO messages (id, at, author, name, hue, text, gift, gift_cents, role, reply_to, mentions)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
      trims: [trim("message_keys"), trim("messages")],
      findKey: database.prepare("SELECT id FROM message_keys WHERE author = ? AND key = ?"),
      get: database.prepare(`${SELECT} WHERE messages.id = ?`),
      authorOf: database.prepare("SELECT author FROM messages WHERE id = ?"),
      before: database.prepare(`${SELECT} WHERE messages.id < ? ORDER BY messages.id DESC LIMIT ?`),
      gifts: database.prepare(
        `${SELECT} WHERE messages.gift IS NOT NULL ORDER BY messages.gift DESC LIMIT ?`,
      ),
      after: database.prepare(`${SELECT} WHERE messages.id > ? ORDER BY messages.id LIMIT ?`),
      delete: database.prepare("DELETE FROM messages WHERE id = ? RETURNING id, gift"),
      newestOf: database.prepare("SELECT max(id) AS id FROM messages WHERE author = ?"),
      purge: database.prepare("REPLACE INTO purges (author, up_to) VALUES (?, ?)"),
      purges: database.prepare("SELECT * FROM purges"),
      purgeSome: database.prepare(`DELETE FROM messages WHERE id IN (
        SELECT id FROM messages WHERE author = ? AND id <= ? ORDER BY id DESC LIMIT ?)`),
      purged: database.prepare("DELETE FROM purges WHERE author = ?"),
    };
  }

  add(message: NewMessage, key: string): ChatMessage {
    return this.#database.transaction(() => this.insert(message, message.author, key));
  }

  /**
   * Stores a message within a transaction.
   *
   * @param keyOwner Whose key it is: the author's, except for lines that the server writes.
   * @throws {StoreError}
   */
  insert(message: NewMessage, keyOwner: string, key: string): ChatMessage {
    const { at, author, name, hue, text, gift, role, reply, mentions = [] } = message;
    const { addKey, add, trims, get } = this.#statements;
    const id = Number(addKey.get(keyOwner, key)?.id);
    const cents = gift?.amount == null ? null : Math.round(100 * gift.amount);
    const details = [role ?? null, reply?.id ?? null, mentions.join(" ")];
    add.run(id, at, author, name, hue, text, gift?.donation ?? null, cents, ...details);
    const stored = this.#messageOf(get.get(id)!);
    // Ids have no gaps, so this leaves exactly `limit` messages.
    for (const trim of trims) trim.run(id - this.#limit);
    return stored;
  }

  gifts(limit: number): ChatMessage[] {
    // The lines of authors whose messages are being deleted may be among the newest.
    const rows = this.#statements.gifts.all(this.isPurging ? 10 * limit : limit);
    return rows.filter(({ author, id }) => !this.#isPurged(author, id)).slice(0, limit)
      .map((row) => this.#messageOf(row));
  }

  find(author: string, key: string): KeptMessage | null {
    const row = this.#statements.findKey.get(author, key);
    return row ? { message: this.get(Number(row.id)) } : null;
  }

  get(id: number): ChatMessage | null {
    const row = this.#statements.get.get(id);
    return row && !this.#isPurged(row.author, row.id) ? this.#messageOf(row) : null;
  }

  before(id: number, limit: number): ChatMessage[] {
    const found: ChatMessage[] = [];
    let before = id;
    for (let looks = 0; looks < MAX_LOOKS && found.length < limit; looks++) {
      const rows = this.#statements.before.all(before, limit);
      const kept = rows.filter(({ author, id }) => !this.#isPurged(author, id));
      found.push(...kept.map((row) => this.#messageOf(row)));
      if (rows.length < limit) break;
      before = Number(rows.at(-1)?.id);
    }
    return found.slice(0, limit).reverse();
  }

  after(id: number, limit: number): { chat: ChatMessage[]; next: number | null } {
    const rows = this.#statements.after.all(id, limit);
    return {
      chat: rows.filter(({ author, id }) => !this.#isPurged(author, id))
        .map((row) => this.#messageOf(row)),
      next: rows.length < limit ? null : Number(rows.at(-1)?.id),
    };
  }

  authorsOf(ids: readonly number[]): string[] {
    const authors = ids.flatMap((id) => this.#statements.authorOf.all(id))
      .map(({ author }) => String(author));
    return [...new Set(authors)];
  }

  delete(ids: readonly number[]): DeletedMessages {
    const rows = this.#database.transaction(() =>
      ids.flatMap((id) => this.#statements.delete.all(id))
    );
    return {
      ids: rows.map(({ id }) => Number(id)),
      donations: rows.flatMap(({ gift }) => gift === null ? [] : [Number(gift)]),
    };
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

  #isPurged(author: Row[string], id: Row[string]): boolean {
    return Number(id) <= (this.#pending.get(String(author)) ?? 0);
  }

  #messageOf(row: Row): ChatMessage {
    const { gift, gift_cents, role, reply_to, reply_author, reply_name, reply_text } = row;
    const hasOriginal = reply_name !== null && !this.#isPurged(reply_author, reply_to);
    return {
      id: Number(row.id),
      at: Number(row.at),
      name: String(row.name),
      hue: Number(row.hue),
      text: String(row.text),
      supporter: row.supporter === 1,
      author: String(row.author),
      ...(gift !== null && {
        gift: {
          donation: Number(gift),
          amount: gift_cents === null ? null : Number(gift_cents) / 100,
        },
      }),
      ...((role === "streamer" || role === "moderator") && { role }),
      ...(hasOriginal && {
        reply: quoteOf({
          id: Number(reply_to),
          name: String(reply_name),
          text: String(reply_text),
        }),
      }),
      ...(row.mentions !== "" && { mentions: String(row.mentions).split(" ") }),
    };
  }
}
