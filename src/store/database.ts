import { DatabaseSync } from "node:sqlite";
import { StoreError } from "../channel/store.ts";
import { type Failure, failureOf, isOfSqlite, reasonOfFailure, TamperingError } from "./failure.ts";
import { FileWatch } from "./file_watch.ts";
import { Statement } from "./statement.ts";

/** A database in no file. */
export const MEMORY = ":memory:";

/**
 * How long to wait for another program's lock: while the server starts, and while it runs, when every
 * stream waits too. Milliseconds.
 */
const BUSY_AT_START_MS = 1_000;
const BUSY_MS = 20;

/** The `PRAGMA auto_vacuum` of a file that shrinks on request. */
const INCREMENTAL = 2;

/** A longer write-ahead log is truncated after a checkpoint. Bytes. */
const LOG_LIMIT = 4 << 20;

/** Options of {@linkcode Database}. */
export interface DatabaseOptions {
  /** Called at a failure; not again until something has been stored since. */
  readonly onFailure?: (reason: string) => void;
}

/**
 * An SQLite database with a write-ahead log, used by this process alone.
 *
 * Once a statement or transaction has returned, its changes survive a killed process and a power
 * failure: each commit waits until the log is on the disk (`synchronous=FULL`), as far as the disk is
 * honest about it. macOS returns when the data is in the drive's own memory.
 */
export class Database {
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #onFailure: (reason: string) => void;
  readonly #files = new FileWatch();
  #inTransaction = false;
  #failing: string | null = null;
  #failures = 0;

  /**
   * Opens a database.
   *
   * @throws {Error} From `node:sqlite`; {@linkcode failureOf} classifies it.
   */
  constructor(path: string, { onFailure = () => {} }: DatabaseOptions = {}) {
    this.#path = path;
    this.#onFailure = onFailure;
    this.#database = new DatabaseSync(path);
    this.#database.exec(`
      PRAGMA busy_timeout = ${BUSY_AT_START_MS};
      PRAGMA locking_mode = EXCLUSIVE;
    `);
  }

  /** Why the last action failed; `null` once something has been stored since. */
  get failing(): string | null {
    const tampering = this.#failing === null ? this.#files.tampering : null;
    if (tampering) this.#fail(tampering);
    return this.#failing;
  }

  /** Number of failures. */
  get failures(): number {
    return this.#failures;
  }

  /**
   * Locks the file: no other process can read or write it until it is closed.
   *
   * @throws {Error} As the constructor, also when the file cannot be written to.
   */
  takeOver(): void {
    // Works only for a file without tables; see makeShrinkable for others.
    if (!this.#isShrinkable) this.#database.exec("PRAGMA auto_vacuum = INCREMENTAL");
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA journal_size_limit = ${LOG_LIMIT};
      PRAGMA busy_timeout = ${BUSY_MS};
    `);
  }

  /**
   * Rewrites a file from an earlier version so that it can shrink. Call it after
   * {@linkcode Database.takeOver}.
   *
   * @throws {Error} As the constructor; the file is unchanged and usable.
   */
  makeShrinkable(): void {
    if (!this.#isShrinkable) this.#database.exec("VACUUM");
  }

  /**
   * From now on, refuses to write to files that someone removed or truncated. Call it after the first
   * transaction, when all of them exist.
   */
  watchFiles(): void {
    if (this.#path === MEMORY) return;
    this.#files.watch(this.#path);
    this.#files.watch(`${this.#path}-wal`);
  }

  /** Runs statements without results. @throws {Error} As the constructor. */
  exec(sql: string): void {
    this.#database.exec(sql);
  }

  /** Returns the only value of a statement's first row. @throws {Error} As the constructor. */
  value(sql: string): unknown {
    const row = this.#database.prepare(sql).get();
    return row && Object.values(row)[0];
  }

  /** Prepares a statement. @throws {Error} As the constructor. */
  prepare(sql: string): Statement {
    return new Statement(this.#database.prepare(sql), (kind, action) => this.#guard(kind, action));
  }

  /**
   * Runs a {@linkcode Database.transaction} that does not wait for the disk: for work that the next
   * start repeats if a power failure undoes it.
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
   * Releases unused pages, after moving used ones away from the end of the file. The file gets shorter
   * at the next checkpoint.
   *
   * @param count The most pages to release.
   * @returns Whether there were any.
   * @throws {StoreError}
   */
  releasePages(count: number): boolean {
    if (this.#guard("read", () => this.value("PRAGMA freelist_count")) === 0) return false;
    // Each row that is read releases one page, so all of them have to be read.
    this.repeatable(() => this.#database.prepare(`PRAGMA incremental_vacuum(${count})`).all());
    return true;
  }

  /**
   * Moves the write-ahead log to the database file.
   *
   * @returns The number of pages in the log, moved now or before.
   * @throws {StoreError}
   */
  checkpoint(): number {
    const checkpoint = "PRAGMA wal_checkpoint(PASSIVE)";
    return this.#guard("write", () => Number(this.#database.prepare(checkpoint).get()?.log));
  }

  /** Runs an action whose changes all take effect or, if it throws, none. @throws {StoreError} */
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

  /** Closes the database. */
  close(): void {
    // Closing would copy the rest of a truncated log to the file, without the missing pages. Left
    // open, the file stays as it was at the last checkpoint.
    if (this.#files.tampering !== "cut") this.#database.close();
    this.#files[Symbol.dispose]();
  }

  get #isShrinkable(): boolean {
    return this.value("PRAGMA auto_vacuum") === INCREMENTAL;
  }

  /** Rolls back, unless SQLite already has, as when the disk is full or the file damaged. */
  #rollBack(): void {
    try {
      this.#database.exec("ROLLBACK");
    } catch (error) {
      // The error that led here says more.
      if (!isOfSqlite(error)) throw error;
    }
  }

  #guard<T>(kind: "read" | "write", action: () => T): T {
    // The transaction around this handles the error.
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
      // SQLite cannot know that someone truncated the file.
      const reason = this.#fail(this.#files.tampering ?? failure);
      throw new StoreError(`This could not be saved: ${reason}`, { cause: error });
    }
  }

  /** Records a failure; returns it in words. */
  #fail(failure: Failure): string {
    const reason = reasonOfFailure(failure);
    // Whoever closed the database knows.
    if (this.#failing === null && failure !== "closed") this.#onFailure(reason);
    this.#failing = reason;
    this.#failures++;
    return reason;
  }
}
