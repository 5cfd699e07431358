import assert from "node:assert/strict";
import { Authors } from "../../src/channel/authors.ts";
import { Database } from "../../src/store/database.ts";
import { migrate, MIGRATIONS } from "../../src/store/schema.ts";
import { temporaryFolder } from "../store/temporary_folder.ts";
import { LiveClient } from "../support/live_client.ts";
import { startProgram } from "../support/program.ts";
import { administer, newCookie } from "../support/requests.ts";
import { StreamClient } from "../support/stream_client.ts";

/** As many as a test has time for; the store keeps at most 100,000. */
const MESSAGES = 40_000;
/** Some messages, spread evenly, are from others. */
const KIND_EVERY = 1_000;
const RUDE = newCookie();

/** Creates a data file of the first release, full of long messages. Returns the attacker. */
function fill(path: string): string {
  const database = new Database(path);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
  migrate(database, MIGRATIONS.slice(0, 1));
  const secret = database.value("SELECT value FROM settings WHERE name = 'secret'");
  const rude = new Authors(secret as Uint8Array).authorOf(RUDE.cookie.slice("viewer=".length));
  database.exec(`
    BEGIN;
    WITH RECURSIVE numbers(n) AS (
      SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT ${MESSAGES})
    INSERT INTO messages (at, author, key, name, hue, text, supporter)
      SELECT n, iif(n % ${KIND_EVERY}, '${rude}', 'kind'), n || '-${crypto.randomUUID()}',
        iif(n % ${KIND_EVERY}, 'Rude', 'Kind'), 7, 'text ' || n || hex(zeroblob(245)), 0 FROM numbers;
    COMMIT`);
  database.close();
  return rude;
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

Deno.test("ban of an author with thousands of messages delays no one, and pages load as fast afterwards", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/channel.db`;
  const author = fill(path);
  const size = Deno.statSync(path).size;
  await using program = await startProgram([
    ...["--source=test", "--resolution=320x240", `--data=${path}`],
  ]);
  const load = async () => {
    const begin = performance.now();
    const page = await (await fetch(program.origin)).text();
    return { page, took: performance.now() - begin };
  };
  await using viewer = await StreamClient.open(`${program.origin}/stream`);
  await using page = await LiveClient.open(program);
  const hello = await page.next("hello");
  assert.equal(hello.chat.filter((message) => message.author === author).length, 49);
  await viewer.next(10, 3_000);

  const before = viewer.parts.length;
  const begin = performance.now();
  await administer(program, "chat/ban", { author });
  const took = performance.now() - begin;
  // It took 3.2 s for 99,900 messages when all were deleted in one step.
  assert.ok(took < 300, `the ban took ${took} ms`);
  assert.deepEqual(await page.next("purged"), { type: "purged", author, upTo: MESSAGES - 1 });

  const during = await load();
  assert.doesNotMatch(during.page, />Rude</);
  await viewer.until(
    "the file is small",
    () => Deno.statSync(path).size < size / 2,
    20_000,
  );
  // Every frame since. A deletion step takes a few milliseconds, more on a busy machine.
  const times = viewer.parts.slice(before).map(({ at }) => at);
  const gaps = times.slice(1).map((at, i) => at - times[i]);
  assert.ok(Math.max(...gaps) < 500, `a gap of ${Math.max(...gaps)} ms`);
  assert.ok(median(gaps) < 50, `a median gap of ${median(gaps)} ms`);

  const loads = [];
  for (let i = 0; i < 15; i++) loads.push((await load()).took);
  // It took 170 to 600 ms when each read scanned 99,900 deleted messages.
  assert.ok(median(loads) < 50, `pages took ${loads}`);
  const { page: after } = await load();
  assert.equal(after.match(/>Kind</g)?.length, 30);
});
