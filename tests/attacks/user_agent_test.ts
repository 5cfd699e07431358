import assert from "node:assert/strict";
import { startProgram } from "../support/program.ts";
import { Watcher } from "../support/watcher.ts";

const TOKEN = "the-streamer-of-these-tests";

/** How long the studio's and the monitoring's answers may take. Milliseconds. */
const PROMPT_MS = 200;

Deno.test("one User-Agent of many version numbers holds nobody up", async () => {
  await using program = await startProgram([
    "--source=test",
    "--resolution=320x240",
    `--admin-token=${TOKEN}`,
  ]);
  const { origin } = program;
  const ask = async (path: string): Promise<[milliseconds: number, text: string]> => {
    const start = performance.now();
    const answer = await fetch(origin + path, { headers: { authorization: `Bearer ${TOKEN}` } });
    const text = await answer.text();
    assert.equal(answer.status, 200, text);
    return [performance.now() - start, text];
  };
  await using viewer = await Watcher.open(`${origin}/stream`);
  await viewer.next(1, 5_000);
  // The first answers load and compile what they need.
  for (const path of ["/admin/state", "/metrics"]) await ask(path);

  for (const repetitions of [4_000, 8_000]) {
    const userAgent = `naver(${"1.".repeat(repetitions)}`;
    await using _attacker = await Watcher.open(`${origin}/stream`, {
      "user-agent": userAgent,
    });
    for (const path of ["/admin/state", "/metrics"]) {
      const [milliseconds, text] = await ask(path);
      assert(milliseconds < PROMPT_MS, `${path} took ${milliseconds} ms`);
      if (path === "/admin/state") assert.match(text, /"device":"A program"/);
    }
    await viewer.next(15, 2_000);
  }
});
