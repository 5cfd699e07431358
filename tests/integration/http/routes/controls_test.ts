import assert from "node:assert/strict";
import { CameraControls } from "../../../../src/camera_controls/camera_controls.ts";
import { movingClip } from "../../../support/clips.ts";
import { FakeCamera } from "../../../support/fake_camera.ts";
import { responseViolation } from "../../../support/openapi.ts";
import { recordingLog } from "../../../support/recording_log.ts";
import { ADMIN_TOKEN, startTestServer, type TestServer } from "../../../support/test_server.ts";

const BEARER = { authorization: `Bearer ${ADMIN_TOKEN}` };

async function ask(server: TestServer, path: string, body?: unknown, headers: object = BEARER) {
  const post = { method: "POST", body: JSON.stringify(body) };
  const response = await server.get(path, {
    headers: { ...headers, "content-type": "application/json" },
    ...(body === undefined ? {} : post),
  });
  const answer = await response.json();
  const method = body === undefined ? "get" : "post";
  assert.equal(responseViolation(path, method, response.status, answer), null);
  return { status: response.status, ...answer };
}

function valueOf(controls: readonly { name: string; value: number | null }[], name: string) {
  return controls.find((control) => control.name === name)?.value;
}

Deno.test("scripts with the token list the camera's controls, set one and reset all", async () => {
  await using camera = await FakeCamera.create({ clip: await movingClip() });
  using attached = camera.attach();
  const { library } = attached;
  const { device } = camera;
  const log = recordingLog();
  const controls = new CameraControls({ device: () => device, wanted: [], log, library });
  await using server = await startTestServer({ controls });

  const path = "/admin/controls";
  const setting = { name: "brightness", value: 7 };
  for (const [of, body] of [[path, undefined], [path, setting], [`${path}/reset`, {}]] as const) {
    assert.equal((await ask(server, of, body, {})).status, 401);
  }
  assert.deepEqual(await camera.controls(), {});

  const listed = await ask(server, path);
  assert.deepEqual([listed.status, listed.reason], [200, null]);
  assert.deepEqual(listed.controls[0], {
    id: 0x980900,
    name: "brightness",
    title: "Brightness",
    type: "int",
    min: 0,
    max: 255,
    step: 1,
    initial: 128,
    value: 128,
    menu: [],
    inactive: false,
    readOnly: false,
  });
  const set = await ask(server, path, setting);
  assert.deepEqual([set.status, set.ok, valueOf(set.controls, "brightness")], [200, true, 7]);
  assert.deepEqual(await camera.controls(), { brightness: 7 });

  const refused = await ask(server, path, { name: "brightness", value: 256 });
  assert.equal(refused.status, 409);
  assert.match(refused.detail, /^Camera control brightness must be a whole number from 0 to 255/);
  for (const value of [1.5, "7", null]) {
    assert.equal((await ask(server, path, { name: "brightness", value })).status, 400);
  }
  assert.deepEqual(await camera.controls(), { brightness: 7 });

  const reset = await ask(server, `${path}/reset`, {});
  assert.deepEqual([reset.status, valueOf(reset.controls, "brightness")], [200, 128]);
  assert.deepEqual(await camera.controls(), {});
});

Deno.test("a source without controls lists none and says why", async () => {
  await using server = await startTestServer();
  const reason = "Only a camera connected to this machine has controls";
  assert.deepEqual(await ask(server, "/admin/controls"), { status: 200, reason, controls: [] });
  const { status, detail } = await ask(server, "/admin/controls", { name: "gain", value: 1 });
  assert.deepEqual([status, detail], [409, reason]);
});
