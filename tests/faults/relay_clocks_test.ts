import assert from "node:assert/strict";
import { startProgram } from "../support/program.ts";
import { stateOf } from "../support/requests.ts";
import { SettableClock } from "../support/settable_clock.ts";
import { fpsOf, StreamClient } from "../support/stream_client.ts";
import { until } from "../support/until.ts";

const HOUR = 3600;

Deno.test("the delay at a relay is true whatever the clocks of the two machines say", async (t) => {
  await using firstClock = await SettableClock.create();
  await using relayClock = await SettableClock.create();
  await using first = await startProgram(
    ["--source=test", "--resolution=320x240", "--fps=15"],
    { env: firstClock.environment },
  );
  await using relay = await startProgram(
    [`--source=${first.origin}/stream`],
    { env: relayClock.environment },
  );
  const isLive = async () => (await stateOf(relay)).live;
  await until("the relay is live", isLive, Boolean, { timeout: 30_000 });
  await using viewer = await StreamClient.open(`${relay.origin}/stream`);
  await viewer.next(10, 10_000);
  const warnings = () => relay.output().split("differs from this machine's").length - 1;
  assert.equal(warnings(), 0, relay.output());

  for (
    const [what, offsetOfFirst, offsetOfRelay] of [
      ["the first is an hour ahead", HOUR, 0],
      ["the first is an hour behind", -HOUR, 0],
      ["both are right again", 0, 0],
      ["the relay is an hour ahead", 0, HOUR],
      ["the relay is an hour behind", 0, -HOUR],
      ["both are wrong", HOUR, 2 * HOUR],
    ] as const
  ) {
    await t.step(what, async () => {
      await Promise.all([firstClock.set(offsetOfFirst), relayClock.set(offsetOfRelay)]);
      // Twenty pictures show that the other clock is behind.
      const parts = await viewer.next(45, 20_000);
      assert.ok(fpsOf(parts) > 10, `${fpsOf(parts)} frames a second`);
      for (const { age } of parts.slice(-20)) {
        const delay = age + 1000 * offsetOfRelay;
        assert.ok(delay > -50 && delay < 1_000, `${Math.round(delay)} ms`);
      }
      const { stream } = await stateOf(relay);
      for (const { delay } of Object.values<{ delay: number | null }>(stream.clients_stat)) {
        assert.ok(delay === null || (delay >= 0 && delay < 2_000), `a delay of ${delay} ms`);
      }
      assert.equal(warnings(), 1, relay.output());
    });
  }
});
