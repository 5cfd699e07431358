import assert from "node:assert/strict";
import fc from "fast-check";
import { LiveClient } from "../../support/live_client.ts";
import { ADMIN_TOKEN, newViewer, startTestServer } from "../../support/test_server.ts";
import { until } from "../../support/until.ts";
import { codePoint } from "../../support/code_point.ts";

for (
  const [what, data, reason] of [
    ["no JSON", "{", /known/],
    ["JSON that is no object", "7", /known/],
    ["an unknown type", '{"type":"reboot"}', /known/],
    ["a missing field", '{"type":"chat","key":"k"}', /known/],
    ["a field of another type", '{"type":"older","before":"1"}', /known/],
    ["an endless number", '{"type":"painted","stream":"s","sequence":1,"ago":1e999}', /known/],
    ["binary", new Uint8Array([1, 2, 3]), /text/],
  ] as const
) {
  Deno.test(`page socket answers ${what} with an error and stays open`, async () => {
    await using server = await startTestServer();
    await using page = await LiveClient.open(server, await newViewer(server));
    page.sendRaw(data);
    assert.match((await page.next("error")).reason, reason);
    await page.settled();
  });
}

Deno.test("page socket reads a message of 4096 bytes and closes at a longer one", async () => {
  await using server = await startTestServer();
  await using page = await LiveClient.open(server, await newViewer(server));
  const empty = JSON.stringify({ type: "chat", key: "k", text: "", name: "Anna" });
  // Of three bytes each, so that it is bytes that count.
  const padded = (bytes: number) => {
    const room = bytes - empty.length;
    const text = "€".repeat(Math.floor(room / 3)) + "x".repeat(room % 3);
    return JSON.stringify({ type: "chat", key: "k", text, name: "Anna" });
  };
  page.sendRaw(padded(4096));
  assert.match((await page.next("refused")).reason, /long/);
  page.sendRaw(padded(4097));
  assert.equal((await page.closed).code, 1009);
});

Deno.test("page socket ignores messages beyond the limit, warns, and closes if they go on", async () => {
  await using server = await startTestServer({ now: () => 0 });
  const painted: number[] = [];
  server.audience.pages.painted = ({ sequence }) => void painted.push(sequence);
  await using flood = await LiveClient.open(server, await newViewer(server));
  await using page = await LiveClient.open(server, await newViewer(server));
  const send = (sequence: number) => flood.send({ type: "painted", stream: "s", sequence, ago: 0 });
  for (let i = 0; i < 90; i++) send(i);
  assert.match((await flood.next("error")).reason, /fewer/);
  // Forty are read, sixty more are borne with, and one is one too many.
  for (let i = 90; i < 100; i++) send(i);
  await until("forty reports", () => painted.length >= 40, Boolean, { every: 5 });
  await page.settled();
  send(100);
  assert.equal((await flood.closed).code, 1008);
  assert.deepEqual(painted, Array.from({ length: 40 }, (_, i) => i));
  assert.equal(flood.received.filter(({ type }) => type === "error").length, 1);
});

Deno.test("page socket reads twenty reports a second without end", async () => {
  let now = 0;
  await using server = await startTestServer({ now: () => now });
  let painted = 0;
  server.audience.pages.painted = () => void painted++;
  await using page = await LiveClient.open(server, await newViewer(server));
  for (let i = 0; i < 200; i++) {
    const before = painted;
    page.send({ type: "painted", stream: "s", sequence: i, ago: 0 });
    while (painted === before) await new Promise((resolve) => setTimeout(resolve));
    now += 50;
  }
  assert.equal(painted, 200);
});

Deno.test("page sockets refuse pages of other sites, and requests that are no WebSocket", async () => {
  await using server = await startTestServer();
  for (const origin of ["http://evil.example", "null", `http://127.0.0.1:1`]) {
    await assert.rejects(LiveClient.open(server, { origin }), origin);
  }
  await using own = await LiveClient.open(server, { origin: server.origin });
  await own.next("hello");
  const plain = await server.get("/live");
  await plain.body?.cancel();
  assert.deepEqual([plain.status, plain.headers.get("upgrade")], [426, "websocket"]);
  const head = await server.get("/live", { method: "HEAD" });
  assert.equal(head.status, 426);
});

Deno.test("page sockets answer an incomplete handshake with 400, and free closed connections", async () => {
  await using server = await startTestServer();
  const half = ["Upgrade: websocket", "Connection: Upgrade"];
  const whole = [
    ...half,
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
  ];
  const shake = async (lines: readonly string[]) => {
    const client = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
    const head = ["GET /live HTTP/1.1", `Host: 127.0.0.1:${server.port}`, ...lines, "", ""];
    await client.write(new TextEncoder().encode(head.join("\r\n")));
    return client;
  };
  {
    using client = await shake(half);
    const answer = new Uint8Array(1000);
    const length = await client.read(answer);
    assert.match(new TextDecoder().decode(answer.subarray(0, length!)), /^HTTP\/1\.1 400 /);
  }
  for (let i = 0; i < 20; i++) (await shake(whole)).close();
  await until("the pages to leave", () => server.pageSockets.count === 0, Boolean, { every: 5 });
  await using page = await LiveClient.open(server);
  await page.next("hello");
  assert.deepEqual(server.log.lines, []);
});

