import type { ChatMessage } from "../../src/live_messages.ts";
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { LiveClient } from "../support/live_client.ts";
import { healthOf } from "../support/process_health.ts";
import { startProgram } from "../support/program.ts";
import { postJson, stateOf } from "../support/requests.ts";
import { SettableClock } from "../support/settable_clock.ts";
import { newViewer } from "../support/test_server.ts";
import { fpsOf, StreamClient } from "../support/stream_client.ts";

const HOUR = 3600;

Deno.test("setting the system clock back and forward by hours drops and delays no one", async (t) => {
  await using clock = await SettableClock.create();
  await using program = await startProgram(
    ["--source=test", "--resolution=320x240", "--uplink=50mbit"],
    { env: clock.environment },
  );
  const get = (path: string) => fetch(program.origin + path);
  const viewer = await newViewer({ get });
  await using page = await LiveClient.open(program, viewer);
  const { you } = await page.next("hello");
  await using high = await StreamClient.open(`${program.origin}/stream?id=first`, {
    headers: viewer,
  });
  await using gaming = await StreamClient.open(`${program.origin}/stream?mode=gaming`);
  await Promise.all([high.next(10, 5_000), gaming.next(10, 5_000)]);
  const before = await healthOf(program.pid);
  let ids: number[] = [];

  for (
    const [what, offset] of [["back by five hours", -5], ["forward by nine", 4], [
      "right",
      0,
    ]] as const
  ) {
    await t.step(what, async () => {
      await clock.set(offset * HOUR);
      const [parts] = await Promise.all([high.next(20, 3_000), gaming.next(20, 3_000)]);
      assert.ok(fpsOf(parts.slice(1)) > 12, `${fpsOf(parts)} frames a second`);
      const difference = -parts.at(-1)!.age / 1000;
      assert.ok(Math.abs(difference - offset * HOUR) < 5, `${difference} s from the real time`);

      const result = await stateOf(program);
      assert.ok(result.uptime > 0 && result.uptime < 60, `on for ${result.uptime} s`);
      for (const { delay } of Object.values<{ delay: number | null }>(result.stream.clients_stat)) {
        assert.ok(delay === null || (delay >= 0 && delay < 5_000), `a delay of ${delay} ms`);
      }
      page.send({ type: "chat", key: what, text: what, name: "Ann" });
      let message: ChatMessage;
      do ({ message } = await page.next("chat")); while (message.gift);
      assert.equal(message.author, you.author);
      ids = [...ids, message.id];
      const given = await postJson(program, "/donate", { amount: 1 }, viewer);
      assert.equal(given.status, 200, JSON.stringify(given.body));
    });
  }

  await t.step("chat keeps its order, and its limits count real time", async () => {
    // Donations stand between them.
    assert.equal(ids.length, 3);
    const { chat } = await (await get("/chat")).json();
    const isSaid = ({ gift }: ChatMessage) => gift === undefined;
    assert.deepEqual(chat.filter(isSaid).map(({ id }: ChatMessage) => id), ids);
    // A burst of three messages is accepted, then one every two seconds.
    page.send({ type: "chat", key: "fast", text: "fast" });
    page.send({ type: "chat", key: "faster", text: "faster" });
    const { retryAfter } = await page.next("refused");
    assert.ok(retryAfter! <= 2_000, `${retryAfter} ms`);
    await delay(retryAfter! + 50);
    page.send({ type: "chat", key: "late", text: "late" });
    await page.next("chat");
  });

  await t.step("nothing is left behind", async () => {
    assert.equal(high.isOver || gaming.isOver, false);
    assert.ok((await healthOf(program.pid)).files <= before.files + 2);
    assert.doesNotMatch(program.output(), /"level":"(warn|error)"|Uncaught/);
  });
});
