import assert from "node:assert/strict";
import { Database } from "../../src/store/database.ts";
import { APPLICATION_ID, migrate, MIGRATIONS, versionOf } from "../../src/store/schema.ts";

Deno.test("migrate brings a new database to the newest version, once", () => {
  const database = new Database(":memory:");
  assert.equal(versionOf(database), 0);
  migrate(database);
  assert.equal(versionOf(database), MIGRATIONS.length);
  assert.equal(database.value("PRAGMA application_id"), APPLICATION_ID);
  const secret = database.value("SELECT value FROM settings WHERE name = 'secret'");
  migrate(database);
  assert.deepEqual(database.value("SELECT value FROM settings WHERE name = 'secret'"), secret);
  database.close();
});

Deno.test("migrate takes an older database forward, with what is in it", () => {
  const database = new Database(":memory:");
  const steps = ["CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y DEFAULT 2"];
  migrate(database, steps.slice(0, 1));
  database.exec("INSERT INTO a VALUES (1)");
  migrate(database, steps);
  assert.equal(versionOf(database), 2);
  assert.equal(database.value("SELECT x + y FROM a"), 3);
  database.close();
});

Deno.test("migrate leaves a database at the version before a step that fails", () => {
  const database = new Database(":memory:");
  const steps = ["CREATE TABLE a (x)", "CREATE TABLE b (x); INSERT INTO nowhere VALUES (1)"];
  assert.throws(() => migrate(database, steps));
  assert.equal(versionOf(database), 1);
  assert.equal(database.value("SELECT count(*) FROM sqlite_schema WHERE name = 'b'"), 0);
  database.close();
});
