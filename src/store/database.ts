import { DatabaseSync, type StatementSync, type SupportedValueType } from "node:sqlite";
import { StoreError } from "../channel/store.ts";
import { type Failure, failureOf, isOfSqlite, reasonOfFailure, TamperingError } from "./failure.ts";
import { FileWatch } from "./file_watch.ts";

/** A database in no file. */
export const MEMORY = ":memory:";

/** A row by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>;

/** How long to wait for another program while the server starts, and while it runs, when all the
 * streams wait too. Milliseconds. */
const BUSY_AT_START_MS = 1_000;
const BUSY_MS = 20;

/** What `PRAGMA auto_vacuum` gives for a file that shrinks when it is asked to. */
const INCREMENTAL = 2;

/** Beyond this the write-ahead log is cut back after a checkpoint. Bytes. */
const LOG_LIMIT = 4 << 20;

/** Does something with the database; its errors become {@linkcode StoreError}s. */
type Guard = <T>(kind: "read" | "write", action: () => T) => T;

/** A statement that is prepared once; its methods throw {@linkcode StoreError}. */
export class Statement {
  readonly #statement: StatementSync;
  readonly #guard: Guard;

  constructor(statement: StatementSync, guard: Guard) {
    this.#statement = statement;
    this.#guard = guard;
  }

  /** For statements that write; returns how many rows changed. */
  run(...values: SupportedValueType[]): number {
    return Number(this.#guard("write", () => this.#statement.run(...values)).changes);
  }

  /** The first row, or `undefined`. */
  get(...values: SupportedValueType[]): Row | undefined {
    return this.#guard("read", () => this.#statement.get(...values)) as Row | undefined;
  }

  all(...values: SupportedValueType[]): Row[] {
    return this.#guard("read", () => this.#statement.all(...values)) as Row[];
  }
}

export interface DatabaseOptions {
  /** Told when something could not be done, once until something can be kept again. */
  readonly onFailure?: (reason: string) => void;
}

/**
 * An SQLite database of which this process is the only user, with a write-ahead log.
 *
 * What a statement or transaction returned from is kept, also when the process is killed or the
 * power fails: each commit waits until the log is on the disk (`synchronous=FULL`), as far as the
 * disk tells the truth. macOS counts as on the disk what the drive has in its own memory.
 */
export class Database {
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #onFailure: (reason: string) => void;
  readonly #files = new FileWatch();
  #inTransaction = false;
  #failing: string | null = null;
  #failures = 0;

  /** @throws {Error} Of `node:sqlite`; {@linkcode failureOf} tells its kind. */
  constructor(path: string, { onFailure = () => {} }: DatabaseOptions = {}) {
    this.#path = path;
    this.#onFailure = onFailure;
    this.#database = new DatabaseSync(path);
    this.#database.exec(`
      PRAGMA busy_timeout = ${BUSY_AT_START_MS};
      PRAGMA locking_mode = EXCLUSIVE;
    `);
  }

  /** Why something could not be done, until something can be kept again; `null` while all is well. */
  get failing(): string | null {
    const tampering = this.#failing === null ? this.#files.tampering : null;
    if (tampering) this.#fail(tampering);
    return this.#failing;
  }

  /** How often something could not be done. */
  get failures(): number {
    return this.#failures;
  }

  /**
   * Makes the file this process's own: nobody else can read or write it until it is closed.
   *
   * @throws {Error} As the constructor, also when the file cannot be written to.
   */
  takeOver(): void {
    // Has effect on a file that has no tables yet; see makeShrinkable for others.
    if (!this.#isShrinkable) this.#database.exec("PRAGMA auto_vacuum = INCREMENTAL");
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA journal_size_limit = ${LOG_LIMIT};
      PRAGMA busy_timeout = ${BUSY_MS};
    `);
  }

