import assert from "node:assert/strict";
import { freePort } from "../../support/free_port.ts";
import { type Program, startProgram } from "../../support/program.ts";
import { AS_STREAMER, stateOf } from "../../support/requests.ts";
import { StreamClient } from "../../support/stream_client.ts";
import { until } from "../../support/until.ts";

const SMALL = ["--resolution=320x240", "--fps=15"];

/** Waits until a program shows its source, or does not. */
async function waitForLive(program: Pick<Program, "origin">, live = true): Promise<void> {
  const what = `${program.origin} is ${live ? "live" : "not live"}`;
  await until(what, () => stateOf(program), (state) => state.live === live, { timeout: 40_000 });
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

/** Returns the `X-Via` of the next picture of a program. */
async function viaOf({ origin }: Pick<Program, "origin">): Promise<string[]> {
  const connection = await Deno.connect({
    hostname: "127.0.0.1",
    port: Number(new URL(origin).port),
  });
  using _ = connection;
  await connection.write(
    new TextEncoder().encode("GET /stream HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"),
  );
  const buffer = new Uint8Array(4_096);
  let text = "";
  for (let via = null; via === null;) {
    const count = await connection.read(buffer);
    if (count === null) break;
    text += new TextDecoder("latin1").decode(buffer.subarray(0, count));
    via = /X-Via: ([^\r]+)\r/.exec(text);
    if (via !== null) return via[1].split(", ");
  }
  throw new Error("There is no X-Via");
}

Deno.test("relays keep the time of capture, name those before them, and give each picture once", async () => {
  await using first = await startProgram(["--source=test", ...SMALL]);
  await using second = await startProgram([`--source=${first.origin}/stream`]);
  await using third = await startProgram([`--source=${second.origin}/`]);
  await waitForLive(third);
  const [ofFirst, ofSecond, ofThird] = await Promise.all([first, second, third].map(viaOf));
  assert.equal(ofFirst.length, 1);
  assert.deepEqual(ofSecond.slice(1), ofFirst);
  assert.deepEqual(ofThird.slice(1), ofSecond);

  const clients = await Promise.all(
    [first, third].map(({ origin }) => StreamClient.open(`${origin}/stream`)),
  );
  await using atFirst = clients[0];
  await using atThird = clients[1];
  await Promise.all([atFirst.next(60, 30_000), atThird.next(60, 30_000)]);
  // Relays pass the bytes of pictures on, and no two pictures of the clock are the same.
  const capturedAt = (client: StreamClient) =>
    new Map(
      client.parts.map(({ at, age, jpeg }) => [new TextDecoder("latin1").decode(jpeg), at - age]),
    );
  const original = capturedAt(atFirst);
  const differences = [...capturedAt(atThird)].flatMap(([jpeg, at]) =>
    original.has(jpeg) ? [Math.abs(at - original.get(jpeg)!)] : []
  );
  assert.ok(differences.length > 10, `${differences.length} pictures were seen at both ends`);
  assert.ok(Math.max(...differences) < 5, `${differences}`);
  assert.ok(atThird.parts.every(({ age }) => age > -5 && age < 10_000));
  const sequences = atThird.parts.map(({ sequence }) => sequence);
  assert.ok(sequences.every((sequence, i) => i === 0 || sequence > sequences[i - 1]));
  const ages = [atFirst, atThird].map(({ parts }) => median(parts.map(({ age }) => age)));
  assert.ok(ages[1] >= ages[0], `${ages}`);

  assert.equal((await stateOf(first)).origin, undefined);
  assert.equal((await stateOf(second)).origin, `${first.origin}/`);
});

Deno.test("a program that relays itself says so, and does not hammer", async () => {
  const port = await freePort();
  const source = `http://127.0.0.1:${port}/stream`;
  await using program = await startProgram([
    `--source=${source}`,
    `--port=${port}`,
    "--log-level=debug",
    ...SMALL,
  ]);
  await until(
    "a refusal",
    () => program.output(),
    (text) => text.includes("shows this program's own stream"),
    {
      timeout: 30_000,
    },
  );
  const state = await stateOf(program);
  assert.deepEqual([state.live, state.reason], [false, "unavailable"]);
  const starts = () => program.output().split("Starting ffmpeg").length;
  const before = starts();
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  assert.ok(starts() - before <= 2, program.output());
});

for (const length of [2, 3]) {
  Deno.test(`${length} programs that relay each other in a circle notice, and go on once it is broken`, async () => {
    const ports = await Promise.all(Array.from({ length }, freePort));
    const sourceOf = (i: number) => `http://127.0.0.1:${ports[(i + 1) % length]}/stream`;
    await using stack = new AsyncDisposableStack();
    const programs = await Promise.all(
      ports.map((port, i) => startProgram([`--source=${sourceOf(i)}`, `--port=${port}`, ...SMALL])),
    );
    for (const program of programs) stack.use(program);
    const refusals = () => programs.filter((each) => each.output().includes("own stream"));
    await until("a refusal", refusals, ({ length }) => length > 0, { timeout: 60_000 });
    // One of them stands still, and the others show its card.
    const [refused] = refusals();
    await until(
      "one stands by",
      () => Promise.all(programs.map((each) => stateOf(each))),
      (states) => states.some(({ live }) => !live),
      { timeout: 30_000 },
    );

    const answer = await fetch(`${refused.origin}/admin/source`, {
      method: "POST",
      headers: { ...AS_STREAMER, "content-type": "application/json" },
      body: JSON.stringify({ source: "test" }),
    });
    assert.ok(answer.ok, await answer.text());
    for (const program of programs) await waitForLive(program);
    await until(
      "all show it",
      () => Promise.all(programs.map(viaOf)),
      (vias) =>
        vias.every((via) => new Set(via).size === via.length) &&
        Math.max(...vias.map((via) => via.length)) === length,
      {
        timeout: 60_000,
      },
    );
  });
}

Deno.test("a relay logs in with the password of its address, and never tells it", async () => {
  const password = "a-long-secret";
  await using first = await startProgram(["--source=test", `--password=${password}`, ...SMALL]);
  await using stranger = await startProgram([`--source=${first.origin}/stream`]);
  const withPassword = first.origin.replace("//", `//me:${password}@`);
  await using relay = await startProgram([`--source=${withPassword}/stream`]);
  await waitForLive(relay);
  const state = await stateOf(relay);
  assert.equal(state.origin, `${first.origin}/`);
  assert.doesNotMatch(JSON.stringify(state) + relay.output(), new RegExp(password));
  await until(
    "it says why",
    () => stranger.output(),
    (text) => text.includes("asks for a user name and password"),
    {
      timeout: 30_000,
    },
  );
});
