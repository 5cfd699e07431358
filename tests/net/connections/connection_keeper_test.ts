import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { socketKey } from "../../../src/net/socket_key.ts";
import {
  ConnectionKeeper,
  type ConnectionKeeperOptions,
} from "../../../src/net/connections/connection_keeper.ts";
import type { Sockets } from "../../../src/net/connections/sockets.ts";
import { Listener } from "../../../src/net/connections/listener.ts";
import { CONGESTION_CHOICES } from "../../../src/net/connections/congestion.ts";
import { SystemSockets } from "../../../src/net/connections/system_sockets.ts";
import type { Transfer } from "../../../src/net/connections/tcp_info.ts";
import { FRAME, Http2Client } from "../../support/http2_client.ts";
import { recordingLog } from "../../support/recording_log.ts";
import { until } from "../../support/until.ts";

const PATIENCE = {
  header: 10_000,
  answer: 30_000,
  response: 10_000,
  farewell: 2_000,
  idle: 60_000,
};
const isKnown = ["linux", "darwin"].includes(Deno.build.os);
const encoder = new TextEncoder();

type Answer = (request: Request, keeper: ConnectionKeeper) => Response | Promise<Response>;

/** A real server with real connections, whose clock is in the test's hands. */
function startServer(answer: Answer, options: Partial<ConnectionKeeperOptions> = {}) {
  let now = 0;
  const log = recordingLog();
  const keeper = new ConnectionKeeper({
    log,
    patience: PATIENCE,
    clock: { monotonic: () => now },
    ...options,
  });
  const listener = new Listener({
    hostname: "127.0.0.1",
    port: 0,
    keeper,
    log,
    handler: async (request) => await answer(request, keeper),
  });
  const { port } = listener;
  const sockets = new SystemSockets(port);
  keeper.watch(sockets);
  return {
    keeper,
    log,
    port,
    count: () => sockets.look().size,
    /** Lets so many seconds pass, and looks at each. */
    pass(seconds: number) {
      for (const end = now + seconds * 1000; now < end; now += 1000) keeper.look();
      keeper.look();
    },
    async [Symbol.asyncDispose]() {
      keeper.stop();
      await listener.stop();
    },
  };
}

async function send(port: number, text: string): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(encoder.encode(text));
  return connection;
}

/** All that comes until the other end ends it. */
async function readAll(connection: Deno.TcpConn): Promise<string> {
  const buffer = new Uint8Array(1 << 16), decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const count = await connection.read(buffer).catch(() => null);
    if (count === null) return text;
    text += decoder.decode(buffer.subarray(0, count));
  }
}

/** Waits until nothing more is asked of endless streams, because nobody reads what they gave. */
async function untilStalled(...streams: readonly { state: { given: number } }[]): Promise<void> {
  const given = () => streams.map(({ state }) => state.given);
  for (let before = given(), now = before;; before = now) {
    await delay(50);
    now = given();
    if (now.every((count, i) => count > 0 && count === before[i])) return;
  }
}

/** A stream that gives all that is asked of it, until it is ended. */
function endless() {
  const state = { isOver: false, given: 0, end: () => {} };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      state.end = () => {
        state.isOver = true;
        controller.error(new Error("Dropped"));
      };
    },
    pull(controller) {
      state.given++;
      controller.enqueue(new Uint8Array(1 << 16));
    },
    cancel: () => void (state.isOver = true),
  }, { highWaterMark: 0 });
  return { state, body };
}

const HELLO = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const hello: Answer = () => new Response("hello");

Deno.test({
  name: "keeper drops a connection that sends no whole header for 10 s, however slowly it sends",
  ignore: !isKnown,
  async fn() {
    await using server = startServer(hello);
    using silent = await send(server.port, "");
    using slow = await send(server.port, "GET / HTTP/1.1\r\n");
    await until("they are there", () => server.count() === 2);
    for (let second = 0; second < 10; second++) {
      server.pass(1);
      await slow.write(encoder.encode("a"));
    }
    assert.equal(server.count(), 2);
    server.pass(1);
    assert.deepEqual(await Promise.all([readAll(silent), readAll(slow)]), ["", ""]);
    await until("they are gone", () => server.count() === 0);
    assert.deepEqual(server.log.lines, ["debug: Ended connections"]);
  },
});

