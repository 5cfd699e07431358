import assert from "node:assert/strict";
import { PictureSource } from "../../src/producers/picture_source.ts";

Deno.test("picture source reports each change of source and playback", () => {
  const picture = new PictureSource();
  const events: string[] = [];
  picture.events.on("source", ({ kind }) => events.push(kind));
  picture.events.on("playback", (playback) => events.push(playback?.path ?? "none"));
  const playback = { path: "clip.mp4", beginning: [] };
  picture.show({ kind: "file", path: "clip.mp4" }, null);
  picture.play(playback);
  picture.play(playback);
  assert.equal(picture.playback, playback);
  picture.play(null);
  picture.play(playback);
  picture.show({ kind: "test" }, null);
  assert.deepEqual(events, ["file", "clip.mp4", "none", "clip.mp4", "test", "none"]);
  assert.equal(picture.playback, null);
});
