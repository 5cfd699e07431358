import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { makeSelfSigned } from "../../../src/tls/self_signed.ts";
import { temporaryFolder } from "../../store/temporary_folder.ts";
import { framesOf, movingClip } from "../../support/clips.ts";
import { HttpCamera, MULTIPART_HEAD, PART_HEAD } from "../../support/http_camera.ts";
import { measureMotionToMqtt } from "../../support/motion_to_mqtt.ts";
import { Broker, MOSQUITTO } from "../../support/mosquitto.ts";
import { startProgram } from "../../support/program.ts";
import { administer, stateOf } from "../../support/requests.ts";
import { until } from "../../support/until.ts";

const ignore = MOSQUITTO === null;

Deno.test({ name: "movement reaches a subscriber within half a second", ignore }, async () => {
  await using broker = await Broker.start();
  const address = `mqtt://127.0.0.1:${broker.port}/cam`;
  const { delays } = await measureMotionToMqtt(broker, address, 2);
  // events_bench.ts has the figure; here other tests run too.
  for (const delay of delays) assert(delay >= 0 && delay < 500, `${delay} ms`);
});

Deno.test({ name: "MQTT: TLS needs a certificate that the system trusts", ignore }, async () => {
  const tls = await makeSelfSigned({ hosts: ["localhost"], now: Date.now() });
  const user = { name: "me", password: "correct horse" };
  await using broker = await Broker.start({ tls, user });
  using folder = temporaryFolder();
  const file = `${folder.path}/ca.pem`;
  await Deno.writeTextFile(file, tls.cert);
  const args = ["--source=test", `--mqtt=mqtts://me:correct%20horse@localhost:${broker.port}/cam`];
  {
    await using program = await startProgram(args);
    await until("the reason", () => /cannot connect to mqtts/.test(program.output()));
    assert.match(program.output(), /its certificate is not trusted/);
    assert(!program.output().includes("horse"), program.output());
  }
  const env = { DENO_TLS_CA_STORE: "system", SSL_CERT_FILE: file };
  await using program = await startProgram(args, { env });
  await until("a connection", () => /MQTT: connected to mqtts/.test(program.output()));
  await using subscriber = await broker.subscribe("cam/#");
  await subscriber.next("cam/availability", "online");
  // The snapshot is a real one.
  await broker.publish("homeassistant/status", "online");
  const { payload } = await subscriber.next("cam/snapshot");
  assert.deepEqual([...payload.subarray(0, 3)], [0xff, 0xd8, 0xff]);
  assert(payload.length > 2_000 && payload.length < 100_000, `${payload.length} bytes`);
  await broker.publish("cam/on_air/set", "OFF");
  await subscriber.next("cam/on_air", "OFF");
  const state = await (await fetch(`${program.origin}/state`)).json();
  assert.equal(state.result.onAir, false);
  assert(!JSON.stringify(state).includes("horse"));
});

Deno.test("rotating the picture in the studio is no motion", async () => {
  const [frame] = await framesOf(await movingClip());
  await using camera = new HttpCamera(async (_, send) => {
    await send(MULTIPART_HEAD);
    for (;; await delay(50)) {
      await send(PART_HEAD);
      await send(frame!);
      await send("\r\n");
    }
  });
  await using program = await startProgram(["--source", `http://${camera.host}/video`]);
  await until("the camera", async () => (await stateOf(program)).live);
  const ending = new AbortController();
  const events = await fetch(`${program.origin}/events`, { signal: ending.signal });
  let heard = "";
  const listening = (async () => {
    for await (const text of events.body!.pipeThrough(new TextDecoderStream())) heard += text;
  })().catch(() => {});
  // Frames are watched from a second on.
  await delay(2_000);
  for (const rotate of [180, 0]) {
    await administer(program, "picture", { rotate, flip: false });
    await delay(3_000);
  }
  assert.doesNotMatch(heard, /motion/);
  // It listened all along.
  await administer(program, "on-air", { onAir: false });
  await until("the event", () => /off-air/.test(heard));
  ending.abort();
  await listening;
});
