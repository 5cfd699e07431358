import assert from "node:assert/strict";
import fc from "fast-check";
import { type Control, controlName, valueProblem } from "../../src/camera_controls/control.ts";

const BRIGHTNESS: Control = {
  id: 0x980900,
  name: "brightness",
  title: "Brightness",
  type: "int",
  min: -64,
  max: 255,
  step: 5,
  initial: 0,
  value: 0,
  menu: [],
  inactive: false,
  readOnly: false,
};

Deno.test("a control's name is v4l2-ctl's", () => {
  for (
    const [title, name] of [
      ["Brightness", "brightness"],
      ["White Balance, Automatic", "white_balance_automatic"],
      ["Exposure Time, Absolute", "exposure_time_absolute"],
      ["  LED1 -- Mode (new)", "led1_mode_new"],
      ["Zoom, Continuous!", "zoom_continuous"],
    ]
  ) assert.equal(controlName(title), name);
});

/** `name2var` of v4l2-ctl.cpp, of ASCII. */
function nameByV4l2Ctl(title: string): string {
  let name = "";
  let hasGap = false;
  for (const sign of title) {
    if (/[A-Za-z0-9]/.test(sign)) {
      name += (hasGap ? "_" : "") + sign.toLowerCase();
      hasGap = false;
    } else if (name !== "") hasGap = true;
  }
  return name;
}

Deno.test("whatever a control's title, its name is v4l2-ctl's", () => {
  fc.assert(fc.property(fc.string({ unit: "binary-ascii", maxLength: 32 }), (title) => {
    assert.equal(controlName(title), nameByV4l2Ctl(title));
  }));
});

Deno.test("a value is taken or refused with what the control takes", () => {
  const menu = [{ value: 1, label: "Manual Mode" }, { value: 3, label: "Aperture Priority Mode" }];
  const cases: [Partial<Control>, taken: number[], refused: number[], message: string | null][] = [
    [
      {},
      [-64, 0, 1, 255],
      [-65, 256],
      "Camera control brightness must be a whole number from -64 to 255: 256",
    ],
    [
      { type: "bool", min: 0, max: 1 },
      [0, 1],
      [-1, 2],
      "Camera control brightness must be 0 (off) or 1 (on): 2",
    ],
    [
      { type: "menu", min: 0, max: 3, menu },
      [1, 3],
      [-1, 4, 0, 2],
      "Camera control brightness must be 1 (Manual Mode), 3 (Aperture Priority Mode): 2",
    ],
    [
      { type: "bitmask", min: 0, max: 0x80000003 },
      [0, 1, 3, 0x80000000, 0x80000003],
      [-1, 2 ** 33 + 1, 4],
      "Camera control brightness must be bits of 0x80000003: 4",
    ],
    [{ type: "button", min: 0, max: 0 }, [0, 1, 7], [], null],
    [{ readOnly: true }, [], [0], "Camera control brightness is read-only"],
  ];
  for (const [change, taken, refused, message] of cases) {
    const control = { ...BRIGHTNESS, ...change };
    for (const value of taken) assert.equal(valueProblem(control, value), null, `${value}`);
    for (const value of refused) assert.notEqual(valueProblem(control, value), null, `${value}`);
    if (message !== null) assert.equal(valueProblem(control, refused.at(-1)!), message);
  }
});
