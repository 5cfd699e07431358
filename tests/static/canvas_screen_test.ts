/// <reference lib="dom" />
import assert from "node:assert/strict";
import { CanvasScreen } from "../../static/js/canvas_screen.js";
import { pictureOf } from "../../static/js/snapshot.js";

const JPEG = new Blob(["from the server"]);
const ENCODED = new Blob(["from the canvas"]);

const canvas = () => ({
  width: 0,
  height: 0,
  getContext: () => ({ drawImage() {}, canvas: { width: 0, height: 0 } }),
  toBlob: (give: (blob: Blob) => void) => give(ENCODED),
});

/** A screen whose worker passes on what the test says. */
function setUp() {
  const frames: (() => void)[] = [];
  Object.assign(globalThis, {
    location: { href: "http://localhost/" },
    document: { hidden: false, createElement: canvas },
    requestAnimationFrame: (paint: () => void) => frames.push(paint),
  });
  const workers: (EventTarget & { asked: string[] })[] = [];
  const startWorker = () => {
    const asked: string[] = [];
    const postMessage = ({ type }: { type: string }) => asked.push(type);
    const worker = Object.assign(new EventTarget(), { asked, postMessage });
    workers.push(worker);
    return worker as unknown as Worker;
  };
  const screen = new CanvasScreen({
    canvas: canvas() as unknown as HTMLCanvasElement,
    worker: startWorker(),
    restart: startWorker,
  });
  const ends: (string | undefined)[] = [];
  const open = () =>
    screen.open("stream", { onPicture() {}, onEnd: ({ code }) => ends.push(code) });
  open();
  return {
    screen,
    open,
    workers,
    ends,
    passOn: (data: object) => workers.at(-1)!.dispatchEvent(new MessageEvent("message", { data })),
    paint: () => frames.splice(0).forEach((frame) => frame()),
  };
}

const picture = { width: 4, height: 4, close() {} };
const jpeg = { codec: "jpeg", quality: "45", sequence: 1, at: 0, received: null };

Deno.test("snapshot is the JPEG of the server", async () => {
  const { screen, passOn, paint } = setUp();
  passOn({ type: "picture", stream: 1, picture, info: jpeg });
  paint();
  const snapshot = pictureOf(screen);
  passOn({ type: "snapshot", blob: JPEG });
  assert.equal(await snapshot, JPEG);
});

Deno.test("snapshot is the JPEG on the screen when the worker has passed on H.264", async () => {
  const { screen, passOn, paint } = setUp();
  passOn({ type: "picture", stream: 1, picture, info: jpeg });
  paint();
  const frame = { displayWidth: 4, displayHeight: 4, close() {} };
  passOn({ type: "picture", picture: frame, info: { ...jpeg, codec: "h264", sequence: 2 } });
  const snapshot = pictureOf(screen);
  passOn({ type: "snapshot", blob: null });
  assert.equal(await snapshot, ENCODED);
});

Deno.test("snapshot of a screen without a picture is none", async () => {
  const { screen, passOn } = setUp();
  const snapshot = pictureOf(screen);
  passOn({ type: "snapshot", blob: null });
  assert.equal(await snapshot, null);
});

Deno.test("a worker that could not be loaded is replaced, and the stream opened anew", async () => {
  const { screen, open, workers, ends, passOn, paint } = setUp();
  workers[0].dispatchEvent(new Event("error"));
  assert.deepEqual(ends, ["unreachable"]);
  // Not at once, since the server may be away.
  assert.equal(workers.length, 1);
  open();
  assert.deepEqual(workers.map(({ asked }) => asked), [["open"], ["open"]]);
  passOn({ type: "picture", stream: 1, picture, info: jpeg });
  paint();
  const snapshot = pictureOf(screen);
  passOn({ type: "snapshot", blob: JPEG });
  assert.equal(await snapshot, JPEG);
});

Deno.test("a worker with an exception goes on", () => {
  const { workers, ends } = setUp();
  workers[0].dispatchEvent(new ErrorEvent("error", { message: "Uncaught" }));
  assert.deepEqual([workers.length, ends], [1, []]);
});
