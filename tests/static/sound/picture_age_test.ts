import assert from "node:assert/strict";
import { PictureAge } from "../../../static/js/sound/picture_age.js";

Deno.test("the age of the picture is the median of the last two seconds", () => {
  const time = { now: 1000 };
  const age = new PictureAge({ monotonic: () => time.now }, (shown) => shown());
  assert.equal(age.current, null);
  for (const ms of [40, 50, 900, 45, 60]) {
    time.now += 100;
    age.painted(time.now - ms);
  }
  assert.equal(age.current, 50);
  age.painted(null);
  assert.equal(age.current, 50);
  time.now += 1000;
  for (let i = 0; i < 7; i++) age.painted(time.now - 200);
  assert.equal(age.current, 200);
  time.now += 2001;
  assert.equal(age.current, null);
});

Deno.test("a frame is as old as it is when the browser shows it, and one painted over does not count", () => {
  const time = { now: 1000 };
  const shown: (() => void)[] = [];
  const age = new PictureAge({ monotonic: () => time.now }, (callback) => shown.push(callback));
  age.painted(time.now - 500);
  time.now += 5;
  age.painted(time.now - 20);
  assert.equal(age.current, null);
  time.now += 10;
  for (const show of shown) show();
  assert.equal(age.current, 30);
});

Deno.test("a frame that was painted before the page was hidden says nothing when it is shown again", () => {
  const time = { now: 1000 };
  const shown: (() => void)[] = [];
  const age = new PictureAge({ monotonic: () => time.now }, (callback) => shown.push(callback));
  age.painted(time.now - 20);
  time.now += 60_000;
  shown[0]();
  assert.equal(age.current, null);
});

Deno.test("after a jump to another time, only frames of that time count", () => {
  const time = { now: 100_000 };
  const age = new PictureAge({ monotonic: () => time.now }, (shown) => shown());
  const paint = (ms: number) => {
    time.now += 100;
    age.painted(time.now - ms);
  };
  for (let i = 0; i < 10; i++) paint(40);
  paint(30_000);
  assert.equal(age.current, 30_000);
  for (let i = 0; i < 10; i++) paint(30_040);
  paint(50);
  assert.equal(age.current, 50);
  age.clear();
  assert.equal(age.current, null);
});
