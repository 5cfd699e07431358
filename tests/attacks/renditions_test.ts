import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { FILTERS } from "../../src/media/rendition.ts";
import { QUALITY_NAMES } from "../../src/media/qualities.ts";
import { street720 } from "../support/camera_720.ts";
import { startProgram } from "../support/program.ts";
import { StreamClient } from "../support/stream_client.ts";

/** How long a viewer is measured with and without each attack. Milliseconds. */
const SPAN_MS = 1_200;

/** Pause between a connection's snapshots; the request rate has its own limit and test. */
const SNAPSHOT_EVERY_MS = 100;

/** Share of the viewer's frames that must still arrive during an attack. */
const LEAST = 0.7;

/** Every rendition that a URL can request. */
const QUERIES = QUALITY_NAMES.flatMap((quality) =>
  FILTERS.map((filter) => `quality=${quality}&filter=${filter}`)
);

/** Reads a response over its own connection until aborted. */
async function drain(url: string, signal: AbortSignal): Promise<void> {
  const reader = (await fetch(url)).body!.getReader();
  signal.addEventListener("abort", () => void reader.cancel(), { once: true });
  while (!signal.aborted && !(await reader.read()).done);
  await reader.cancel();
}

/** Runs these loops until disposed. */
function attack(attackers: readonly ((signal: AbortSignal) => Promise<void>)[]): AsyncDisposable {
  const ending = new AbortController();
  const ended = Promise.allSettled(attackers.map((attacker) => attacker(ending.signal)));
  return {
    async [Symbol.asyncDispose]() {
      ending.abort();
      await ended;
    },
  };
}

Deno.test("one client's renditions and snapshots cost a viewer at Medium no frames", async (t) => {
  const source = [`--source=${await street720()}`, "--workers=1"];
  await using program = await startProgram(source);
  const { origin } = program;
  await using medium = await StreamClient.open(`${origin}/stream?quality=medium`);
  await medium.next(30, 8_000);

  /** Returns the share of frames that reaches the viewer at Medium. */
  const share = async () => {
    const from = medium.parts.length;
    await delay(SPAN_MS);
    const parts = medium.parts.slice(from);
    return parts.length / (parts.at(-1)!.sequence - parts[0].sequence + 1);
  };
  const before = await share();

  await t.step("30 streams, each with a different rendition", async () => {
    await using _ = attack(
      QUERIES.map((query) => (signal: AbortSignal) => drain(`${origin}/stream?${query}`, signal)),
    );
    await share();
    const during = await share();

    assert.ok(during >= LEAST * before, `${during.toFixed(2)}, before ${before.toFixed(2)}`);
  });

  await t.step(
    "20 connections in a loop of different snapshots",
    async () => {
      await using _ = attack(
        Array.from({ length: 20 }, (_, i) => async (signal: AbortSignal) => {
          for (let turn = i; !signal.aborted; turn += 7) {
            await drain(`${origin}/snapshot?${QUERIES[turn % QUERIES.length]}`, signal);
            await delay(SNAPSHOT_EVERY_MS);
          }
        }),
      );
      const during = await share();

      assert.ok(during >= LEAST * before, `${during.toFixed(2)}, before ${before.toFixed(2)}`);
    },
  );

  await t.step("another viewer's rendition is still made", async () => {
    await using rare = await StreamClient.open(`${origin}/stream?quality=low&filter=sepia`);
    await rare.next(10, 3_000);
  });
});
