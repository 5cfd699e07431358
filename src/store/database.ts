import { DatabaseSync, type StatementSync, type SupportedValueType } from "node:sqlite";
import { StoreError } from "../community/store.ts";
import { failureOf, isOfSqlite, reasonOfFailure, RemovedError } from "./failure.ts";
import { FileWatch } from "./file_watch.ts";

/** A database in no file. */
export const MEMORY = ":memory:";

/** A row by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>;

/** How long to wait for another program while the server starts, and while it runs, when all the
 * streams wait too. Milliseconds. */
const BUSY_AT_START_MS = 1_000;
const BUSY_MS = 20;

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

  /** For statements that write. */
  run(...values: SupportedValueType[]): void {
    this.#guard("write", () => this.#statement.run(...values));
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
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA journal_size_limit = ${LOG_LIMIT};
      PRAGMA busy_timeout = ${BUSY_MS};
    `);
  }

  /**
   * Refuses from now on to write to files that were removed. They are there, all of them, after
   * the first transaction.
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
    this.#database.close();
    this.#files[Symbol.dispose]();
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
      if (kind === "write" && this.#files.isRemoved) throw new RemovedError();
      return action();
    } catch (error) {
      const failure = failureOf(error);
      if (!failure) throw error;
      const reason = reasonOfFailure(failure);
      // That it was closed is no news to who closed it.
      if (this.#failing === null && failure !== "closed") this.#onFailure(reason);
      this.#failing = reason;
      this.#failures++;
      throw new StoreError(`This could not be kept: ${reason}`, { cause: error });
    }
  }
}
