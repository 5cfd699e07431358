import assert from "node:assert/strict";
import { type Program, startProgram } from "../support/program.ts";
import { ADMIN_TOKEN } from "../support/requests.ts";
import { StreamClient } from "../support/stream_client.ts";

const SOURCE = ["--source=test", "--resolution=320x240"];

/** The program's maximum of viewers; one /64 tries to take all of these seats. */
const MAX_VIEWERS = 60;
const MAX_PER_ADDRESS = 20;

/** Tries a token as a client behind a proxy. Returns the status. */
async function tryToken(
  { origin }: Program,
  token: string,
  forwarded: Record<string, string>,
): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, ...forwarded };
  const answer = await fetch(`${origin}/admin/state`, { headers });
  await answer.body?.cancel();
  return answer.status;
}

/** Returns the header that a trusted proxy adds for a client. */
const at = (address: string) => ({ "x-forwarded-for": address });

Deno.test("guesses from one device lock out that device, but not its network or this machine", async () => {
  await using program = await startProgram([...SOURCE, "--trusted-proxy=127.0.0.1"]);
  for (const network of ["fe80::", "2001:db8:1:1::"]) {
    for (let i = 0; i < 5; i++) {
      assert.equal(await tryToken(program, "guess", at(`${network}7`)), 401);
    }
    assert.equal(await tryToken(program, ADMIN_TOKEN, at(`${network}7`)), 429);
  }
  assert.equal(await tryToken(program, ADMIN_TOKEN, at("fe80::8")), 200);
  assert.equal(await tryToken(program, ADMIN_TOKEN, at("2001:db8:1:2::7")), 200);
  assert.equal(await tryToken(program, ADMIN_TOKEN, {}), 200);
  // Anyone with one address in a foreign network may have all of them.
  assert.equal(await tryToken(program, ADMIN_TOKEN, at("2001:db8:1:1::8")), 429);
});

Deno.test("guesses from ever new addresses are stopped", async () => {
  await using program = await startProgram([...SOURCE, "--trusted-proxy=127.0.0.1"]);
  for (const address of [(i: string) => `fe80::${i}`, (i: string) => `2001:db8:9:${i}::1`]) {
    let looked = 0;
    for (let i = 1; i <= 200; i++) {
      if (await tryToken(program, "guess", at(address(i.toString(16)))) === 401) looked++;
    }
    assert(looked <= 51, `${looked} guesses were looked at`);
  }
});

Deno.test("guesses through an undeclared proxy do not lock out the streamer on this machine", async () => {
  await using program = await startProgram(SOURCE);
  for (let i = 0; i < 50; i++) await tryToken(program, "guess", at("203.0.113.1"));
  assert.equal(await tryToken(program, ADMIN_TOKEN, at("203.0.113.1")), 429);
  assert.equal(await tryToken(program, ADMIN_TOKEN, {}), 200);
});

Deno.test("one /64 takes no more seats than one address", async () => {
  await using program = await startProgram([
    ...SOURCE,
    "--trusted-proxy=127.0.0.1",
    `--max-viewers=${MAX_VIEWERS}`,
    `--max-per-address=${MAX_PER_ADDRESS}`,
  ]);
  await using watchers = new AsyncDisposableStack();
  const watch = async (address: string) => {
    watchers.use(await StreamClient.open(`${program.origin}/stream`, { headers: at(address) }));
  };
  let seats = 0;
  for (let i = 1; i <= MAX_VIEWERS; i++) {
    await watch(`2001:db8:9:9::${i.toString(16)}`).then(() => seats++, () => {});
  }
  assert.equal(seats, MAX_PER_ADDRESS);
  for (const address of ["2001:db8:9:a::1", "203.0.113.1", "fe80::1", "fe80::2"]) {
    await watch(address);
  }
});
