import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import v8 from "node:v8";
import vm from "node:vm";
import type { ChannelEvent } from "../../src/channel/event_log.ts";
import { Webhook } from "../../src/integrations/webhook.ts";
import { HttpClient } from "../../src/outgoing/http_client.ts";
import { startOutgoing } from "../../src/outgoing/outgoing.ts";
import { FakeTime } from "../support/fake_time.ts";
import { recordingLog } from "../support/recording_log.ts";
import { until } from "../support/until.ts";

const SECRET = "correct horse battery";

interface Post {
  readonly body: string;
  readonly headers: Headers;
}

const event = (id: number): ChannelEvent => ({ id: `a-${id}`, at: id, type: "motion-begin" });

/** A webhook whose receiver answers with these statuses, then 204; `null` to let it hang. */
function receiver(statuses: readonly (number | null)[]) {
  const posts: Post[] = [];
  const hanging = Promise.withResolvers<void>();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      posts.push({ body: await request.text(), headers: request.headers });
      const status = posts.length > statuses.length ? 204 : statuses[posts.length - 1]!;
      if (status === null) await hanging.promise;
      return new Response(null, { status: status ?? 204 });
    },
  );
  const log = recordingLog();
  const outgoing = startOutgoing(log);
  const client = new HttpClient(outgoing);
  const url = new URL(`http://127.0.0.1:${server.addr.port}/hook-key`);
  const webhook = new Webhook({ url, secret: SECRET, client, log });
  return {
    ...{ webhook, posts, log },
    async [Symbol.asyncDispose]() {
      await webhook[Symbol.asyncDispose]();
      hanging.resolve();
      client[Symbol.dispose]();
      outgoing[Symbol.dispose]();
      await server.shutdown();
    },
  };
}

const idsOf = (posts: readonly Post[]) => posts.map(({ body }) => JSON.parse(body).id);

Deno.test("webhook posts an event as JSON, signed", async () => {
  await using run = receiver([]);
  run.webhook.post(event(1));
  await until("the post", () => run.posts.length === 1);
  const [{ body, headers }] = run.posts as [Post];
  assert.deepEqual(JSON.parse(body), event(1));
  assert.equal(headers.get("content-type"), "application/json");
  assert.equal(headers.get("x-livestream-id"), "a-1");
  const digest = createHmac("sha256", SECRET).update(body).digest("hex");
  assert.equal(headers.get("x-livestream-signature"), `sha256=${digest}`);
});

Deno.test("webhook tries again after a failure, and keeps the order", async () => {
  await using run = receiver([500]);
  for (const id of [1, 2, 3]) run.webhook.post(event(id));
  await until("the posts", () => run.posts.length === 4);
  assert.deepEqual(idsOf(run.posts), ["a-1", "a-1", "a-2", "a-3"]);
  await until("the good news", () => run.log.lines.length === 2);
  assert.deepEqual(run.log.lines, [
    "warn: Webhook: events cannot be delivered: status 500",
    "info: Webhook: events are delivered again",
  ]);
});

Deno.test("webhook gives up an event that the server refuses, at once", async () => {
  await using run = receiver([410, 307]);
  for (const id of [1, 2, 3]) run.webhook.post(event(id));
  await until("the posts", () => run.posts.length === 3);
  assert.deepEqual(idsOf(run.posts), ["a-1", "a-2", "a-3"]);
  assert.deepEqual(run.log.lines, [
    "warn: Webhook: the server refused an event: status 410",
    "warn: Webhook: the server refused an event: status 307: redirects are not followed",
  ]);
});

Deno.test("webhook whose receiver hangs blocks nothing, and drops the oldest that wait", async () => {
  await using run = receiver([null]);
  const begin = performance.now();
  for (let id = 1; id <= 105; id++) run.webhook.post(event(id));
  assert(performance.now() - begin < 500);
  assert.equal(run.log.lines.length, 5);
  assert.match(run.log.lines[0]!, /^warn: Webhook: too many events wait, the oldest was dropped$/);
  await until("the post", () => run.posts.length === 1);
  // Disposal does not wait for it.
  const ending = performance.now();
  await run.webhook[Symbol.asyncDispose]();
  assert(performance.now() - ending < 1_000);
});

Deno.test("webhook never shows its address", async () => {
  await using run = receiver([500, 404]);
  run.webhook.post(event(1));
  await until("the log", () => run.log.lines.length === 2);
  assert(!JSON.stringify([run.log.lines, run.log.fields]).includes("hook-key"));
});

/** A webhook in whose time a test decides. */
function paced(outcome: () => { status: number; retryAfter: number | null }) {
  let now = 0;
  const sent: string[] = [];
  const log = recordingLog();
  const webhook = new Webhook({
    url: new URL("http://hook.example/"),
    secret: null,
    client: {
      request({ headers }) {
        sent.push(headers["X-Livestream-Id"]!);
        assert.equal(headers["X-Livestream-Signature"], undefined);
        now += 4.5 * 60_000;
        return Promise.resolve(outcome());
      },
    },
    log,
    clock: { monotonic: () => now },
  });
  return { webhook, sent, log };
}

Deno.test("webhook gives an event up after five minutes, and goes on with the next", async () => {
  const { webhook, sent, log } = paced(() => ({ status: 503, retryAfter: 120 }));
  webhook.post(event(1));
  webhook.post(event(2));
  await until(
    "both",
    () => log.lines.filter((line) => /given up/.test(line)).length === 2,
    Boolean,
    {
      timeout: 15_000,
    },
  );
  assert.deepEqual([...new Set(sent)], ["a-1", "a-2"]);
  await webhook[Symbol.asyncDispose]();
});

/** Bytes of all objects that are still in use. */
function heapUsed(): number {
  v8.setFlagsFromString("--expose-gc");
  vm.runInNewContext("gc")();
  return Deno.memoryUsage().heapUsed;
}

Deno.test("webhook keeps nothing of the events and pauses that are over", async () => {
  using time = new FakeTime();
  const log = { ...recordingLog(), warn() {}, info() {} };
  let requests = 0;
  const webhook = new Webhook({
    ...{ url: new URL("http://hook.example/"), secret: null, log },
    client: {
      // Every other request fails, so that there is a pause before it is tried again.
      request: () =>
        Promise.resolve({ status: requests++ % 2 === 0 ? 503 : 204, retryAfter: null }),
    },
    clock: { monotonic: () => time.now },
  });
  const deliver = async (count: number) => {
    for (const end = requests + 2 * count; requests < end;) {
      if (requests % 2 === 0 && time.timers === 0) webhook.post(event(requests));
      await Promise.resolve();
      time.tick(1_000);
    }
  };
  await deliver(1_000);
  const before = heapUsed();
  await deliver(20_000);
  assert.ok(heapUsed() - before < 2e6);
  await webhook[Symbol.asyncDispose]();
});
