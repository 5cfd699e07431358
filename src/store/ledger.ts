import type { DonationStore, Giving, NewDonation } from "../community/store.ts";
import type { Donation } from "../live_messages.ts";
import type { Database, Row } from "./database.ts";

/**
 * How many donations are kept one by one, and how many supporters. The oldest donations go, but
 * stay in their donors' sums; of the supporters go those who gave least.
 */
export const MAX_DONATIONS = 100_000;

/** Supporters are counted each time that so many donations came. */
const TRIM_EVERY = 1_000;

/** Donations, and what each supporter gave in all. Amounts are kept in hundredths. */
export class Ledger implements DonationStore {
  readonly #database: Database;
  readonly #limit: number;
  readonly #statements;

  constructor(database: Database, limit = MAX_DONATIONS) {
    this.#database = database;
    this.#limit = limit;
    this.#statements = {
      add: database.prepare(`
        INSERT INTO donations (at, author, key, name, cents, message)
        VALUES (?, ?, ?, ?, ?, ?) RETURNING id`),
      trim: database.prepare("DELETE FROM donations WHERE id <= ?"),
      sum: database.prepare(`
        INSERT INTO supporters (author, donations, cents, last_at) VALUES (?, 1, ?, ?)
        ON CONFLICT DO UPDATE SET donations = donations + 1, cents = cents + excluded.cents,
          last_at = excluded.last_at`),
      trimSupporters: database.prepare(`
        DELETE FROM supporters WHERE author IN (
          SELECT author FROM supporters
          ORDER BY cents DESC, donations DESC, last_at DESC LIMIT -1 OFFSET ?)`),
      find: database.prepare("SELECT * FROM donations WHERE author = ? AND key = ?"),
      givingOf: database.prepare("SELECT * FROM supporters WHERE author = ?"),
      supporters: database.prepare(`
        SELECT supporters.*, name FROM supporters LEFT JOIN people USING (author)
        ORDER BY cents DESC, donations DESC, last_at DESC LIMIT ?`),
      count: database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'donations'"),
    };
  }

  add({ at, author, key, name, amount, message }: NewDonation): Donation {
    const cents = amount === null ? null : Math.round(100 * amount);
    const { add, trim, sum, trimSupporters } = this.#statements;
    return this.#database.transaction(() => {
      const id = Number(add.get(at, author ?? "", key, name, cents, message)?.id);
      trim.run(id - this.#limit);
      if (author !== null) sum.run(author, cents ?? 0, at);
      if (id % TRIM_EVERY === 0) trimSupporters.run(this.#limit);
      return { id, at, name, amount, message };
    });
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

  supporters(limit: number): ReturnType<DonationStore["supporters"]> {
    return this.#statements.supporters.all(limit).map((row) => ({
      ...giving(row),
      author: String(row.author),
      name: row.name === null ? null : String(row.name),
    }));
  }

  count(): number {
    return Number(this.#statements.count.get()?.seq ?? 0);
  }
}

function giving({ donations, cents, last_at }: Row): Giving {
  return { donations: Number(donations), amount: Number(cents) / 100, lastAt: Number(last_at) };
}