Deno.test({
  name: "keeper notices a client that leaves before its answer, as WebSockets need",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const entered = Promise.withResolvers<void>(), gone = Promise.withResolvers<void>();
    const known: boolean[] = [];
    await using server = startServer(async (request, keeper) => {
      known.push(keeper.isClosedByPeer(request));
      entered.resolve();
      await gone.promise;
      await until("it is known", () => keeper.isClosedByPeer(request));
      known.push(true);
      return new Response();
    });
    const connection = await send(server.port, HELLO);
    await entered.promise;
    connection.close();
    gone.resolve();
    await until("it is gone", () => server.count() === 0);
    assert.deepEqual(known, [false, true]);
  },
});

Deno.test({
  name: "keeper closes a connection after 60 s without a further request, and not before",
  ignore: !isKnown,
  async fn() {
    await using server = startServer(hello);
    using connection = await send(server.port, HELLO);
    const buffer = new Uint8Array(1 << 16);
    await connection.read(buffer);
    server.pass(60);
    await connection.write(encoder.encode(HELLO));
    assert.notEqual(await connection.read(buffer), null);
    server.pass(60);
    assert.equal(server.count(), 1);
    server.pass(2);
    assert.equal(await connection.read(buffer), null);
    await until("it is gone", () => server.count() === 0);
  },
});

Deno.test({
  name: "keeper drops a connection whose body does not come within 30 s",
  ignore: !isKnown,
  async fn() {
    let failed = false;
    await using server = startServer(async (request) => {
      await request.text().catch(() => failed = true);
      return new Response("hello");
    });
    using connection = await send(
      server.port,
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n",
    );
    const text = readAll(connection);
    await delay(20);
    for (let second = 0; second < 30; second++) {
      server.pass(1);
      await connection.write(encoder.encode("a"));
    }
    assert.equal(server.count(), 1);
    server.pass(1);
    assert.equal(await text, "");
    await until("the handler knows", () => failed);
    await until("it is gone", () => server.count() === 0);
  },
});

Deno.test({
  name: "keeper drops a client that reads nothing of its answer for 10 s",
  ignore: !isKnown,
  async fn() {
    const { body, state } = endless();
    await using server = startServer(() => new Response(body));
    using _connection = await send(server.port, HELLO);
    await untilStalled({ state });
    server.pass(10);
    assert.equal(server.count(), 1);
    server.pass(1);
    await until("it is gone", () => server.count() === 0);
    await until("the stream knows", () => state.isOver);
  },
});

Deno.test({
  name: "keeper keeps a stream while it goes on, and drops a client that was let go",
  ignore: !isKnown,
  async fn() {
    const streams = [endless(), endless()];
    let opened = 0;
    await using server = startServer((request, keeper) => {
      const { body, state } = streams[opened++];
      keeper.hold(request, () => !state.isOver);
      return new Response(body);
    });
    // They read nothing.
    using _one = await send(server.port, HELLO);
    using other = await send(server.port, HELLO);
    await until("they are there", () => opened === 2);
    await untilStalled(...streams);
    server.pass(300);
    assert.equal(server.count(), 2);
    streams[0].state.end();
    server.pass(2);
    await until("one is gone", () => server.count() === 1);
    assert.equal(streams[1].state.isOver, false);
    other.close();
    await until("the other is gone", () => server.count() === 0);
    await until("its stream knows", () => streams[1].state.isOver);
  },
});

Deno.test({
  name: "keeper keeps a WebSocket while it is open, and drops a client that does not close it",
  ignore: !isKnown,
  async fn() {
    const sockets: WebSocket[] = [];
    await using server = startServer((request, keeper) => {
      const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout: 0 });
      keeper.hold(request, () => socket.readyState <= WebSocket.OPEN);
      socket.onerror = (event) => event.preventDefault();
      sockets.push(socket);
      return response;
    });
    const handshake = "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    using _connection = await send(server.port, handshake);
    await until("it is open", () => sockets[0]?.readyState === WebSocket.OPEN);
    server.pass(300);
    assert.equal(server.count(), 1);
    // More than the system buffers for a client that does not read.
    for (let i = 0; i < 20; i++) sockets[0].send(new Uint8Array(1 << 20));
    sockets[0].close();
    server.pass(2);
    await until("it is gone", () => server.count() === 0);
    await until("the socket knows", () => sockets[0].readyState === WebSocket.CLOSED);
  },
});

