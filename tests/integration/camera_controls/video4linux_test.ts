import assert from "node:assert/strict";
import fc from "fast-check";
import {
  controlValue,
  emptyCapability,
  FLAG,
  menuQuery,
  NEXT_CONTROL,
  queryAfter,
  readCapability,
  readControlValue,
  readMenuLabel,
  readQuery,
  TYPE,
  VIDIOC_G_CTRL,
  VIDIOC_QUERY_EXT_CTRL,
  VIDIOC_QUERYCAP,
  VIDIOC_QUERYMENU,
  VIDIOC_S_CTRL,
} from "../../../src/camera_controls/video4linux.ts";

/** Has the C compiler, which reads the kernel's own header, print a program's output. */
async function outputOfC(body: string): Promise<Uint8Array<ArrayBuffer>> {
  const folder = await Deno.makeTempDir({ prefix: "video4linux_" });
  try {
    const source = `#include <stdio.h>
#include <string.h>
#include <linux/videodev2.h>
#define NUMBER(name) printf("%s %llu\\n", #name, (unsigned long long)(name))
#define BYTES(it) fwrite(&(it), sizeof(it), 1, stdout)
int main(void) { ${body} return 0; }`;
    await Deno.writeTextFile(`${folder}/it.c`, source);
    const cc = await new Deno.Command("cc", { args: ["-o", `${folder}/it`, `${folder}/it.c`] })
      .output();
    assert.ok(cc.success, new TextDecoder().decode(cc.stderr));
    return (await new Deno.Command(`${folder}/it`).output()).stdout as Uint8Array<ArrayBuffer>;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("numbers of requests, types and flags are those of linux/videodev2.h", async () => {
  const ours = {
    VIDIOC_QUERYCAP,
    VIDIOC_G_CTRL,
    VIDIOC_S_CTRL,
    VIDIOC_QUERYMENU,
    VIDIOC_QUERY_EXT_CTRL,
    V4L2_CTRL_FLAG_NEXT_CTRL: NEXT_CONTROL,
    V4L2_CTRL_TYPE_INTEGER: TYPE.int,
    V4L2_CTRL_TYPE_BOOLEAN: TYPE.bool,
    V4L2_CTRL_TYPE_MENU: TYPE.menu,
    V4L2_CTRL_TYPE_BUTTON: TYPE.button,
    V4L2_CTRL_TYPE_BITMASK: TYPE.bitmask,
    V4L2_CTRL_TYPE_INTEGER_MENU: TYPE.intmenu,
    V4L2_CTRL_FLAG_DISABLED: FLAG.disabled,
    V4L2_CTRL_FLAG_GRABBED: FLAG.grabbed,
    V4L2_CTRL_FLAG_READ_ONLY: FLAG.readOnly,
    V4L2_CTRL_FLAG_INACTIVE: FLAG.inactive,
    V4L2_CTRL_FLAG_WRITE_ONLY: FLAG.writeOnly,
  };
  const lines = Object.entries(ours).map(([name, number]) => `${name} ${number}`);
  const printed = await outputOfC(Object.keys(ours).map((name) => `NUMBER(${name});`).join(""));
  assert.deepEqual(new TextDecoder().decode(printed).trim().split("\n"), lines);
});

Deno.test("what the kernel fills in is read from the right places", async () => {
  const query = await outputOfC(`struct v4l2_query_ext_ctrl q;
    memset(&q, 0xee, sizeof q);
    q.id = 0x9a0908; q.type = 1; strcpy(q.name, "Pan, Absolute"); q.minimum = -36000; q.maximum = 1LL << 40;
    q.step = 3600; q.default_value = -7; q.flags = V4L2_CTRL_FLAG_INACTIVE;
    BYTES(q);`);
  assert.deepEqual(readQuery(query), {
    id: 0x9a0908,
    type: 1,
    name: "Pan, Absolute",
    minimum: -36000,
    maximum: 2 ** 40,
    step: 3600,
    initial: -7,
    flags: FLAG.inactive,
  });
  const menu = await outputOfC(`struct v4l2_querymenu m;
    memset(&m, 0xee, sizeof m); memset(m.name, 'x', sizeof m.name);
    BYTES(m);`);
  assert.equal(readMenuLabel(menu, TYPE.menu), "x".repeat(32));
  const number = await outputOfC(`struct v4l2_querymenu m;
    memset(&m, 0xee, sizeof m); m.value = -8000000000LL;
    BYTES(m);`);
  assert.equal(readMenuLabel(number, TYPE.intmenu), "-8000000000");
  const capability = await outputOfC(`struct v4l2_capability c;
    memset(&c, 0xee, sizeof c); strcpy((char *)c.card, "HD Webcam"); strcpy((char *)c.bus_info, "usb-1.2");
    BYTES(c);`);
  assert.equal(capability.length, emptyCapability().length);
  assert.deepEqual(readCapability(capability), { card: "HD Webcam", bus: "usb-1.2" });
});

Deno.test("what the kernel is given is what C would give it", async () => {
  const expected = await outputOfC(`struct v4l2_query_ext_ctrl q; memset(&q, 0, sizeof q);
    struct v4l2_querymenu m; memset(&m, 0, sizeof m); struct v4l2_control c;
    q.id = 0x980900 | V4L2_CTRL_FLAG_NEXT_CTRL; m.id = 0x980918; m.index = 2; c.id = 0x9a0902; c.value = -3;
    BYTES(q); BYTES(m); BYTES(c);`);
  const ours = [queryAfter(0x980900), menuQuery(0x980918, 2), controlValue(0x9a0902, -3)];
  assert.deepEqual(ours.flatMap((bytes) => [...bytes]), [...expected]);
});

Deno.test("every value of 32 bits comes back as it was given", () => {
  fc.assert(fc.property(fc.integer(), (value) => {
    assert.equal(readControlValue(controlValue(1, value), TYPE.int), value);
    assert.equal(readControlValue(controlValue(1, value), TYPE.bitmask), value >>> 0);
  }));
});
