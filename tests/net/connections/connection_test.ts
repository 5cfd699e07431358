import assert from "node:assert/strict";
import { Connection } from "../../../src/net/connections/connection.ts";
import { Exchange } from "../../../src/net/connections/exchange.ts";
import type { Patience } from "../../../src/net/connections/patience.ts";
import type { Transfer } from "../../../src/net/connections/tcp_info.ts";

const PATIENCE: Patience = { header: 10, answer: 20, response: 100, farewell: 2, idle: 50 };

const NOTHING: Transfer = { received: 0, written: 0, acknowledged: 0, queued: 0, unsent: 0 };

/** A connection that begins at 0, and what is to become of it at a time. */
function newConnection() {
  const connection = new Connection(0);
  return {
    connection,
    actionAt: (now: number) => connection.judge(now, PATIENCE).action,
    ask(now: number): Exchange {
      const exchange = new Exchange(now);
      connection.begin(exchange);
      return exchange;
    },
  };
}

Deno.test("a connection that sends no whole request is dropped when its time is over", () => {
  const { connection, actionAt } = newConnection();
  assert.equal(actionAt(10), "keep");
  assert.equal(actionAt(11), "drop");
  assert.equal(connection.hasAsked, false);
  assert.equal(connection.isUnderWay(), false);
});

Deno.test("a connection whose request is not answered in time is dropped", () => {
  const { connection, actionAt, ask } = newConnection();
  ask(9);
  assert(connection.hasAsked && connection.isUnderWay());
  assert.equal(actionAt(29), "keep");
  assert.equal(actionAt(30), "drop");
});

Deno.test("a connection whose answer is not read in time is dropped", () => {
  const { actionAt, ask } = newConnection();
  ask(5).answer(15, { isUpgrade: false });
  assert.equal(actionAt(115), "keep");
  assert.equal(actionAt(116), "drop");
});

Deno.test("a connection without a further request is closed after its idle time", () => {
  const { connection, actionAt, ask } = newConnection();
  const exchange = ask(5);
  exchange.answer(6, { isUpgrade: false });
  assert.equal(actionAt(30), "keep");
  exchange.complete();
  assert.equal(connection.isUnderWay(), false);
  assert.equal(actionAt(31), "keep");
  assert.equal(actionAt(81), "keep");
  assert.equal(actionAt(82), "close");
});

Deno.test("a connection with a further request is not idle", () => {
  const { actionAt, ask } = newConnection();
  for (let now = 0; now < 500; now += 40) {
    const exchange = ask(now);
    exchange.answer(now, { isUpgrade: false });
    exchange.complete();
    assert.equal(actionAt(now), "keep");
  }
  assert.equal(actionAt(551), "close");
});

Deno.test("a stream is kept while it goes on, and has a moment to end", () => {
  const { connection, actionAt, ask } = newConnection();
  let goesOn = true;
  const exchange = ask(0);
  exchange.hold(() => goesOn);
  exchange.answer(1, { isUpgrade: false });
  assert.equal(actionAt(1e9), "keep");
  assert.equal(connection.isUnderWay(), true);
  goesOn = false;
  assert.equal(actionAt(1e9 + 5), "keep");
  assert.equal(connection.isUnderWay(), false);
  assert.equal(actionAt(1e9 + 6), "keep");
  assert.equal(actionAt(1e9 + 7), "drop");
});

Deno.test("a connection whose stream was read to the end may send another request", () => {
  const { actionAt, ask } = newConnection();
  let goesOn = true;
  const exchange = ask(0);
  exchange.hold(() => goesOn);
  exchange.answer(1, { isUpgrade: false });
  assert.equal(actionAt(300), "keep");
  goesOn = false;
  exchange.complete();
  assert.equal(actionAt(303), "keep");
  assert.equal(actionAt(353), "keep");
  assert.equal(actionAt(354), "close");
});

Deno.test("a WebSocket is kept after its handshake while it goes on, and has a moment to end", () => {
  const { connection, actionAt, ask } = newConnection();
  let goesOn = true;
  const exchange = ask(0);
  exchange.hold(() => goesOn);
  exchange.answer(1, { isUpgrade: true });
  exchange.complete();
  assert.equal(actionAt(1e9), "keep");
  assert.equal(connection.isUnderWay(), true);
  goesOn = false;
  assert.equal(actionAt(1e9 + 5), "keep");
  assert.equal(connection.isUnderWay(), false);
  assert.equal(actionAt(1e9 + 7), "drop");
});

Deno.test("of several requests on one connection the slowest decides", () => {
  const { actionAt, ask } = newConnection();
  const page = ask(0), stream = ask(0);
  stream.hold(() => true);
  stream.answer(1, { isUpgrade: false });
  page.answer(1, { isUpgrade: false });
  page.complete();
  assert.equal(actionAt(1000), "keep");
  ask(1000);
  assert.equal(actionAt(1020), "keep");
  assert.equal(actionAt(1021), "drop");
});

