import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { openStore } from "../../src/store/open.ts";
import { temporaryFolder } from "../store/temporary_folder.ts";
import { LiveClient } from "../support/live_client.ts";
import { type Program, startProgram } from "../support/program.ts";
import { Random } from "../support/random.ts";
import { newCookie, postJson } from "../support/requests.ts";
import { StreamClient } from "../support/stream_client.ts";
import { until } from "../support/until.ts";

const ROUNDS = 10;

/** A busy machine confirms too little in ten rounds; it gets more of them. */
const MAX_ROUNDS = 40;
/** Authors a round, because one may write only three messages at once. */
const AUTHORS = 6;

/** What the server confirmed, by the key it was sent with. */
interface Confirmed {
  readonly messages: Map<string, string>;
  readonly donations: Set<number>;
}

/** Repeats `action` until the program is gone, which is not an error. */
async function untilKilled(action: (turn: number) => Promise<void>): Promise<void> {
  try {
    for (let turn = 0;; turn++) await action(turn);
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
  }
}

let addresses = 0;

/** Returns a new author with its own address, because the rate per address is limited. */
function newAuthor(): Record<string, string> {
  const last = ++addresses;
  return { ...newCookie(), "x-forwarded-for": `10.0.${last >> 8}.${last & 255}` };
}

/** New authors post and donate as much as allowed until the program is killed. */
async function chatter(program: Program, name: string, confirmed: Confirmed): Promise<void> {
  await untilKilled(async (turn) => {
    const viewer = newAuthor();
    const key = (which: string) => `${name} ${turn} ${which}`;
    const message = {
      text: key("http"),
      name: crypto.randomUUID().slice(0, 18),
      key: key("http"),
    };
    const said = await postJson(program, "/chat", message, viewer);
    assert.equal(said.status, 200, JSON.stringify(said.body));
    confirmed.messages.set(key("http"), key("http"));
    const given = await postJson(program, "/donate", { amount: 1, key: key("gift") }, viewer);
    assert.equal(given.status, 200, JSON.stringify(given.body));
    confirmed.donations.add(given.body.donation.id);
    await using page = await LiveClient.open(program, viewer);
    for (const which of ["live 1", "live 2"]) {
      page.send({ type: "chat", key: key(which), text: key(which) });
      while ((await page.next("chat")).key !== key(which));
      confirmed.messages.set(key(which), key(which));
    }
  });
}

Deno.test("everything confirmed survives kill -9 at ten random points", async () => {
  // Printed with any failure.
  const seed = crypto.getRandomValues(new Uint32Array(1))[0];
  const random = new Random(seed);
  using folder = temporaryFolder();
  const path = `${folder.path}/channel.db`;
  const confirmed: Confirmed = { messages: new Map(), donations: new Set() };
  const isEnough = () => confirmed.messages.size > 100 && confirmed.donations.size > 30;
  for (let round = 0; round < ROUNDS || (round < MAX_ROUNDS && !isEnough()); round++) {
    await using program = await startProgram([
      ...["--source=test", "--resolution=320x240", `--data=${path}`],
      "--trusted-proxy=127.0.0.1",
    ]);
    assert.doesNotMatch(program.output(), /damaged/);
    await using viewer = await StreamClient.open(`${program.origin}/stream`);
    const before = confirmed.messages.size;
    const authors = Array.from(
      { length: AUTHORS },
      (_, i) => chatter(program, `round ${round} author ${i}`, confirmed),
    );
    const pause = random.whole(100, 900);
    await delay(pause);
    if (pause >= 500) {
      await until("a confirmed message", () => confirmed.messages.size > before, Boolean, {
        every: 5,
      });
    }
    program.kill("SIGKILL");
    await Promise.all([...authors, viewer.ended, program.status]);
    const context = `round ${round}, killed after ${pause} ms, seed ${seed}`;

    const notices: string[] = [];
    const store = openStore(path, { onNotice: (notice) => notices.push(notice) });
    const lines = store.chat.before(Number.MAX_SAFE_INTEGER, 1e6);
    const texts = lines.filter(({ gift }) => !gift).map(({ text }) => text);
    const count = store.donations.count();
    store.close();
    assert.deepEqual(notices, [], context);
    assert.equal(new Set(texts).size, texts.length, context);
    const missing = [...confirmed.messages.values()].filter((text) => !texts.includes(text));
    assert.deepEqual(missing, [], context);
    assert.ok(count >= confirmed.donations.size, context);
    assert.equal(lines.length - texts.length, count, `a line for each donation: ${context}`);
    // Posts left unconfirmed by the kill: at most one for each author and round.
    const most = confirmed.messages.size + AUTHORS * (round + 1);
    assert.ok(texts.length <= most, `${texts.length} messages, ${most} sent: ${context}`);
  }
  assert.ok(confirmed.messages.size > 100, `${confirmed.messages.size} messages`);
  assert.ok(confirmed.donations.size > 30, `${confirmed.donations.size} donations`);
});
