import assert from "node:assert/strict";
import { Database } from "../../src/store/database.ts";
import { openStore } from "../../src/store/open.ts";
import { APPLICATION_ID, migrate, MIGRATIONS, versionOf } from "../../src/store/schema.ts";
import { temporaryFolder } from "./temporary_folder.ts";

Deno.test("migrate upgrades a new database to the newest version, once", () => {
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

Deno.test("migrate upgrades an older database and keeps its content", () => {
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

/** How many messages a file of version 1 can have, half of them deleted in the following test. */
const MESSAGES = 100_000;

/** A file as the first release left it, which never gave room back. */
function writeVersion1(path: string): void {
  const database = new Database(path);
  database.exec("PRAGMA journal_mode = WAL");
  migrate(database, MIGRATIONS.slice(0, 1));
  database.exec(`
    BEGIN;
    WITH RECURSIVE numbers(n) AS (
      SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT ${MESSAGES})
    INSERT INTO messages (at, author, key, name, hue, text, supporter)
      SELECT n, iif(n % 2, 'rude', 'kind'), n, 'Ann', 7, 'text ' || n || ' ' || hex(zeroblob(100)),
        n % 3 = 0 FROM numbers;
    UPDATE messages SET deleted = 1, name = '', text = '' WHERE author = 'rude';
    INSERT INTO people (author, name) VALUES ('kind', 'Ann');
    INSERT INTO supporters VALUES ('kind', 2, 500, 7);
    INSERT INTO sanctions VALUES ('rude', 'Rude', 7, NULL);
    COMMIT`);
  database.close();
}

Deno.test("a file of the first version is upgraded within seconds, and shrinks", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/livestream.db`;
  writeVersion1(path);
  const size = Deno.statSync(path).size;
  const begin = performance.now();
  const store = openStore(path);
  const took = performance.now() - begin;
  assert.ok(took < 10_000, `${took} ms`);
  const { chat } = store;
  assert.deepEqual(chat.before(1e9, 3).map(({ id, supporter }) => [id, supporter]), [
    [MESSAGES - 4, true],
    [MESSAGES - 2, true],
    [MESSAGES, true],
  ]);
  assert.equal(chat.get(2)!.text, `text 2 ${"0".repeat(200)}`);
  assert.equal(chat.get(3), null);
  assert.deepEqual(chat.find("rude", "3"), { message: null });
  assert.equal(chat.find("kind", "4")!.message!.id, 4);
  const news = { at: 5, name: "Bea", hue: 7, text: "new", author: "bea" };
  assert.equal(chat.add(news, "1").id, MESSAGES + 1);
  assert.equal(store.people.nameOf("kind"), "Ann");
  const supporters = store.donations.supporters(9).map(({ author, name }) => [author, name]);
  assert.deepEqual(supporters, [["kind", "Ann"]]);
  assert.deepEqual(store.moderation.sanctions().map(({ name }) => name), ["Rude"]);
  store.close();
  const database = new Database(path);
  assert.equal(versionOf(database), MIGRATIONS.length);
  // https://sqlite.org/pragma.html#pragma_auto_vacuum: 2 is INCREMENTAL.
  assert.equal(database.value("PRAGMA auto_vacuum"), 2);
  assert.equal(database.value("PRAGMA freelist_count"), 0);
  database.close();
  assert.ok(Deno.statSync(path).size < 0.9 * size, `${size} ${Deno.statSync(path).size}`);
});
