import assert from "node:assert/strict";
import { setImmediate } from "node:timers";
import { CameraControls } from "../../../src/camera_controls/camera_controls.ts";
import type { Control, ControlSetting } from "../../../src/camera_controls/control.ts";
import { UserError } from "../../../src/errors.ts";
import { movingClip } from "../../support/clips.ts";
import { FakeCamera } from "../../support/fake_camera.ts";
import { recordingLog } from "../../support/recording_log.ts";

interface Stage extends AsyncDisposable {
  readonly camera: FakeCamera;
  readonly controls: CameraControls;
  readonly log: readonly string[];
  /** The C library whose calls reach the camera. */
  readonly library: string;
  /** What the source is; the camera at first. */
  source: string | null;
  /** Lets the source start or stop, and waits until what follows of it is done. */
  stream(isStreaming: boolean): Promise<void>;
}

/** Controls of a fake camera, by the system calls of its own library. */
async function stage(...wanted: ControlSetting[]): Promise<Stage> {
  const camera = await FakeCamera.create({ clip: await movingClip() });
  const attached = camera.attach();
  const { library } = attached;
  const log = recordingLog();
  const made: Stage = {
    camera,
    source: camera.device,
    log: log.lines,
    library,
    controls: new CameraControls({ device: () => made.source, wanted, log, library }),
    async stream(isStreaming) {
      made.controls.follow(isStreaming);
      await made.controls.list();
    },
    async [Symbol.asyncDispose]() {
      attached[Symbol.dispose]();
      await camera[Symbol.asyncDispose]();
    },
  };
  return made;
}

async function refusal(action: Promise<unknown>): Promise<string> {
  const error = await action.then(() => null, (error) => error);
  assert.ok(error instanceof UserError, String(error));
  assert.doesNotMatch(error.message, /\n|\.$/);
  return error.message;
}

function find(controls: readonly Control[], name: string): Control {
  return controls.find((control) => control.name === name)!;
}

/** A control as `v4l2-ctl --list-ctrls-menus` prints it, less what it says of flags that nobody needs. */
function asV4l2Ctl(control: Control): string {
  const { id, name, type, min, max, step, initial, value, menu, inactive, readOnly } = control;
  const hex = (number: number, digits = 0) => `0x${number.toString(16).padStart(digits, "0")}`;
  const label = menu.find((item) => item.value === value)?.label;
  const range: Record<Control["type"], string> = {
    int: `min=${min} max=${max} step=${step} default=${initial} value=${value}`,
    bool: `default=${initial} value=${value}`,
    menu: `min=${min} max=${max} default=${initial} value=${value} (${label})`,
    intmenu: `min=${min} max=${max} default=${initial} value=${value} (${label} ${
      hex(Number(label))
    })`,
    bitmask: `max=${hex(max, 8)} default=${hex(initial, 8)} value=${value}`,
    button: `value=${value ?? 0}`,
  };
  const flags = [readOnly && "read-only", inactive && "inactive"].filter(Boolean).join(", ");
  const head = `${name.padStart(31)} ${hex(id, 8)} ${`(${type})`.padEnd(9)}: ${range[type]}`;
  const lines = menu.map((item) =>
    `\t\t\t\t${item.value}: ${item.label}` +
    (type === "intmenu" ? ` (${hex(Number(item.label))})` : "")
  );
  return [head.trimEnd() + (flags && ` flags=${flags}`), ...lines].join("\n");
}

/**
 * What v4l2-ctl 1.22 prints of the fake camera, less its headings, its 64-bit integer and its text,
 * and less the flags update, slider, write-only and execute-on-write.
 */
