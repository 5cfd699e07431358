import assert from "node:assert/strict";
import { MqttBridge } from "../../../src/integrations/home_assistant/mqtt_bridge.ts";
import { readMqttAddress } from "../../../src/integrations/mqtt_address.ts";
import { startOutgoing } from "../../../src/outgoing/outgoing.ts";
import { Broker, MOSQUITTO, type Subscriber } from "../../support/mosquitto.ts";
import { recordingLog } from "../../support/recording_log.ts";
import { until } from "../../support/until.ts";

const ignore = MOSQUITTO === null;
const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xd9]);
const AVAILABILITY = "cam/availability";

/** Bridges a channel in the test's hands to this broker. */
function bridge(address: string) {
  const log = recordingLog();
  const outgoing = startOutgoing(log);
  const state = { title: "Tea", onAir: true, moving: false, viewers: 0 };
  const commands: boolean[] = [];
  const running = new MqttBridge({
    address: readMqttAddress(address)!,
    connector: outgoing,
    channel: {
      title: () => state.title,
      isOnAir: () => state.onAir,
      setOnAir(isOnAir) {
        commands.push(isOnAir);
        state.onAir = isOnAir;
      },
      isMoving: () => state.moving,
      viewers: () => state.viewers,
      snapshot: () => Promise.resolve(JPEG),
    },
    device: () => ({ id: "abcdef012345", version: "1.2.3", url: "http://10.0.0.5:8081/" }),
    log,
  });
  const ticker = setInterval(() => running.tick(), 50);
  return {
    ...{ bridge: running, state, commands, log },
    async [Symbol.asyncDispose]() {
      clearInterval(ticker);
      await running[Symbol.asyncDispose]();
      outgoing[Symbol.dispose]();
    },
  };
}

/** The newest text of each retained topic. */
function stateAt({ messages }: Subscriber): Record<string, string> {
  return Object.fromEntries(messages.map(({ topic, text }) => [topic, text]));
}

Deno.test({ name: "MQTT: Home Assistant discovers all entities", ignore }, async () => {
  await using broker = await Broker.start();
  await using run = bridge(`mqtt://127.0.0.1:${broker.port}/cam`);
  await using early = await broker.subscribe("cam/#");
  await early.next("cam/viewers");
  await using late = await broker.subscribe("homeassistant/#", "cam/#");
  for (const component of ["binary_sensor/*/motion", "sensor/*/viewers", "switch/*/on_air"]) {
    const topic = `homeassistant/${component.replace("*", "livestream_abcdef012345")}/config`;
    const { text, isRetained } = await late.next(topic);
    assert(isRetained, topic);
    const config = JSON.parse(text);
    const state = await late.next(config.state_topic);
    assert(state.isRetained);
    assert.equal(config.availability_topic, AVAILABILITY);
    assert.match(config.unique_id, /^livestream_abcdef012345_/);
    assert.deepEqual(config.device.identifiers, ["livestream_abcdef012345"]);
    assert.equal(config.device.name, "Tea");
  }
  const camera = JSON.parse(
    (await late.next("homeassistant/camera/livestream_abcdef012345/snapshot/config")).text,
  );
  assert.equal(camera.topic, "cam/snapshot");
  run.state.title = "Coffee";
  await until(
    "the new title",
    () => late.messages.some(({ topic, text }) => /config$/.test(topic) && text.includes("Coffee")),
  );
});

Deno.test({ name: "MQTT: states, events and snapshots are published", ignore }, async () => {
  await using broker = await Broker.start();
  await using subscriber = await broker.subscribe("cam/#");
  await using run = bridge(`mqtt://127.0.0.1:${broker.port}/cam`);
  await subscriber.next(AVAILABILITY, "online");
  assert.deepEqual((await subscriber.next("cam/snapshot")).payload, JPEG);
  await subscriber.next("cam/motion", "OFF");
  const from = subscriber.messages.length;
  run.state.moving = true;
  run.bridge.take({ id: "a-1", at: 5, type: "motion-begin" });
  await subscriber.next("cam/motion", "ON", from);
  await subscriber.next("cam/snapshot", undefined, from);
  assert.deepEqual(JSON.parse((await subscriber.next("cam/event")).text), {
    ...{ id: "a-1", at: 5, type: "motion-begin" },
  });
  run.state.moving = false;
  await subscriber.next("cam/motion", "OFF", from);
  run.state.viewers = 3;
  await subscriber.next("cam/viewers", "3");
  // No picture stays at the broker.
  await using late = await broker.subscribe("cam/#");
  await late.next("cam/viewers", "3");
  assert.equal(stateAt(late)["cam/snapshot"], undefined);
});

