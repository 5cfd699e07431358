import type {
  DonationStore,
  Giving,
  KeptDonation,
  KeptSupporter,
  NewDonation,
  RemovedDonation,
} from "../channel/store.ts";
import type { Donation, SupportTotals } from "../live_messages.ts";
import type { ChatLog } from "./chat_log.ts";
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
  readonly #lines: Pick<ChatLog, "insert">;
  readonly #statements;
  #supporters: number;
  #stored: number;
  #cents: number;

  /**
   * Prepares its statements, and counts the supporters.
   *
   * @param lines Stores the donations' lines in the chat.
   */
  constructor(
    database: Database,
    lines: Pick<ChatLog, "insert">,
    limit = MAX_DONATIONS,
  ) {
    this.#database = database;
    this.#lines = lines;
    this.#limit = limit;
    this.#statements = {
      add: database.prepare(`
        INSERT INTO donations (at, author, key, name, cents, message)
        VALUES (?, ?, ?, ?, ?, ?) RETURNING id`),
      trim: database.prepare(`DELETE FROM donations WHERE id IN (
        SELECT id FROM donations WHERE id <= ? ORDER BY id LIMIT ${TRIM_AT_ONCE}) RETURNING cents`),
      sum: database.prepare(`
        INSERT INTO supporters (author, donations, cents, last_at, name, since)
        VALUES (?, 1, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET donations = donations + 1, cents = cents + excluded.cents,
          last_at = excluded.last_at, name = excluded.name
        RETURNING donations`),
      trimSupporters: database.prepare(`
        DELETE FROM supporters WHERE author = (
          SELECT author FROM supporters ORDER BY cents, donations, last_at LIMIT 1)`),
      removeSupporter: database.prepare("DELETE FROM supporters WHERE author = ?"),
      remove: database.prepare("DELETE FROM donations WHERE id = ? RETURNING *"),
      subtract: database.prepare(`
        UPDATE supporters SET donations = donations - 1, cents = cents - ?
        WHERE author = ? AND since <= ? RETURNING donations`),
      after: database.prepare("SELECT * FROM donations WHERE id > ? ORDER BY id LIMIT ?"),
      bannedSupporters: database.prepare(`
        SELECT count(*) AS count FROM sanctions CROSS JOIN supporters USING (author)
        WHERE until IS NULL`),
      banned: database.prepare(`
        SELECT count(*) AS count, total(cents) AS cents
        FROM sanctions CROSS JOIN donations USING (author) WHERE until IS NULL`),
      givenAfter: database.prepare(`
        SELECT total(cents) AS cents FROM donations WHERE id > ? AND NOT EXISTS (
          SELECT 1 FROM sanctions WHERE sanctions.author = donations.author AND until IS NULL)`),
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
    this.#stored = Number(database.value("SELECT count(*) FROM donations"));
    this.#cents = Number(database.value("SELECT total(cents) FROM donations"));
  }

  add({ at, author, key, name, hue, amount, message }: NewDonation): KeptDonation {
    const cents = amount === null ? null : Math.round(100 * amount);
    const { add, trim, sum, trimSupporters } = this.#statements;
    const isFull = this.#supporters >= this.#limit;
    let news = 0;
    let trimmed: readonly Row[] = [];
    const kept = this.#database.transaction(() => {
      const id = Number(add.get(at, author ?? "", key, name, cents, message)?.id);
      trimmed = trim.all(id - this.#limit);
      if (author !== null && sum.get(author, cents ?? 0, at, name, id)?.donations === 1) {
        news = 1 - (isFull ? trimSupporters.run() : 0);
      }
      // A viewer without a cookie has no author; neither has the key, which no viewer could send.
      const line = { at, name, hue, text: message, author: author ?? "" };
      const gift = { donation: id, amount };
      return {
        donation: { id, at, name, amount, message },
        message: this.#lines.insert({ ...line, gift }, "", `donation ${id}`),
      };
    });
    this.#supporters += news;
    this.#stored += 1 - trimmed.length;
    this.#cents += (cents ?? 0) - centsOf(trimmed);
    return kept;
  }

  remove(id: number): RemovedDonation | null {
    const { remove, subtract } = this.#statements;
    let left = 0;
    let rows: readonly Row[] = [];
    const removed = this.#database.transaction(() => {
      rows = remove.all(id);
      if (rows.length === 0) return null;
      const author = String(rows[0].author);
      // One from before the donor was taken off the list is not in the sums.
      const donor = subtract.get(centsOf(rows), author, id);
      if (donor?.donations === 0) left = this.#statements.removeSupporter.run(author);
      const { at, amount } = donationOf(rows[0]);
      const isSupporter = this.givingOf(author) !== null;
      return { id, author: author || null, at, amount, isSupporter };
    });
    this.#supporters -= left;
    this.#stored -= rows.length;
    this.#cents -= centsOf(rows);
    return removed;
  }

  after(id: number, limit: number): Donation[] {
    return this.#statements.after.all(id, limit).map(donationOf);
  }

  givenAfter(id: number): number {
    return Number(this.#statements.givenAfter.get(id)?.cents) / 100;
  }

  totals(): SupportTotals {
    const { bannedSupporters, banned } = this.#statements;
    const { count, cents } = banned.get()!;
    return {
      supporters: this.#supporters - Number(bannedSupporters.get()?.count),
      donations: this.#stored - Number(count),
      amount: (this.#cents - Number(cents)) / 100,
    };
  }

  find(author: string | null, key: string): Donation | null {
    const row = this.#statements.find.get(author ?? "", key);
    return row ? donationOf(row) : null;
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

function centsOf(rows: readonly Row[]): number {
  return rows.reduce((sum, { cents }) => sum + Number(cents ?? 0), 0);
}

function donationOf({ id, at, name, cents, message }: Row): Donation {
  return {
    id: Number(id),
    at: Number(at),
    name: String(name),
    amount: cents === null ? null : Number(cents) / 100,
    message: String(message),
  };
}

function giving({ donations, cents, last_at }: Row): Giving {
  return { donations: Number(donations), amount: Number(cents) / 100, lastAt: Number(last_at) };
}
