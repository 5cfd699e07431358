import assert from "node:assert/strict";
import { Connection, Exchange, type Patience } from "../../src/connections/connection.ts";

const PATIENCE: Patience = { header: 10, answer: 20, response: 100, farewell: 2, idle: 50 };

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

Deno.test("a connection whose answer is not taken in time is dropped", () => {
  const { actionAt, ask } = newConnection();
  ask(5).answer(15, { isUpgrade: false });
  assert.equal(actionAt(115), "keep");
  assert.equal(actionAt(116), "drop");
});

Deno.test("a connection that asks nothing more is closed when it was idle for its time", () => {
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

Deno.test("a connection that asks again is not idle", () => {
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

Deno.test("a connection whose stream was taken to the end may ask for something else", () => {
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

Deno.test("a WebSocket may send no more than 64 KiB that is no whole message yet", () => {
  const { connection, ask } = newConnection();
  let messages = 0, received: number | null = 0;
  const actionAt = (now: number) => connection.judge(now, PATIENCE, () => received).action;
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

Deno.test("a stream's client may have sent any number of bytes", () => {
  const { connection, ask } = newConnection();
  ask(0).hold(() => true);
  assert.equal(connection.judge(1, PATIENCE, () => 1e9).action, "keep");
});