Deno.test({
  name: "keeper drops a WebSocket whose message does not end, and keeps one whose messages do",
  ignore: Deno.build.os !== "linux",
  async fn() {
    let messages = 0, opened = 0;
    await using server = startServer((request, keeper) => {
      const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout: 0 });
      let own = 0;
      keeper.hold(request, () => socket.readyState <= WebSocket.OPEN, () => own);
      socket.onopen = () => opened++;
      socket.onmessage = () => {
        own++;
        messages++;
      };
      socket.onerror = (event) => event.preventDefault();
      return response;
    });
    const handshake = "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    using honest = await send(server.port, handshake);
    using endless = await send(server.port, handshake);
    await until("both are open", () => opened === 2);
    // Frames of 4096 bytes (RFC 6455 section 5.2): whole messages, and pieces of one without end.
    const frame = (first: number) => {
      const bytes = new Uint8Array(8 + 4096);
      bytes.set([first, 0x80 | 126, 4096 >> 8, 4096 & 255]);
      return bytes;
    };
    const [whole, begin, goOn] = [frame(0x82), frame(0x02), frame(0x00)];
    for (let i = 0; i < 15; i++) {
      await honest.write(whole);
      await endless.write(i === 0 ? begin : goOn);
      server.pass(1);
    }
    await until("the messages came", () => messages === 15);
    server.pass(5);
    assert.deepEqual(server.log.lines, []);
    await endless.write(goOn);
    await until("it is dropped", () => {
      server.pass(1);
      return server.count() === 1;
    });
    for (let i = 0; i < 20; i++) {
      await honest.write(whole);
      await until("it came", () => messages === 16 + i);
      server.pass(1);
    }
    assert.equal(server.count(), 1);
  },
});

Deno.test({
  name: "keeper ends idle connections at once when it stops",
  ignore: !isKnown,
  async fn() {
    const server = startServer(hello);
    using half = await send(server.port, "GET / HT");
    await until("it is there", () => server.count() === 1);
    const begun = performance.now();
    await server[Symbol.asyncDispose]();
    assert.ok(performance.now() - begun < 1_000);
    assert.equal(await readAll(half), "");
  },
});

/** A system that has just the connections and descriptors that a test gives it. */
class FakeSockets implements Sockets {
  readonly limit = 100;
  readonly span = 100;
  free = 50;
  readonly found = new Map<string, number>();
  readonly cuts: string[] = [];

  look() {
    return this.found;
  }

  isListening() {
    return true;
  }

  countFree() {
    return this.free;
  }

  isShort(reserve: number) {
    return this.free < reserve;
  }

  findNew(_key: string): number | null {
    return null;
  }

  cookieOf() {
    return null;
  }

  transferOf(_key: string, _descriptor: number): Transfer | null {
    return null;
  }

  congestionControlOfNew(_wanted: string | null): string | null {
    return null;
  }

  setCongestionControl(_key: string, _descriptor: number, _name: string) {}

  isClosedByPeer() {
    return false;
  }

  cut(key: string) {
    this.cuts.push(key);
  }

  [Symbol.dispose]() {}
}

Deno.test("keeper with few descriptors left ends idle connections, refuses new ones and logs that once", async () => {
  let now = 0;
  const log = recordingLog();
  const keeper = new ConnectionKeeper({ log, clock: { monotonic: () => now } });
  const sockets = new FakeSockets();
  keeper.watch(sockets);
  const refused: string[] = [];
  const handler = keeper.following((request) => {
    if (keeper.refusalOf(request) === "descriptors") refused.push(request.url);
    return Promise.resolve(new Response());
  });
  const ask = async (hostname: string, completed = Promise.resolve()) => {
    const remoteAddr = { hostname, port: 1 };
    await handler(new Request(`http://a/${hostname}`), { remoteAddr, completed });
    sockets.found.set(socketKey(remoteAddr), sockets.found.size);
  };
  await ask("10.0.0.1", new Promise(() => {}));
  await ask("10.0.0.2");
  sockets.found.set("10.0.0.3 1", 9);
  for (; now <= 5_000; now += 1_000) keeper.look();
  assert.deepEqual([sockets.cuts, log.lines], [[], []]);

  sockets.free = 25;
  keeper.look();
  assert.deepEqual(sockets.cuts, ["10.0.0.2 1", "10.0.0.3 1"]);
  await ask("10.0.0.1");
  await ask("10.0.0.4");
  assert.deepEqual(refused, ["http://a/10.0.0.4"]);
  keeper.look();
  assert.equal(log.lines.filter((line) => line.startsWith("warn")).length, 1);
  assert.match(log.lines[0], /^warn: Too many open files, .*: raise ulimit -n/);

  // Room for two: the third of those who come before the next look is refused.
  sockets.free = 27;
  keeper.look();
  for (const last of [5, 6, 7]) await ask(`10.0.0.${last}`);
  assert.deepEqual(refused, ["http://a/10.0.0.4", "http://a/10.0.0.7"]);
});

