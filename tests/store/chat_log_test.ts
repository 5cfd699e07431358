import assert from "node:assert/strict";
import { ChatLog, MAX_MESSAGES } from "../../src/store/chat_log.ts";
import { migratedDatabase } from "./migrated.ts";

const message = (text: string, author = "ann") => (
  { at: 5, name: "Ann", hue: 7, text, supporter: false, author }
);

Deno.test("ChatLog keeps so many messages, the newest", () => {
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
  assert.equal(database.value("SELECT count(*) FROM messages"), 10);
  assert.equal(log.get(15), null);
  assert.equal(log.find("ann", "15"), null);
  assert.ok(log.find("ann", "16"));
});

Deno.test("ChatLog keeps a hundred thousand messages, whether deleted or not", () => {
  using database = migratedDatabase();
  const log = new ChatLog(database);
  database.exec(`
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT ${MAX_MESSAGES})
    INSERT INTO messages (at, author, key, name, hue, text, supporter)
    SELECT n, 'ann', n, 'Ann', 7, 'text', 0 FROM numbers`);
  assert.equal(log.add(message("new"), "new").id, 100_001);
  assert.equal(database.value("SELECT count(*) FROM messages"), 100_000);
  assert.equal(log.get(1), null);
  assert.equal(log.deleteBy("ann").length, 100_000);
  log.add(message("newer"), "newer");
  assert.equal(database.value("SELECT count(*) FROM messages"), 100_000);
});

Deno.test("ChatLog never gives an id twice, also after all messages are gone", () => {
  using database = migratedDatabase();
  const log = new ChatLog(database, 0);
  assert.deepEqual([1, 2, 3].map((i) => log.add(message("a"), `${i}`).id), [1, 2, 3]);
});

Deno.test("ChatLog does not take a key of the same author twice", () => {
  using database = migratedDatabase();
  const log = new ChatLog(database);
  log.add(message("one"), "1");
  assert.throws(() => log.add(message("two"), "1"), /UNIQUE/);
  log.add(message("three", "bea"), "1");
  assert.equal(log.add(message("four"), "2").id, 3);
});

Deno.test("ChatLog leaves nothing of a deleted message but its key", () => {
  using database = migratedDatabase();
  const log = new ChatLog(database);
  const { id } = log.add(message("something rude"), "1");
  log.delete([id]);
  assert.deepEqual(log.find("ann", "1"), { message: null });
  assert.equal(database.value("SELECT name || text FROM messages"), "");
});
