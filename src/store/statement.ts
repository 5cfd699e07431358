import type { StatementSync, SupportedValueType } from "node:sqlite";

/** A row, by column name. */
export type Row = Readonly<Record<string, unknown>>;

/** Runs an action on the database; turns its errors into `StoreError`s. */
export type Guard = <T>(kind: "read" | "write", action: () => T) => T;

/** A prepared statement; its methods throw `StoreError`. */
export class Statement {
  readonly #statement: StatementSync;
  readonly #guard: Guard;

  /** Wraps a prepared statement. */
  constructor(statement: StatementSync, guard: Guard) {
    this.#statement = statement;
    this.#guard = guard;
  }

  /** Runs a statement that writes; returns the number of rows that changed. */
  run(...values: SupportedValueType[]): number {
    return Number(this.#guard("write", () => this.#statement.run(...values)).changes);
  }

  /** Returns the first row; `undefined` if there is none. */
  get(...values: SupportedValueType[]): Row | undefined {
    return this.#guard("read", () => this.#statement.get(...values)) as Row | undefined;
  }

  /** Returns all rows. */
  all(...values: SupportedValueType[]): Row[] {
    return this.#guard("read", () => this.#statement.all(...values)) as Row[];
  }
}