Deno.test("page sockets refuse more connections than allowed, until one closes", async () => {
  await using server = await startTestServer({ maxSockets: 2 });
  const first = await LiveClient.open(server, await newViewer(server));
  await using _second = await LiveClient.open(server, await newViewer(server));
  await assert.rejects(LiveClient.open(server, await newViewer(server)));
  await first[Symbol.asyncDispose]();
  await until("a page to leave", () => server.pageSockets.count <= 1, Boolean, { every: 5 });
  await using third = await LiveClient.open(server, await newViewer(server));
  await third.next("hello");
});

Deno.test("page sockets reserve sixteen seats for studios", async () => {
  await using server = await startTestServer({ maxSockets: 2, maxSocketsPerAddress: 2 });
  await using pages = new AsyncDisposableStack();
  for (let i = 0; i < 2; i++) pages.use(await LiveClient.open(server, await newViewer(server)));
  await assert.rejects(LiveClient.open(server, await newViewer(server)));
  await assert.rejects(LiveClient.open(server, {}, "no token of mine"));
  const streamer = await newViewer(server);
  for (let i = 0; i < 16; i++) {
    const studio = pages.use(await LiveClient.open(server, streamer, ADMIN_TOKEN));
    await studio.next("studio");
  }
  await assert.rejects(LiveClient.open(server, streamer, ADMIN_TOKEN));
  assert.equal(server.pageSockets.count, 18);
});

Deno.test("page sockets do not count studios against viewers' seats", async () => {
  await using server = await startTestServer({ maxSockets: 2, maxSocketsPerAddress: 2 });
  await using pages = new AsyncDisposableStack();
  for (let i = 0; i < 3; i++) pages.use(await LiveClient.open(server, {}, ADMIN_TOKEN));
  for (let i = 0; i < 2; i++) pages.use(await LiveClient.open(server, await newViewer(server)));
  await assert.rejects(LiveClient.open(server, await newViewer(server)));
});

Deno.test("page sockets limit each viewer to twelve connections", async () => {
  await using server = await startTestServer();
  const anna = await newViewer(server);
  await using pages = new AsyncDisposableStack();
  for (let i = 0; i < 12; i++) pages.use(await LiveClient.open(server, anna));
  await assert.rejects(LiveClient.open(server, anna));
  await using other = await LiveClient.open(server, await newViewer(server));
  await other.next("hello");
});

Deno.test("page sockets survive a message that they fail to answer, and log it", async () => {
  await using server = await startTestServer();
  server.audience.pages.painted = () => {
    throw new Error("Cannot count that far");
  };
  await using page = await LiveClient.open(server, await newViewer(server));
  page.send({ type: "painted", stream: "s", sequence: 1, ago: 0 });
  assert.match((await page.next("error")).reason, /Try again/);
  await page.settled();
  assert.deepEqual(server.log.lines, [
    "error: Cannot answer a painted message: Cannot count that far",
  ]);
  assert.equal(server.pageSockets.failures, 1);
});

const word = fc.oneof(
  fc.string(),
  fc.double(),
  fc.integer(),
  fc.constantFrom(null, true, [], {}, "k", "x".repeat(500), -1, 1e300),
);
const shaped = fc.record({
  type: fc.oneof(fc.constantFrom("painted", "chat", "older", "studio", "hello"), word),
  stream: word,
  sequence: word,
  ago: word,
  key: word,
  text: word,
  name: word,
  before: word,
  token: word,
}, { requiredKeys: ["type"] });
const message = fc.oneof(
  { weight: 3, arbitrary: shaped.map((value) => JSON.stringify(value)) },
  fc.json(),
  fc.string({ unit: codePoint }),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => new Uint8Array(bytes)),
);

Deno.test("page sockets survive anything that pages send", async () => {
  let now = 0;
  await using server = await startTestServer({ now: () => now });
  await fc.assert(
    fc.asyncProperty(fc.array(message, { maxLength: 20 }), async (messages) => {
      // All pages have one address, whose limit is not the subject here.
      now += 10_000;
      await using page = await LiveClient.open(server, await newViewer(server));
      for (const data of messages) page.sendRaw(data);
      const { chat } = await page.settled().then(() => server.chat.newest());
      for (const { text, name } of chat) assert(text.length <= 1000 && name.length <= 64);
    }),
    { numRuns: 100 },
  );
  assert.deepEqual(server.log.lines, []);
});
