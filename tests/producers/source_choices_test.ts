import assert from "node:assert/strict";
import { SourceChoices } from "../../src/producers/source_choices.ts";

Deno.test("source choices stand for files and addresses by a number, and lead back to them", () => {
  const choices = new SourceChoices();
  const secret = { kind: "url", url: "rtsp://me:secret@cam/key" } as const;
  const file = { kind: "file", path: "/home/me/clip.mp4" } as const;
  assert.deepEqual([choices.idOf(secret), choices.idOf(file)], ["source 1", "source 2"]);
  assert.equal(choices.idOf({ ...secret }), "source 1");
  assert.equal(choices.textOf("source 1"), secret.url);
  assert.equal(choices.textOf("source 3"), "source 3");
});

Deno.test("source choices list each source once, and distinguish a chosen test picture from a stand-in", () => {
  const named = { kind: "camera", device: "/dev/video0", name: "Fake Webcam" } as const;
  const listed = new SourceChoices().list([
    { kind: "test" },
    named,
    { kind: "camera", device: "/dev/video0" },
    { kind: "test", isStandIn: true },
  ]);
  assert.deepEqual(listed, [
    { source: "test", name: "test picture" },
    { source: "/dev/video0", name: "Fake Webcam (/dev/video0)" },
    { source: "auto", name: "test picture, until a camera is connected" },
  ]);
});

Deno.test("source choices show no text of a camera that may be a mistyped address", () => {
  const choices = new SourceChoices();
  const mistyped = { kind: "camera", device: "rtsp:user:hunter2@host" } as const;
  assert.equal(choices.idOf(mistyped), "source 1");
  assert.equal(choices.textOf("source 1"), mistyped.device);
});