  /**
   * Makes a file that was begun by an earlier version able to shrink, by writing it anew. To be
   * called after {@linkcode Database.takeOver}.
   *
   * @throws {Error} As the constructor; the file is as it was, and can be used.
   */
  makeShrinkable(): void {
    if (!this.#isShrinkable) this.#database.exec("VACUUM");
  }

  /**
   * Refuses from now on to write to files that were removed or cut short. They are there, all of
   * them, after the first transaction.
   */
  watchFiles(): void {
    if (this.#path === MEMORY) return;
    this.#files.watch(this.#path);
    this.#files.watch(`${this.#path}-wal`);
  }

  /** Runs statements that give nothing. @throws {Error} As the constructor. */
  exec(sql: string): void {
    this.#database.exec(sql);
  }

  /** The only value of a statement's first row. @throws {Error} As the constructor. */
  value(sql: string): unknown {
    const row = this.#database.prepare(sql).get();
    return row && Object.values(row)[0];
  }

  /** @throws {Error} As the constructor. */
  prepare(sql: string): Statement {
    return new Statement(this.#database.prepare(sql), (kind, action) => this.#guard(kind, action));
  }

  /**
   * Does all of it or nothing, as {@linkcode Database.transaction}, but does not wait for the disk:
   * for what is done again at the next start if a power failure undoes it.
   *
   * @throws {StoreError}
   */
  repeatable<T>(action: () => T): T {
    const synchronous = (level: "NORMAL" | "FULL") =>
      this.#guard("read", () => this.#database.exec(`PRAGMA synchronous = ${level}`));
    synchronous("NORMAL");
    try {
      return this.transaction(action);
    } finally {
      synchronous("FULL");
    }
  }

  /**
   * Gives unused pages at the end of the file back to the system, after moving used ones from there.
   * The file gets shorter at the next checkpoint.
   *
   * @param count The most pages to give back.
   * @returns Whether there were any.
   * @throws {StoreError}
   */
  releasePages(count: number): boolean {
    if (this.#guard("read", () => this.value("PRAGMA freelist_count")) === 0) return false;
    // It gives a row for each page, and goes on to the next page when the next row is asked for.
    this.repeatable(() => this.#database.prepare(`PRAGMA incremental_vacuum(${count})`).all());
    return true;
  }

  /**
   * Moves what the write-ahead log holds to the database file.
   *
   * @returns How many pages the log held, moved now or before.
   * @throws {StoreError}
   */
  checkpoint(): number {
    const checkpoint = "PRAGMA wal_checkpoint(PASSIVE)";
    return this.#guard("write", () => Number(this.#database.prepare(checkpoint).get()?.log));
  }

  /** Does all of it or, when it throws, nothing. @throws {StoreError} */
  transaction<T>(action: () => T): T {
    return this.#guard("write", () => {
      this.#database.exec("BEGIN IMMEDIATE");
      this.#inTransaction = true;
      try {
        const result = action();
        this.#database.exec("COMMIT");
        this.#failing = null;
        return result;
      } catch (error) {
        this.#rollBack();
        throw error;
      } finally {
        this.#inTransaction = false;
      }
    });
  }

  close(): void {
    // Closing would copy what is left of a log that was cut short to the file, though the pages
    // that are missing belong to it. Left open, the file stays as it was at the last checkpoint.
    if (this.#files.tampering !== "cut") this.#database.close();
    this.#files[Symbol.dispose]();
  }

  get #isShrinkable(): boolean {
    return this.value("PRAGMA auto_vacuum") === INCREMENTAL;
  }

  /** SQLite may have done it by itself, when the disk was full or the file damaged. */
  #rollBack(): void {
    try {
      this.#database.exec("ROLLBACK");
    } catch (error) {
      // Whatever is in the way of it, what led to it says more.
      if (!isOfSqlite(error)) throw error;
    }
  }

  #guard<T>(kind: "read" | "write", action: () => T): T {
    // What goes wrong inside of a transaction is told when it is rolled back.
    if (this.#inTransaction) return action();
    try {
      const tampering = kind === "write" ? this.#files.tampering : null;
      if (tampering) throw new TamperingError(tampering);
      const result = action();
      if (kind === "write") this.#files.accept();
      return result;
    } catch (error) {
      const failure = failureOf(error);
      if (!failure) throw error;
      // SQLite cannot read what was cut off, and does not know why.
      const reason = this.#fail(this.#files.tampering ?? failure);
      throw new StoreError(`This could not be kept: ${reason}`, { cause: error });
    }
  }

  /** Notes a failure; returns it in words. */
  #fail(failure: Failure): string {
    const reason = reasonOfFailure(failure);
    // That it was closed is no news to who closed it.
    if (this.#failing === null && failure !== "closed") this.#onFailure(reason);
    this.#failing = reason;
    this.#failures++;
    return reason;
  }
}
