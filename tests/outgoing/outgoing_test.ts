import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { MqttBridge } from "../../src/integrations/home_assistant/mqtt_bridge.ts";
import { readMqttAddress } from "../../src/integrations/mqtt_address.ts";
import { Webhook } from "../../src/integrations/webhook.ts";
import { HttpClient } from "../../src/outgoing/http_client.ts";
import { Outgoing, type OutgoingWorker } from "../../src/outgoing/outgoing.ts";
import type { ConnectionAnswer, ConnectionRequest } from "../../src/outgoing/worker.ts";
import { recordingLog } from "../support/recording_log.ts";
import { until } from "../support/until.ts";

const DEAD = "error: Cannot reach other servers any more: restart the program";
const REASON = "the thread that connects has ended: restart the program";
const HOST = { host: "192.0.2.1", port: 80, isSecure: false };

/** A thread in the test's hands. */
class FakeThread implements OutgoingWorker {
  onmessage: Worker["onmessage"] = null;
  onerror: Worker["onerror"] = null;
  readonly requests: ConnectionRequest[] = [];

  postMessage(request: ConnectionRequest): void {
    this.requests.push(request);
  }

  terminate(): void {}

  answer(answer: ConnectionAnswer): void {
    this.onmessage!.call(this as never, new MessageEvent("message", { data: answer }));
  }

  die(): void {
    this.onerror!.call(this as never, new ErrorEvent("error", { message: "out of memory" }));
  }
}

function setUp() {
  const worker = new FakeThread();
  const log = recordingLog();
  return { worker, log, outgoing: new Outgoing({ worker, names: null, log }) };
}

Deno.test("a thread that dies fails what waits for it and what comes later, and is logged once", async () => {
  const { worker, log, outgoing } = setUp();
  const { signal } = new AbortController();
  const opening = outgoing.connect(HOST, signal);
  await until("the request", () => worker.requests.length === 1);
  worker.answer({ id: worker.requests[0]!.id, result: null });
  const connection = await opening;
  const failing = [
    connection.read(),
    connection.write(new Uint8Array(1)),
    outgoing.connect(HOST, signal),
    outgoing.connect({ ...HOST, host: "hook.example" }, signal),
  ].map((promise) => assert.rejects(promise, { name: "OutgoingError", message: REASON }));
  await Promise.resolve();
  worker.die();
  await Promise.all(failing);
  await assert.rejects(outgoing.connect(HOST, signal), { message: REASON });
  connection.close();
  assert.deepEqual(log.lines, [DEAD]);
  outgoing[Symbol.dispose]();
});

Deno.test("the webhook says once that the thread has ended, and ends at once", async () => {
  const { worker, log, outgoing } = setUp();
  using client = new HttpClient(outgoing);
  const url = new URL("http://192.0.2.1/hook");
  const webhook = new Webhook({ url, secret: null, client, log });
  webhook.post({ id: "a-1", at: 1, type: "on-air" });
  await until("the request", () => worker.requests.length === 1);
  worker.die();
  webhook.post({ id: "a-2", at: 2, type: "off-air" });
  // It tries again after a second.
  await delay(1_500);
  assert.deepEqual(log.lines, [DEAD, `warn: Webhook: events cannot be delivered: ${REASON}`]);
  const begin = performance.now();
  await webhook[Symbol.asyncDispose]();
  assert.ok(performance.now() - begin < 500);
});

Deno.test("MQTT says once that the thread has ended, and ends at once", async () => {
  const { worker, log, outgoing } = setUp();
  const bridge = new MqttBridge({
    address: readMqttAddress("mqtt://192.0.2.1/cam")!,
    connector: outgoing,
    channel: {
      title: () => "Tea",
      isOnAir: () => true,
      setOnAir() {},
      isMoving: () => false,
      viewers: () => 0,
      snapshot: () => Promise.resolve(null),
    },
    device: () => ({ id: "abcdef012345", version: "1.2.3", url: null }),
    log,
  });
  await until("the request", () => worker.requests.length === 1);
  worker.die();
  await delay(1_500);
  bridge.take({ id: "a-1", at: 1, type: "on-air" });
  assert.deepEqual(log.lines, [
    DEAD,
    `warn: MQTT: cannot connect to mqtt://192.0.2.1:1883: ${REASON}`,
  ]);
  const begin = performance.now();
  await bridge[Symbol.asyncDispose]();
  assert.ok(performance.now() - begin < 500);
});
