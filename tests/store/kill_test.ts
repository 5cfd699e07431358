import assert from "node:assert/strict";
import { createCommunity } from "../../src/channel/community.ts";
import { openStore } from "../../src/store/open.ts";
import { recordingLog } from "../support/recording_log.ts";
import { temporaryFolder } from "./temporary_folder.ts";

const ROUNDS = 10;
const PROGRAM = new URL("posting_program.ts", import.meta.url).pathname;

interface Confirmed {
  readonly kind: string;
  readonly key: string;
  readonly id: number;
}

/** Lets the program post, kills it after so many confirmations and gives those it got out. */
async function postUntilKilled(path: string, round: number, lines: number): Promise<Confirmed[]> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "-A", PROGRAM, path, String(round)],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let output = "";
  let killed = false;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    output += text;
    if (killed || output.split("\n").length <= lines) continue;
    killed = true;
    child.kill("SIGKILL");
  }
  assert.equal((await child.status).signal, "SIGKILL");
  // The last line may have been cut.
  return output.split("\n").slice(0, -1).map((line) => {
    const [kind, key, id] = line.split(" ");
    return { kind, key, id: Number(id) };
  });
}

Deno.test("after kill -9 the store has everything confirmed, and a retry duplicates nothing", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/livestream.db`;
  const confirmed: Confirmed[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const count = 1 + Math.floor(Math.random() * 200);
    const news = await postUntilKilled(path, round, count);
    assert.ok(news.length >= count);
    confirmed.push(...news);

    const notices: string[] = [];
    const store = openStore(path, { onNotice: (notice) => notices.push(notice) });
    const { chat, donations } = createCommunity({ store, log: recordingLog() });
    const messages = chat.newest(1e6).chat;
    const byId = new Map(messages.map((message) => [message.id, message]));
    for (const { kind, key, id } of confirmed) {
      if (kind === "message") assert.equal(byId.get(id)?.text, `text of ${key}`);
    }
    // At most one was kept that could not be confirmed any more.
    const of = (kind: string) => confirmed.filter((one) => one.kind === kind).length;
    const lines = messages.filter(({ gift }) => gift);
    assert.equal(lines.length, donations.support().totals.donations);
    assert.ok(messages.length - lines.length - of("message") <= round + 1);
    assert.ok(donations.count - of("donation") <= round + 1);
    assert.deepEqual(messages.map(({ id }) => id), messages.map((_, i) => i + 1));
    assert.deepEqual(notices, []);

    for (const { kind, key, id } of news) {
      const again = kind === "message"
        ? chat.post({ viewer: "ann", key, text: `text of ${key}`, name: "Ann" })
        : donations.give({ viewer: "ann", key, amount: 1 });
      assert.ok(!("refused" in again) && again.repeated);
      assert.equal("message" in again ? again.message.id : again.donation.id, id);
    }
    assert.equal(chat.newest(1e6).chat.length, messages.length);
    assert.equal(donations.supporters(1)[0].donations, donations.count);
    store.close();
  }
});