Deno.test("a WebSocket may send at most 64 KiB of an incomplete message", () => {
  const { connection, ask } = newConnection();
  let messages = 0, received: number | null = 0;
  const transferOf = () => received === null ? null : { ...NOTHING, received };
  const actionAt = (now: number) => connection.judge(now, PATIENCE, transferOf).action;
  const exchange = ask(0);
  exchange.hold(() => true, () => messages);
  exchange.answer(0, { isUpgrade: true });
  received = 65_536;
  assert.equal(actionAt(1), "keep");
  messages++;
  received += 65_536;
  assert.equal(actionAt(2), "keep");
  received += 65_536;
  assert.equal(actionAt(3), "keep");
  received++;
  assert.equal(actionAt(4), "drop");
  received = null;
  assert.equal(actionAt(5), "keep");
});

Deno.test("a stream's client may send any number of bytes, but no more than 512 KiB a second", () => {
  const { connection, ask } = newConnection();
  const exchange = ask(0);
  exchange.hold(() => true);
  exchange.answer(0, { isUpgrade: false });
  let received = 0;
  const actionAt = (now: number) =>
    connection.judge(now, PATIENCE, () => ({ ...NOTHING, received })).action;
  for (let second = 1; second <= 10; second++) {
    received += 512 * 1024;
    assert.equal(actionAt(second * 1000), "keep");
  }
  // A look that comes late finds more.
  received += 3 * 512 * 1024;
  assert.equal(actionAt(13_000), "keep");
  received += 512 * 1024 + 1;
  assert.equal(actionAt(13_500), "drop");
});

Deno.test("a connection is dropped when its client acknowledges nothing of what waits for it", () => {
  const { connection, ask } = newConnection();
  let transfer = NOTHING;
  const actionAt = (now: number) => connection.judge(now, PATIENCE, () => transfer).action;
  const exchange = ask(0);
  exchange.answer(0, { isUpgrade: false });
  exchange.complete();
  transfer = { ...NOTHING, acknowledged: 1, queued: 1 };
  assert.equal(actionAt(1), "keep");
  assert.equal(actionAt(100), "keep");
  // However slowly it reads.
  for (let now = 100; now < 1_000; now += 90) {
    transfer = { ...transfer, acknowledged: transfer.acknowledged + 1 };
    assert.equal(actionAt(now), "keep", `${now}`);
  }
  assert.equal(actionAt(1_101), "drop");
});

Deno.test("a metered answer is kept while its client reads some of it, whatever else arrives", () => {
  const { connection, ask } = newConnection();
  let acknowledged = 0;
  const transferOf = () => ({ ...NOTHING, acknowledged: acknowledged++ });
  const exchange = ask(0);
  exchange.answer(0, { isUpgrade: false });
  exchange.meter(1_000);
  assert.deepEqual(connection.untaken, { count: 1, bytes: 1_000 });
  for (let now = 0; now <= 500; now += 100) {
    exchange.take(now);
    assert.equal(connection.judge(now, PATIENCE, transferOf).action, "keep");
  }
  assert.equal(connection.judge(600, PATIENCE, transferOf).action, "keep");
  assert.equal(connection.judge(601, PATIENCE, transferOf).action, "drop");
  exchange.complete();
  assert.deepEqual(connection.untaken, { count: 0, bytes: 0 });
});

Deno.test("a request that waits until its client reads others is dropped with them", () => {
  const { actionAt, ask } = newConnection();
  let takenAt = 50;
  const exchange = ask(0);
  exchange.queue(() => takenAt);
  assert.equal(actionAt(150), "keep");
  takenAt = 120;
  assert.equal(actionAt(220), "keep");
  assert.equal(actionAt(221), "drop");
});

Deno.test("a request whose turn came late has as long for its answer as any other", () => {
  const { actionAt, ask } = newConnection();
  const exchange = ask(0);
  exchange.queue(() => 90);
  assert.equal(actionAt(90), "keep");
  exchange.dequeue(90);
  assert.equal(actionAt(110), "keep");
  assert.equal(actionAt(111), "drop");
});

Deno.test("streams are counted as under way, and not as answers", () => {
  const { connection, ask } = newConnection();
  ask(0).hold(() => true);
  const exchange = ask(0);
  assert.deepEqual([connection.exchanges, connection.answers], [2, 1]);
  exchange.complete();
  assert.deepEqual([connection.exchanges, connection.answers], [1, 0]);
});

Deno.test("a connection without TLS to which the server writes first speaks HTTP/2 and is dropped", () => {
  const transferOf = () => ({ ...NOTHING, written: 55 });
  assert.equal(new Connection(0).judge(1, PATIENCE, transferOf).action, "drop");
  assert.equal(new Connection(0, true).judge(1, PATIENCE, transferOf).action, "keep");
});

Deno.test("a connection may send at most 64 KiB without a request", () => {
  const { connection, ask } = newConnection();
  let received = 65_536;
  const actionAt = (now: number) =>
    connection.judge(now, PATIENCE, () => ({ ...NOTHING, received })).action;
  assert.equal(actionAt(1), "keep");
  for (let now = 2; now < 10; now += 2) {
    const exchange = ask(now);
    received += 200_000;
    exchange.answer(now, { isUpgrade: false });
    assert.equal(actionAt(now), "keep");
    exchange.complete();
    assert.equal(actionAt(now + 1), "keep");
  }
  received += 65_537;
  assert.equal(actionAt(12), "drop");
});
