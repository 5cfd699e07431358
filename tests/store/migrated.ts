import { Database, type DatabaseOptions } from "../../src/store/database.ts";
import { migrate } from "../../src/store/schema.ts";

/** A database with the tables of the store, closed when disposed of. */
export function migratedDatabase(path = ":memory:", options: DatabaseOptions = {}) {
  const database = new Database(path, options);
  database.takeOver();
  migrate(database);
  return Object.assign(database, { [Symbol.dispose]: () => database.close() });
}