Deno.test("keeper limits the connections of a client, and counts those that remain", async () => {
  let now = 0;
  const keeper = new ConnectionKeeper({
    log: recordingLog(),
    clock: { monotonic: () => now },
    maxPerClient: 3,
    clientOf: (hostname) => hostname === "10.0.0.9" ? null : hostname,
  });
  const sockets = new FakeSockets();
  keeper.watch(sockets);
  const handler = keeper.following((request) =>
    Promise.resolve(new Response(null, { headers: { refusal: `${keeper.refusalOf(request)}` } }))
  );
  const ask = async (hostname: string, port: number) => {
    const remoteAddr = { hostname, port };
    sockets.found.set(socketKey(remoteAddr), port);
    const request = new Request("http://a/", { headers: { connection: "keep-alive" } });
    const response = await handler(request, { remoteAddr, completed: Promise.resolve() });
    return response.headers.get("refusal");
  };
  for (const port of [1, 2, 3]) assert.equal(await ask("10.0.0.1", port), "null");
  assert.equal(await ask("10.0.0.1", 4), "client");
  assert.equal(await ask("10.0.0.1", 3), "null", "it was there before");
  assert.equal(await ask("10.0.0.2", 5), "null", "it is another client's");
  for (const port of [11, 12, 13, 14]) assert.equal(await ask("10.0.0.9", port), "null");
  sockets.found.delete("10.0.0.1 2");
  now = 1_000;
  assert.equal(await ask("10.0.0.1", 6), "null");
  assert.equal(await ask("10.0.0.1", 7), "client");
});

Deno.test("keeper answers a pardoned client, and drops a refused one that goes on", async () => {
  const keeper = new ConnectionKeeper({
    log: recordingLog(),
    clock: { monotonic: () => 0 },
    maxPerClient: 1,
  });
  const sockets = new FakeSockets();
  keeper.watch(sockets);
  const refusals: (string | null)[] = [];
  const handler = keeper.following((request) => {
    refusals.push(keeper.refusalOf(request));
    if (request.headers.has("authorization")) keeper.pardon(request);
    return Promise.resolve(new Response());
  });
  const ask = async (port: number, headers: HeadersInit) => {
    const remoteAddr = { hostname: "10.0.0.1", port };
    sockets.found.set(socketKey(remoteAddr), port);
    const request = new Request("http://a/", {
      headers: { ...headers, connection: "keep-alive" },
    });
    await handler(request, { remoteAddr, completed: Promise.resolve() });
  };
  await ask(1, {});
  for (const port of [2, 2, 2]) await ask(port, { authorization: "Bearer token" });
  keeper.look();
  assert.deepEqual([refusals, sockets.cuts], [[null, "client", null, null], []]);
  for (const port of [3, 3]) await ask(port, {});
  assert.deepEqual(refusals.slice(4), ["client", "client"]);
  assert.deepEqual(sockets.cuts, ["10.0.0.1 3"]);
});

Deno.test({
  name:
    "keeper recognises HTTP/2 without TLS at the first request, and drops a client that goes on",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const refusals: (string | null)[] = [];
    await using server = startServer((request, keeper) => {
      refusals.push(keeper.refusalOf(request));
      return new Response(null, { status: 505 });
    });
    const plain = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const expecting = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n" +
      "Content-Length: 1\r\n\r\n";
    for (const text of [plain, expecting, "GET / HTTP/1.0\r\n\r\n"]) {
      using connection = await send(server.port, text);
      await connection.read(new Uint8Array(1 << 16));
    }
    assert.deepEqual(refusals, [null, null, null]);
    using client = await Http2Client.connect({ port: server.port });
    await client.get("/");
    await until("it is answered", () => client.received.has(FRAME.headers));
    assert.equal(refusals.at(-1), "protocol");
    await client.get("/");
    await client.ended;
    assert.equal(client.isOver, true);
  },
});

Deno.test({
  name:
    "keeper lets none of those whom a trusted proxy brings over one connection hold up the others",
  ignore: !isKnown,
  async fn() {
    const over = Promise.withResolvers<void>();
    let asked = 0;
    const answer = async () => {
      asked++;
      await over.promise;
      return new Response(null);
    };
    await using server = startServer(answer, { isSecure: true, clientOf: () => null });
    using client = await Http2Client.connect({ port: server.port });
    await client.get("/", 100);
    await until("all have their turn", () => asked === 100);
    server.pass(60);
    over.resolve();
    await until("all are answered", () => client.received.get(FRAME.headers) === 100);
  },
});

