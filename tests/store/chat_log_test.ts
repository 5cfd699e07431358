import assert from "node:assert/strict";
import type { Database } from "../../src/store/database.ts";
import { ChatLog, MAX_MESSAGES } from "../../src/store/chat_log.ts";
import { migratedDatabase } from "./migrated.ts";

const message = (text: string, author = "ann") => (
  { at: 5, name: "Ann", hue: 7, text, author }
);

/** Fills a log with messages of one author, with ids from 1. */
function fill(database: Database, count: number, author = "ann") {
  database.exec(`
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT ${count})
    INSERT INTO message_keys (id, author, key) SELECT n, '${author}', n FROM numbers;
    INSERT INTO messages (id, at, author, name, hue, text)
    SELECT id, id, author, 'Ann', 7, 'text' FROM message_keys`);
}

const countOf = (database: Database, table: string) =>
  database.value(`SELECT count(*) FROM ${table}`);

/** Purges to the end, in steps of this size; returns how many there were. */
function purgeAll(log: ChatLog, size: number): number {
  let steps = 0;
  while (log.purgeSome(size)) steps++;
  return steps;
}

Deno.test("ChatLog keeps the newest messages up to its limit", () => {
  using database = migratedDatabase();
  const log = new ChatLog(database, 10);
  for (let i = 1; i <= 25; i++) log.add(message(`${i}`), `${i}`);
  assert.deepEqual(log.before(1e9, 100).map(({ id }) => id), [
    16,
    17,
    18,
    19,
    20,
    21,
    22,
    23,
    24,
    25,
  ]);
  assert.equal(countOf(database, "messages"), 10);
  assert.equal(countOf(database, "message_keys"), 10);
  assert.equal(log.get(15), null);
  assert.equal(log.find("ann", "15"), null);
  assert.ok(log.find("ann", "16"));
});

Deno.test("ChatLog keeps a hundred thousand messages, whether deleted or not", () => {
  using database = migratedDatabase();
  const log = new ChatLog(database);
  fill(database, MAX_MESSAGES);
  assert.equal(log.add(message("new"), "new").id, 100_001);
  assert.equal(countOf(database, "messages"), 100_000);
  assert.equal(log.get(1), null);
  assert.equal(log.purge("ann"), 100_001);
  purgeAll(log, 10_000);
  log.add(message("newer"), "newer");
  assert.equal(countOf(database, "messages"), 1);
  assert.equal(countOf(database, "message_keys"), 100_000);
});

Deno.test("ChatLog shrinks a log from a higher limit by a few messages at a time", () => {
  using database = migratedDatabase();
  fill(database, 1_000);
  const log = new ChatLog(database, 100);
  log.add(message("new"), "new");
  assert.equal(countOf(database, "messages"), 991);
  for (let i = 0; i < 200; i++) log.add(message("new"), `new ${i}`);
  assert.deepEqual([countOf(database, "messages"), countOf(database, "message_keys")], [100, 100]);
});

Deno.test("ChatLog never uses an id twice, even after all messages are deleted", () => {
  using database = migratedDatabase();
  const log = new ChatLog(database, 0);
  assert.deepEqual([1, 2, 3].map((i) => log.add(message("a"), `${i}`).id), [1, 2, 3]);
});

Deno.test("ChatLog refuses the same key of an author twice", () => {
  using database = migratedDatabase();
  const log = new ChatLog(database);
  log.add(message("one"), "1");
  assert.throws(() => log.add(message("two"), "1"), /UNIQUE/);
  log.add(message("three", "bea"), "1");
  assert.equal(log.add(message("four"), "2").id, 3);
});

Deno.test("ChatLog keeps nothing of a deleted message but its key", () => {
  using database = migratedDatabase();
  const log = new ChatLog(database);
  const { id } = log.add(message("something rude"), "1");
  log.delete([id]);
  assert.deepEqual(log.find("ann", "1"), { message: null });
  assert.equal(countOf(database, "messages"), 0);
});

Deno.test("ChatLog hides purged messages at once and deletes them piece by piece, newest first", () => {
  using database = migratedDatabase();
  const log = new ChatLog(database);
  for (let i = 1; i <= 20; i++) log.add(message(`${i}`, i % 2 ? "rude" : "ann"), `${i}`);
  const kind = [2, 4, 6, 8, 10, 12, 14, 16, 18, 20];
  const visible = () => log.before(1e9, 100).map(({ id }) => id);
  assert.equal(log.isPurging, false);
  assert.equal(log.purge("rude"), 19);
  assert.equal(log.isPurging, true);
  assert.deepEqual(visible(), kind);
  assert.equal(log.get(19), null);
  assert.deepEqual(log.find("rude", "19"), { message: null });
  assert.equal(countOf(database, "messages"), 20);
  assert.equal(log.purgeSome(3), true);
  assert.equal(
    database.value("SELECT group_concat(id) FROM messages WHERE author = 'rude'"),
    "1,3,5,7,9,11,13",
  );
  assert.deepEqual(visible(), kind);
  assert.equal(purgeAll(log, 3), 3);
  assert.equal(log.isPurging, false);
  assert.deepEqual(visible(), kind);
  assert.equal(countOf(database, "messages"), 10);
  assert.deepEqual(log.find("rude", "1"), { message: null });
});

Deno.test("ChatLog keeps what a purged author writes later", () => {
  using database = migratedDatabase();
  const log = new ChatLog(database);
  log.add(message("rude", "rude"), "1");
  log.purge("rude");
  const { id } = log.add(message("sorry", "rude"), "2");
  assert.deepEqual(log.before(1e9, 9).map(({ text }) => text), ["sorry"]);
  purgeAll(log, 100);
  assert.equal(log.get(id)!.text, "sorry");
  assert.equal(log.purge("nobody"), 0);
  assert.equal(log.purgeSome(1), false);
});

Deno.test("ChatLog purges nothing if the transaction around it fails", () => {
  using database = migratedDatabase();
  const log = new ChatLog(database);
  log.add(message("hello"), "1");
  assert.throws(() =>
    database.transaction(() => {
      log.purge("ann");
      throw new RangeError("out");
    }), RangeError);
  assert.equal(log.isPurging, false);
  assert.deepEqual(log.before(1e9, 9).map(({ text }) => text), ["hello"]);
});

Deno.test("ChatLog reads at most ten pages to get past purged messages", () => {
  using database = migratedDatabase();
  const log = new ChatLog(database);
  log.add(message("kind", "kind"), "1");
  for (let i = 0; i < 500; i++) log.add(message("rude", "rude"), `${i}`);
  log.purge("rude");
  assert.deepEqual(log.before(1e9, 51).map(({ text }) => text), ["kind"]);
  assert.deepEqual(log.before(1e9, 50), []);
});