Deno.test(
  { name: "MQTT: the switch works both ways; kept commands are ignored", ignore },
  async () => {
    await using broker = await Broker.start();
    await broker.publish("cam/on_air/set", "OFF", "-r");
    await using subscriber = await broker.subscribe("cam/on_air");
    await using run = bridge(`mqtt://127.0.0.1:${broker.port}/cam`);
    await subscriber.next("cam/on_air", "ON");
    await until("the kept command", () => run.log.lines.some((line) => /had kept/.test(line)));
    assert.deepEqual(run.commands, []);
    const from = subscriber.messages.length;
    await broker.publish("cam/on_air/set", "OFF");
    await subscriber.next("cam/on_air", "OFF", from);
    await broker.publish("cam/on_air/set", "toggle");
    await broker.publish("cam/on_air/set", "ON");
    await subscriber.next("cam/on_air", "ON", from);
    assert.deepEqual(run.commands, [false, true]);
  },
);

Deno.test({ name: "MQTT: all is published again when Home Assistant starts", ignore }, async () => {
  await using broker = await Broker.start();
  await using subscriber = await broker.subscribe("cam/#", "homeassistant/+/+/+/config");
  await using run = bridge(`mqtt://127.0.0.1:${broker.port}/cam`);
  await subscriber.next("cam/snapshot");
  assert.equal(run.commands.length, 0);
  const from = subscriber.messages.length;
  await broker.publish("homeassistant/status", "online");
  await subscriber.next(AVAILABILITY, "online", from);
  await subscriber.next("cam/viewers", "0", from);
  await subscriber.next("cam/snapshot", undefined, from);
  await subscriber.next(
    "homeassistant/switch/livestream_abcdef012345/on_air/config",
    undefined,
    from,
  );
});

Deno.test(
  { name: "MQTT: a broker that ends is found again; the will says offline", ignore },
  async () => {
    await using broker = await Broker.start();
    {
      await using run = bridge(`mqtt://127.0.0.1:${broker.port}/cam`);
      await using before = await broker.subscribe("cam/#");
      await before.next(AVAILABILITY, "online");
      await broker.kill();
      await until("the loss", () => run.log.lines.some((line) => /^warn: MQTT: lost/.test(line)));
      await broker.restart();
      await using after = await broker.subscribe("cam/#");
      await after.next(AVAILABILITY, "online");
      await after.next("cam/motion", "OFF");
    }
    // It said goodbye.
    await using late = await broker.subscribe("cam/#");
    await late.next(AVAILABILITY, "offline");
  },
);

Deno.test({ name: "MQTT: a wrong password is said in words, without it", ignore }, async () => {
  const user = { name: "me", password: "correct horse" };
  await using broker = await Broker.start({ user });
  await using run = bridge(`mqtt://me:wrong-pass@127.0.0.1:${broker.port}/cam`);
  await until("the reason", () => run.log.lines.length > 0);
  assert.match(
    run.log.lines[0]!,
    /^warn: MQTT: cannot connect to mqtt:\/\/127\.0\.0\.1:\d+: (wrong user|not authorized)/,
  );
  assert(!JSON.stringify([run.log.lines, run.log.fields]).includes("wrong-pass"));
  await using right = bridge(`mqtt://me:correct%20horse@127.0.0.1:${broker.port}/cam`);
  await until("a connection", () => right.log.lines.some((line) => /connected/.test(line)));
});

Deno.test({ name: "MQTT: a server that is no broker is said in words", ignore }, async () => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response(),
  );
  await using run = bridge(`mqtt://127.0.0.1:${server.addr.port}`);
  await until("the reason", () => run.log.lines.length > 0);
  assert.match(run.log.lines[0]!, /does not speak MQTT|closed the connection/);
  await server.shutdown();
});