Deno.test("keeper returns what the system reports of a connection over which a request came", async () => {
  const transfer = { received: 5, acknowledged: 100, written: 107, queued: 7, unsent: 3 };
  class Reporting extends FakeSockets {
    override findNew(key: string) {
      return this.found.get(key) ?? null;
    }

    override transferOf(key: string, descriptor: number) {
      return this.found.get(key) === descriptor ? transfer : null;
    }
  }
  const keeper = new ConnectionKeeper({ log: recordingLog(), isSecure: true });
  const sockets = new Reporting();
  keeper.watch(sockets);
  const handler = keeper.following(() => Promise.resolve(new Response()));
  for (const port of [1, 2]) {
    const remoteAddr = { hostname: "10.0.0.1", port };
    await handler(new Request("http://a/"), { remoteAddr, completed: new Promise(() => {}) });
  }
  sockets.found.set("10.0.0.1 1", 5).set("10.0.0.1 3", 7);
  // It is found without a look at all connections.
  assert.equal(keeper.statisticsOf("10.0.0.1 1"), transfer);
  assert.equal(keeper.statisticsOf("10.0.0.1 2"), null);
  assert.equal(keeper.statisticsOf("10.0.0.1 3"), null, "no request came over it");
  sockets.found.set("10.0.0.1 1", 8);
  assert.equal(keeper.statisticsOf("10.0.0.1 1"), null, "the descriptor is another's now");
  keeper.stop();
  assert.equal(keeper.statisticsOf("10.0.0.1 1"), null);
});

for (const congestion of CONGESTION_CHOICES) {
  Deno.test(`keeper prepares a connection for a stream with congestion ${congestion}`, async () => {
    const chosen: unknown[] = [];
    class Choosing extends FakeSockets {
      override findNew(key: string) {
        return this.found.get(key) ?? null;
      }

      override congestionControlOfNew(wanted: string | null) {
        return wanted ?? "cubic";
      }

      override setCongestionControl(...choice: readonly unknown[]) {
        chosen.push(choice);
      }
    }
    const keeper = new ConnectionKeeper({ log: recordingLog(), congestion });
    assert.equal(keeper.congestionLine(), null);
    const sockets = new Choosing();
    keeper.watch(sockets);
    const isAuto = congestion === "auto";
    assert.match(keeper.congestionLine()!, isAuto ? /: bbr$/ : /: cubic, .*--congestion system/);
    const handler = keeper.following(() => Promise.resolve(new Response()));
    const remoteAddr = { hostname: "10.0.0.1", port: 1 };
    await handler(new Request("http://a/"), { remoteAddr, completed: new Promise(() => {}) });
    assert.equal(keeper.prepareStream("10.0.0.1 1"), !isAuto);
    sockets.found.set("10.0.0.1 1", 5);
    assert.equal(keeper.prepareStream("10.0.0.1 1"), true);
    assert.deepEqual(chosen, isAuto ? [["10.0.0.1 1", 5, "bbr"]] : []);
    keeper.stop();
  });
}

Deno.test("keeper forgets connections that are gone, but not those under way", async () => {
  let now = 0;
  const keeper = new ConnectionKeeper({ log: recordingLog(), clock: { monotonic: () => now } });
  const sockets = new FakeSockets();
  keeper.watch(sockets);
  const handler = keeper.following(() => Promise.resolve(new Response()));
  const { promise, resolve } = Promise.withResolvers<void>();
  const remoteAddr = { hostname: "::ffff:10.0.0.1", port: 1 };
  await handler(new Request("http://a/"), { remoteAddr, completed: promise });
  // As long as it goes on, the system's other end may come to light late.
  keeper.look();
  sockets.found.set("10.0.0.1 1", 5);
  now = 9_000;
  keeper.look();
  assert.deepEqual(sockets.cuts, []);
  resolve();
  await promise;
  sockets.found.clear();
  keeper.look();
  // Another connection by the same name is a new one.
  sockets.found.set("10.0.0.1 1", 5);
  keeper.look();
  now += 10_001;
  keeper.look();
  assert.deepEqual(sockets.cuts, ["10.0.0.1 1"]);
});

Deno.test("keeper without the system's help ends nothing, and logs that at debug", async () => {
  const log = recordingLog();
  const keeper = new ConnectionKeeper({ log });
  const handler = keeper.following((request) =>
    Promise.resolve(new Response(String(keeper.refusalOf(request))))
  );
  const info = { remoteAddr: { hostname: "10.0.0.1", port: 1 }, completed: Promise.resolve() };
  assert.equal(await (await handler(new Request("http://a/"), info)).text(), "null");
  keeper.look();
  assert.equal(keeper.statisticsOf("10.0.0.1 1"), null);
  keeper.stop();
  assert.deepEqual(log.lines, []);
});
