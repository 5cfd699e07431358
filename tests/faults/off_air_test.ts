import assert from "node:assert/strict";
import { temporaryFolder } from "../store/temporary_folder.ts";
import { freePort } from "../support/free_port.ts";
import { type Program, startProgram } from "../support/program.ts";
import { ADMIN_TOKEN, administer, stateOf } from "../support/requests.ts";
import { until } from "../support/until.ts";
import { writeHandover } from "../../src/watchdog/handover.ts";

const SOURCE = ["--source=test", "--resolution=320x240"];

async function channelOf(program: Program): Promise<{ onAir: boolean; title: string }> {
  const { onAir, title } = await stateOf(program);
  return { onAir, title };
}

async function snapshot({ origin }: Program): Promise<Uint8Array> {
  return await (await fetch(`${origin}/snapshot`)).bytes();
}

/** Returns the off-air card, which appears shortly after the response: only a card repeats. */
async function shownCard(program: Program): Promise<Uint8Array> {
  let last = await snapshot(program);
  const repeats = (frame: Uint8Array) => equals(last, last = frame);
  return await until("the card", () => snapshot(program), repeats, { every: 100 });
}

function equals(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}

Deno.test("server killed while off air restarts with its card and no camera frame", async () => {
  using folder = temporaryFolder();
  const args = [...SOURCE, `--data=${folder.path}/channel.db`];
  let card: Uint8Array;
  {
    await using first = await startProgram(args);
    await administer(first, "on-air", { onAir: false });
    await administer(first, "title", { title: "Nest 2" });
    card = await shownCard(first);
    first.kill("SIGKILL");
    await first.status;
  }
  await using second = await startProgram(args);
  assert.deepEqual(await snapshot(second), card);
  assert.deepEqual(await channelOf(second), { onAir: false, title: "Nest 2" });
  assert.match(second.output(), /Off air: go on air in the studio/);
});

Deno.test("restarted server without a data file stays off air", async () => {
  const handover = writeHandover({
    adminToken: ADMIN_TOKEN,
    port: freePort(),
    restarts: 1,
    offAir: true,
  });
  await using program = await startProgram(SOURCE, { env: { LIVESTREAM_RESTARTED: handover } });
  assert.equal((await channelOf(program)).onAir, false);
});

Deno.test("--off-air starts with the card until the studio goes on air", async () => {
  await using program = await startProgram([...SOURCE, "--off-air"]);
  const card = await snapshot(program);
  assert.equal((await channelOf(program)).onAir, false);
  await administer(program, "on-air", { onAir: true });
  assert.equal((await channelOf(program)).onAir, true);
  assert.notDeepEqual(await snapshot(program), card);
});
