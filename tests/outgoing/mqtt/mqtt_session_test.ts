import assert from "node:assert/strict";
import type { Connection } from "../../../src/outgoing/connection.ts";
import { MqttSession } from "../../../src/outgoing/mqtt/mqtt_session.ts";
import { FakeTime } from "../../support/fake_time.ts";

const OPTIONS = {
  destination: { host: "192.0.2.1", port: 1883, isSecure: false },
  ...{ clientId: "a", user: null, password: null },
  will: { topic: "a/b", payload: new Uint8Array(), retain: true },
};

/** CONNACK that accepts. */
const WELCOME = new Uint8Array([0x20, 2, 0, 0]);

/** A connection to a broker that greets, and reads nothing after that. */
function stuckBroker(): Connection & { readonly isClosed: boolean } {
  const closing = Promise.withResolvers<null>();
  let writes = 0;
  let reads = 0;
  let isClosed = false;
  return {
    get isClosed() {
      return isClosed;
    },
    read: () => reads++ === 0 ? Promise.resolve(WELCOME.slice()) : closing.promise,
    write: () => writes++ === 0 ? Promise.resolve() : new Promise(() => {}),
    close() {
      isClosed = true;
      closing.resolve(null);
    },
  };
}

Deno.test("an MQTT session ends soon although the broker reads nothing", async () => {
  const connection = stuckBroker();
  const connector = { connect: () => Promise.resolve(connection) };
  const session = await MqttSession.open(connector, OPTIONS, new AbortController().signal);
  const begin = performance.now();
  await session.close();
  assert.ok(performance.now() - begin < 3_000);
  assert.ok(connection.isClosed);
  assert.equal(await session.ended, "closed");
});

Deno.test("an MQTT session ends if more waits than a broker may leave unread", async () => {
  const connection = stuckBroker();
  const connector = { connect: () => Promise.resolve(connection) };
  const session = await MqttSession.open(connector, OPTIONS, new AbortController().signal);
  for (let i = 0; i < 50; i++) {
    void session.publish({ topic: "a", payload: new Uint8Array(100_000), retain: false });
  }
  assert.equal(await session.ended, "it takes nothing");
  assert.ok(connection.isClosed);
});

Deno.test("an MQTT session ends if a broker leaves a thousand messages unacknowledged", async () => {
  const broker = stuckBroker();
  const connection = { ...broker, write: () => Promise.resolve() };
  const connector = { connect: () => Promise.resolve(connection) };
  const session = await MqttSession.open(connector, OPTIONS, new AbortController().signal);
  const publish = () =>
    void session.publish({ topic: "a", payload: new Uint8Array(), retain: true });
  for (let i = 0; i < 1_000; i++) publish();
  assert.ok(!broker.isClosed);
  // There would be no number for the last of these.
  for (let i = 0; i < 0x10000; i++) publish();
  assert.ok(broker.isClosed);
  assert.equal(await session.ended, "it acknowledges nothing");
});

for (
  const [what, end, reason] of [
    ["for ten seconds", ({ time }) => time.tick(10_000), "no answer"],
    ["until the program ends", ({ ending }) => ending.abort(), "no answer"],
    ["until the broker leaves", ({ broker }) => broker.close(), "it closed the connection"],
  ] satisfies [string, (given: Silent) => void, string][]
) {
  Deno.test(`an MQTT subscription is awaited ${what}`, async () => {
    using time = new FakeTime();
    const broker = stuckBroker();
    const ending = new AbortController();
    const connector = { connect: () => Promise.resolve(broker) };
    const session = await MqttSession.open(connector, OPTIONS, ending.signal);
    const subscribing = assert.rejects(session.subscribe(["a"], ending.signal), {
      ...{ name: "OutgoingError", message: reason },
    });
    end({ time, ending, broker });
    await subscribing;
    assert.equal(await session.ended, reason);
    assert.ok(broker.isClosed);
    assert.equal(time.timers, 0);
  });
}

/** A broker that does not confirm a subscription. */
interface Silent {
  readonly time: FakeTime;
  readonly ending: AbortController;
  readonly broker: Connection;
}
