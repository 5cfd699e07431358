import assert from "node:assert/strict";
import type { ChannelEvent } from "../../../src/channel/event_log.ts";
import { newViewer, startTestServer, type TestServer } from "../../support/test_server.ts";
import { until } from "../../support/until.ts";

/** A client of `/events`. */
async function connect(server: TestServer, headers: Record<string, string> = {}) {
  const response = await server.get("/events", { headers });
  const state = { text: "", hasEnded: false };
  const reading = (async () => {
    try {
      for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
        state.text += text;
      }
    } catch {
      // It was cut off.
    }
    state.hasEnded = true;
  })();
  return {
    ...{ response, state },
    /** Waits for so many events, and returns them as the specification has them parsed. */
    async next(count: number): Promise<{ id: string; event: string; data: ChannelEvent }[]> {
      const parse = () =>
        state.text.split("\n\n").slice(0, -1).filter((block) => block.includes("data: "))
          .map((block) => {
            const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)![1]!;
            return { id: field("id"), event: field("event"), data: JSON.parse(field("data")) };
          });
      return await until(`${count} events`, parse, (parsed) => parsed.length >= count);
    },
    ended: () => reading,
  };
}

Deno.test("/events sends what happens, with ids", async () => {
  await using server = await startTestServer({ currency: "EUR" });
  const client = await connect(server);
  assert.equal(client.response.headers.get("content-type"), "text/event-stream");
  assert.equal(client.response.headers.get("cache-control"), "no-store");
  server.channel.setTitle("Another");
  server.channel.setOnAir(false);
  server.events.attendance(true);
  const headers = { ...await newViewer(server), "content-type": "application/json" };
  const body = JSON.stringify({ name: "Ada", amount: 5, message: "a\nb" });
  await (await server.get("/donate", { method: "POST", headers, body })).body?.cancel();
  const got = await client.next(3);
  assert.deepEqual(got.map(({ event }) => event), ["off-air", "first-viewer", "donation"]);
  for (const { id, event, data } of got) assert.deepEqual([data.id, data.type], [id, event]);
  const { name, amount, currency } = got[2]!.data as Extract<ChannelEvent, { type: "donation" }>;
  assert.deepEqual([name, amount, currency], ["Ada", 5, "EUR"]);
  assert.equal(server.presence.count, 0);
  assert.equal(server.audience.count, 0);
  server.events.streams.close();
  await client.ended();
});

Deno.test("/events resumes after the last event that a client has", async () => {
  await using server = await startTestServer();
  const first = await connect(server);
  server.channel.setOnAir(false);
  const { id } = (await first.next(1))[0]!;
  server.channel.setOnAir(true);
  const later = await connect(server, { "last-event-id": id });
  assert.deepEqual((await later.next(1)).map(({ event }) => event), ["on-air"]);
  const stranger = await connect(server, { "last-event-id": "zz-5" });
  assert.deepEqual((await stranger.next(2)).map(({ event }) => event), ["off-air", "on-air"]);
  const fresh = await connect(server);
  server.channel.setOnAir(false);
  assert.deepEqual((await fresh.next(1)).map(({ event }) => event), ["off-air"]);
  server.events.streams.close();
  for (const client of [first, later, stranger, fresh]) await client.ended();
});

Deno.test("/events takes as many clients as there may be pages", async () => {
  await using server = await startTestServer({ maxSocketsPerAddress: 2 });
  const clients = [await connect(server), await connect(server)];
  const refused = await server.get("/events");
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get("retry-after"), "10");
  await refused.body?.cancel();
  server.events.streams.close();
  for (const client of clients) await client.ended();
  await until("free places", () => server.events.streams.count === 0);
});

Deno.test("/events ends for kicked and banned viewers, and refuses them", async () => {
  await using server = await startTestServer();
  const [kicked, banned, other] = await Promise.all([1, 2, 3].map(() => newViewer(server)));
  const clients = await Promise.all([kicked!, banned!, other!].map((one) => connect(server, one)));
  server.moderation.ban(server.people.authorOf(banned!.cookie.split("=")[1]!));
  await clients[1]!.ended();
  const id = kicked!.cookie.split("=")[1]!;
  server.audience.kicks.add({ id, client: "", device: "" });
  server.tick();
  await clients[0]!.ended();
  assert.equal(server.events.streams.count, 1);
  for (const headers of [kicked!, banned!]) {
    const response = await server.get("/events", { headers });
    assert(response.status === 403 || response.status === 503, `${response.status}`);
    await response.body?.cancel();
  }
  server.events.streams.close();
  await clients[2]!.ended();
});

Deno.test("/events needs the password", async () => {
  await using server = await startTestServer({ password: "open sesame" });
  const response = await server.get("/events");
  assert.equal(response.status, 401);
  await response.body?.cancel();
});

Deno.test("/events drops who does not read", async () => {
  await using server = await startTestServer();
  const body = server.events.streams.open({ id: null, client: "a", device: "curl" }, null)!;
  for (let i = 0; i < 300; i++) server.events.log.add({ type: "on-air" });
  server.tick();
  assert.equal(server.events.streams.count, 0);
  await assert.rejects(async () => {
    for await (const _ of body.stream);
  }, /Dropped/);
});

Deno.test("/events sends a heartbeat every 15 seconds", async () => {
  let now = 100_000;
  await using server = await startTestServer({ now: () => now });
  const client = await connect(server);
  await until("the client", () => server.events.streams.count === 1);
  server.tick();
  now += 14_000;
  server.tick();
  now += 1_000;
  server.tick();
  await until("heartbeats", () => client.state.text.match(/^: still here$/gm)?.length === 2);
  server.events.streams.close();
  await client.ended();
});