const LISTED_BY_V4L2_CTL = `\
                     brightness 0x00980900 (int)    : min=0 max=255 step=1 default=128 value=128
                       contrast 0x00980901 (int)    : min=-64 max=64 step=2 default=0 value=0
        white_balance_automatic 0x0098090c (bool)   : default=1 value=1
                           gain 0x00980913 (int)    : min=0 max=255 step=1 default=0 value=0 flags=read-only
           power_line_frequency 0x00980918 (menu)   : min=0 max=2 default=2 value=2 (60 Hz)
				0: Disabled
				1: 50 Hz
				2: 60 Hz
      white_balance_temperature 0x0098091a (int)    : min=2000 max=6500 step=10 default=4000 value=4000 flags=inactive
                           leds 0x00981900 (bitmask): max=0x80000003 default=0x00000001 value=1
                       bit_rate 0x00981901 (intmenu): min=0 max=2 default=1 value=1 (2000000 0x1e8480)
				0: 1000000 (0xf4240)
				1: 2000000 (0x1e8480)
				2: 8000000000 (0x1dcd65000)
                  auto_exposure 0x009a0901 (menu)   : min=0 max=3 default=3 value=3 (Aperture Priority Mode)
				1: Manual Mode
				3: Aperture Priority Mode
         exposure_time_absolute 0x009a0902 (int)    : min=3 max=2047 step=1 default=250 value=250 flags=inactive
                      pan_reset 0x009a0906 (button) : value=0
                   pan_absolute 0x009a0908 (int)    : min=-36000 max=36000 step=3600 default=0 value=0`;

Deno.test("controls are those that v4l2-ctl lists", async () => {
  await using stages = await stage();
  const { reason, controls } = await stages.controls.list();
  assert.equal(reason, null);
  assert.equal(controls.map(asV4l2Ctl).join("\n"), LISTED_BY_V4L2_CTL);
  assert.equal(find(controls, "white_balance_automatic").title, "White Balance, Automatic");
});

Deno.test("the event loop goes on while a camera answers", async () => {
  await using stages = await stage();
  let turns = 0;
  let isListing = true;
  const listed = stages.controls.list().finally(() => isListing = false);
  while (isListing) {
    await new Promise((resolve) => setImmediate(resolve));
    turns++;
  }
  const { controls } = await listed;
  // One at least for each call of the system.
  assert.ok(turns > controls.length, `${turns} turns`);
});

Deno.test("each type of control is set, and the list shows the result", async () => {
  await using stages = await stage();
  const { camera, controls } = stages;
  const settings = {
    brightness: 7,
    contrast: -64,
    white_balance_automatic: 0,
    power_line_frequency: 1,
    leds: 0x80000002,
    bit_rate: 2,
    auto_exposure: 1,
    pan_absolute: -7200,
  };
  let listed: readonly Control[] = [];
  for (const [name, value] of Object.entries(settings)) {
    ({ controls: listed } = await controls.set({ name, value }));
    assert.equal(find(listed, name).value, value);
  }
  assert.deepEqual(await camera.controls(), settings);
  // What was inactive before is not any more, and can be set.
  assert.equal(find(listed, "exposure_time_absolute").inactive, false);
  const { controls: exposed } = await controls.set({ name: "exposure_time_absolute", value: 9 });
  assert.equal(find(exposed, "exposure_time_absolute").value, 9);
  // Steps are the driver's to keep.
  const { controls: stepped } = await controls.set({ name: "contrast", value: -33 });
  assert.equal(find(stepped, "contrast").value, -32);
});

Deno.test("a button is pressed once, and not again when the camera comes back", async () => {
  await using stages = await stage();
  await stages.stream(true);
  await stages.controls.set({ name: "pan_reset", value: 1 });
  await stages.stream(false);
  await stages.stream(true);
  assert.deepEqual(await stages.camera.controls(), { pan_reset: 1 });
});

