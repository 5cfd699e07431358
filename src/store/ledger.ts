import type { DonationStore, Giving, KeptSupporter, NewDonation } from "../channel/store.ts";
import type { Donation } from "../live_messages.ts";
import type { Database } from "./database.ts";
import type { Row } from "./statement.ts";

/**
 * The most donations stored one by one, and the most supporters. Beyond it, the oldest donations are
 * deleted, but stay in their donors' sums; so are the supporters who donated least.
 */
export const MAX_DONATIONS = 100_000;

/** Rows deleted at once. One is enough, except in a file that was filled under a higher limit. */
const TRIM_AT_ONCE = 10;

/** Stores donations, and the sum of each supporter. Amounts are stored in hundredths. */
export class Ledger implements DonationStore {
  readonly #database: Database;
  readonly #limit: number;
  readonly #statements;
  #supporters: number;

  /** Prepares its statements, and counts the supporters. */
  constructor(database: Database, limit = MAX_DONATIONS) {
    this.#database = database;
    this.#limit = limit;
    this.#statements = {
      add: database.prepare(`
        INSERT INTO donations (at, author, key, name, cents, message)
        VALUES (?, ?, ?, ?, ?, ?) RETURNING id`),
      trim: database.prepare(`DELETE FROM donations WHERE id IN (
        SELECT id FROM donations WHERE id <= ? ORDER BY id LIMIT ${TRIM_AT_ONCE})`),
      sum: database.prepare(`
        INSERT INTO supporters (author, donations, cents, last_at, name) VALUES (?, 1, ?, ?, ?)
        ON CONFLICT DO UPDATE SET donations = donations + 1, cents = cents + excluded.cents,
          last_at = excluded.last_at, name = excluded.name
        RETURNING donations`),
      trimSupporters: database.prepare(`
        DELETE FROM supporters WHERE author = (
          SELECT author FROM supporters ORDER BY cents, donations, last_at LIMIT 1)`),
      removeSupporter: database.prepare("DELETE FROM supporters WHERE author = ?"),
      find: database.prepare("SELECT * FROM donations WHERE author = ? AND key = ?"),
      givingOf: database.prepare("SELECT * FROM supporters WHERE author = ?"),
      supporters: database.prepare(`
        SELECT supporters.*, coalesce(people.name, supporters.name) AS name
        FROM supporters LEFT JOIN people USING (author)
        WHERE NOT EXISTS (SELECT 1 FROM sanctions
          WHERE sanctions.author = supporters.author AND until IS NULL)
        ORDER BY cents DESC, donations DESC, last_at DESC LIMIT ?`),
      count: database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'donations'"),
    };
    this.#supporters = Number(database.value("SELECT count(*) FROM supporters"));
  }

  add({ at, author, key, name, amount, message }: NewDonation): Donation {
    const cents = amount === null ? null : Math.round(100 * amount);
    const { add, trim, sum, trimSupporters } = this.#statements;
    const isFull = this.#supporters >= this.#limit;
    let news = 0;
    const donation = this.#database.transaction(() => {
      const id = Number(add.get(at, author ?? "", key, name, cents, message)?.id);
      trim.run(id - this.#limit);
      if (author !== null && sum.get(author, cents ?? 0, at, name)?.donations === 1) {
        news = 1 - (isFull ? trimSupporters.run() : 0);
      }
      return { id, at, name, amount, message };
    });
    this.#supporters += news;
    return donation;
  }

  find(author: string | null, key: string): Donation | null {
    const row = this.#statements.find.get(author ?? "", key);
    if (!row) return null;
    const { id, at, name, cents, message } = row;
    return {
      id: Number(id),
      at: Number(at),
      name: String(name),
      amount: cents === null ? null : Number(cents) / 100,
      message: String(message),
    };
  }

  givingOf(author: string): Giving | null {
    const row = this.#statements.givingOf.get(author);
    return row ? giving(row) : null;
  }

  supporters(limit: number): KeptSupporter[] {
    return this.#statements.supporters.all(limit).map((row) => ({
      ...giving(row),
      author: String(row.author),
      name: row.name === null ? null : String(row.name),
    }));
  }

  removeSupporter(author: string): boolean {
    const removed = this.#database.transaction(() => this.#statements.removeSupporter.run(author));
    this.#supporters -= removed;
    return removed > 0;
  }

  count(): number {
    return Number(this.#statements.count.get()?.seq ?? 0);
  }
}

function giving({ donations, cents, last_at }: Row): Giving {
  return { donations: Number(donations), amount: Number(cents) / 100, lastAt: Number(last_at) };
}