Deno.test("an invalid control or value is refused with the valid ones, and changes nothing", async () => {
  await using stages = await stage();
  const { camera, controls } = stages;
  const refused = (name: string, value: number) => refusal(controls.set({ name, value }));
  assert.equal(
    await refused("brightnes", 1),
    'Unknown camera control "brightnes". Available: brightness, contrast, ' +
      "white_balance_automatic, gain, power_line_frequency, white_balance_temperature, leds, " +
      "bit_rate, auto_exposure, exposure_time_absolute, pan_reset, pan_absolute",
  );
  assert.match(await refused("hue", 1), /^Unknown camera control "hue"/);
  assert.equal(
    await refused("brightness", 256),
    "Camera control brightness must be a whole number from 0 to 255: 256",
  );
  assert.match(await refused("auto_exposure", 2), /must be 1 \(Manual Mode\), 3 \(Aperture/);
  assert.equal(await refused("gain", 1), "Camera control gain is read-only");
  assert.equal(
    await refused("exposure_time_absolute", 9),
    "Camera control exposure_time_absolute is inactive: " +
      "turn off the automatic control that overrides it",
  );
  assert.deepEqual(await camera.controls(), {});
});

Deno.test("--control is set when the camera streams, in any order, and again when it was unplugged", async () => {
  await using stages = await stage(
    { name: "exposure_time_absolute", value: 99 },
    { name: "brightness", value: 1 },
    { name: "auto_exposure", value: 1 },
    { name: "brightness", value: 200 },
  );
  const { camera } = stages;
  const wanted = { auto_exposure: 1, brightness: 200, exposure_time_absolute: 99 };
  assert.deepEqual(await camera.controls(), {});
  await stages.stream(true);
  assert.deepEqual(await camera.controls(), wanted);
  assert.deepEqual(stages.log, [
    "info: Camera controls set: brightness=200, auto_exposure=1, exposure_time_absolute=99",
  ]);

  await camera.unplug();
  await stages.stream(false);
  await camera.plugIn();
  assert.deepEqual(await camera.controls(), {});
  await stages.stream(true);
  assert.deepEqual(await camera.controls(), wanted);
});

Deno.test("--control logs a warning for each control or value that the camera lacks, and sets the rest", async () => {
  await using stages = await stage(
    { name: "brightnes", value: 1 },
    { name: "brightness", value: 300 },
    { name: "exposure_time_absolute", value: 9 },
    { name: "contrast", value: 10 },
  );
  await stages.stream(true);
  assert.deepEqual(await stages.camera.controls(), { contrast: 10 });
  const [info, ...warnings] = stages.log;
  assert.equal(info, "info: Camera controls set: contrast=10");
  assert.equal(warnings.length, 3);
  assert.match(warnings[0], /^warn: Unknown camera control "brightnes"\. .* \(--control\)$/);
  assert.match(warnings[1], /^warn: .* from 0 to 255: 300 \(--control\)$/);
  assert.match(warnings[2], /^warn: .* exposure_time_absolute is inactive: .* \(--control\)$/);
});

Deno.test("the streamer's changes override --control, last, and belong to that camera only", async () => {
  await using stages = await stage({ name: "brightness", value: 200 }, {
    name: "contrast",
    value: 2,
  });
  const { camera, controls } = stages;
  await stages.stream(true);
  await controls.set({ name: "brightness", value: 50 });
  await controls.set({ name: "auto_exposure", value: 1 });
  await controls.set({ name: "exposure_time_absolute", value: 9 });
  await controls.set({ name: "auto_exposure", value: 3 });
  await stages.stream(false);
  await camera.setControls({});
  await stages.stream(true);
  assert.deepEqual(await camera.controls(), { brightness: 50, contrast: 2 });
  // That an automatic control makes a change of before inactive is nothing to warn of.
  assert.deepEqual(stages.log.filter((line) => line.startsWith("warn")), []);

  Deno.env.set("FAKECAM_BUS", "usb-2");
  await camera.setControls({});
  stages.source = null;
  await stages.stream(true);
  stages.source = camera.device;
  await stages.stream(true);
  assert.deepEqual(await camera.controls(), { brightness: 200, contrast: 2 });
  Deno.env.delete("FAKECAM_BUS");
});

Deno.test("reset gives each control its default, and they stay so when the camera comes back", async () => {
  await using stages = await stage({ name: "brightness", value: 200 });
  const { camera, controls } = stages;
  await stages.stream(true);
  await controls.set({ name: "auto_exposure", value: 1 });
  await controls.set({ name: "exposure_time_absolute", value: 9 });
  await camera.setControls({ ...await camera.controls(), pan_absolute: 3600 });
  const { controls: listed } = await controls.reset();
  assert.deepEqual(await camera.controls(), {});
  assert.equal(find(listed, "exposure_time_absolute").inactive, true);
  await stages.stream(false);
  await stages.stream(true);
  assert.deepEqual(await camera.controls(), {});
});

Deno.test("controls changed by another program show in the next list", async () => {
  await using stages = await stage();
  await stages.camera.setControls({ brightness: 3, auto_exposure: 1 });
  const { controls } = await stages.controls.list();
  assert.equal(find(controls, "brightness").value, 3);
  assert.equal(find(controls, "exposure_time_absolute").inactive, false);
});

Deno.test("a source without controls says why, and --control logs one warning", async () => {
  await using stages = await stage({ name: "brightness", value: 1 });
  const { camera, controls } = stages;
  stages.source = null;
  const none = "Only a camera connected to this machine has controls";
  assert.deepEqual(await controls.list(), { reason: none, controls: [] });
  assert.equal(await refusal(controls.set({ name: "brightness", value: 1 })), none);
  assert.equal(await refusal(controls.reset()), none);
  await stages.stream(true);
  await stages.stream(true);
  assert.deepEqual(stages.log, [`warn: ${none} (--control)`]);

  stages.source = camera.device;
  await camera.unplug();
  const { reason } = await controls.list();
  assert.equal(
    reason,
    `Cannot open ${camera.device} to read its controls: it is not connected, or you have no permission`,
  );
  await camera.plugIn();
  const bare = Deno.env.get("FAKECAM_CONTROLS")!;
  Deno.env.delete("FAKECAM_CONTROLS");
  assert.equal((await controls.list()).reason, "This camera has no controls");
  assert.equal(
    await refusal(controls.set({ name: "brightness", value: 1 })),
    "This camera has no controls",
  );
  Deno.env.set("FAKECAM_CONTROLS", bare);
});

Deno.test("a driver that does not answer blocks neither other sources nor more threads", async () => {
  await using stages = await stage();
  const { camera } = stages;
  const values = Deno.env.get("FAKECAM_CONTROLS")!;
  const pipe = `${values}.pipe`;
  // The fake camera reads its values from it, and so waits for a writer.
  await new Deno.Command("mkfifo", { args: [pipe] }).output();
  let source: string | null = camera.device;
  const { library } = stages;
  const controls = new CameraControls({
    ...{ device: () => source, wanted: [], log: recordingLog(), library, answerMs: 300 },
  });
  Deno.env.set("FAKECAM_CONTROLS", pipe);
  const silent = controls.list();
  await new Promise((resolve) => setImmediate(resolve));
  source = null;
  const next = controls.list();
  assert.match((await silent).reason ?? "", /^The camera does not respond/);
  assert.match((await next).reason ?? "", /^Only a camera connected to this machine/);
  source = camera.device;
  for (let again = 0; again < 2; again++) {
    const before = performance.now();
    assert.match((await controls.list()).reason ?? "", /^The camera does not respond/);
    assert.ok(performance.now() - before < 200, "it is not asked again");
  }
  const writer = await Deno.open(pipe, { write: true });
  await Deno.remove(pipe);
  await Deno.writeTextFile(pipe, "");
  writer.close();
  while ((await controls.list()).reason !== null) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Deno.remove(pipe);
  Deno.env.set("FAKECAM_CONTROLS", values);
});

for (const system of ["darwin", "windows"] as const) {
  Deno.test(`on ${system} controls are said to be unavailable`, async () => {
    const log = recordingLog();
    const wanted = [{ name: "brightness", value: 1 }];
    const controls = new CameraControls({ device: () => "0", wanted, log, system });
    const reason = "Camera controls are only available on Linux";
    controls.follow(true);
    assert.deepEqual(await controls.list(), { reason, controls: [] });
    assert.deepEqual(log.lines, [`warn: ${reason} (--control)`]);
  });
}
