import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Turn } from "../../../../src/media/turn.ts";
import { orientationOfTurn } from "../../../../src/media/jpeg/orientation.ts";
import { pictureSize } from "../../../../src/media/jpeg/size.ts";
import { DctCodec } from "../../../../src/transcode/dct_codec.ts";
import { administer, AS_STREAMER, stateOf } from "../../../support/requests.ts";
import { framesOf, movingClip } from "../../../support/clips.ts";
import { FakeCamera } from "../../../support/fake_camera.ts";
import { startProgram } from "../../../support/program.ts";
import { StreamClient } from "../../../support/stream_client.ts";

type Shape = "on end" | "across";

function shapeOf(jpeg: Uint8Array): Shape {
  const { width, height } = pictureSize(jpeg)!;
  return height > width ? "on end" : "across";
}

/** Waits until a stream gives a picture like that. */
async function waitFor(watcher: StreamClient, what: string, holds: (jpeg: Uint8Array) => boolean) {
  const from = watcher.parts.length;
  const found = () => watcher.parts.slice(from).some(({ jpeg }) => holds(jpeg));
  await watcher.until(what, found, 15_000);
}

function waitForShape(watcher: StreamClient, shape: Shape) {
  return waitFor(watcher, `a picture ${shape}`, (jpeg) => shapeOf(jpeg) === shape);
}

/** The end of a picture's data, which no two frames of the clip share if they are turned alike. */
function endOf(jpeg: Uint8Array): string {
  return jpeg.subarray(-80).join();
}

Deno.test("a camera mounted turned is shown upright to everyone, and its cards follow", async (t) => {
  const clip = await movingClip();
  const frames = await framesOf(clip);
  const codec = new DctCodec();
  const turns: readonly Turn[] = [
    { rotate: 90, flip: false },
    { rotate: 270, flip: true },
    { rotate: 180, flip: false },
  ];
  const turned = turns.map((turn) => {
    const orientation = orientationOfTurn(turn);
    return new Map(frames.map((frame) => {
      const jpeg = codec.turn(frame, orientation);
      return [endOf(jpeg), jpeg];
    }));
  });
  const originals = new Map(frames.map((frame) => [endOf(frame), frame]));
  const isOneOf = (frames: ReadonlyMap<string, Uint8Array>) => (jpeg: Uint8Array) => {
    const frame = frames.get(endOf(jpeg));
    // One turned otherwise may end alike.
    return frame !== undefined && Buffer.compare(jpeg, frame) === 0;
  };

  await using camera = await FakeCamera.create({ clip });
  await using program = await startProgram([
    ...[...camera.options, "--resolution=640x480"],
    "--rotate=90",
  ]);
  const { origin } = program;
  // Which may be given less on a busy machine, unlike the preview.
  await using viewer = await StreamClient.open(`${origin}/stream`);
  await using preview = await StreamClient.open(`${origin}/admin/preview`, {
    headers: AS_STREAMER,
  });

  await t.step("the frames themselves are turned, in every rendition", async () => {
    await waitFor(preview, "a turned frame", isOneOf(turned[0]));
    await waitForShape(viewer, "on end");
    for (const path of ["", "?quality=low", "?filter=mirror", "?mode=gaming"]) {
      const jpeg = await (await fetch(`${origin}/snapshot${path}`)).bytes();
      assert.deepEqual(pictureSize(jpeg), { width: 480, height: 640 }, path);
    }
    const { source, counters } = await stateOf(program);
    assert.deepEqual(source.resolution, { width: 480, height: 640 });
    assert.equal(counters.corrupt, 0);
  });

  await t.step("the streamer turns them otherwise while the program runs, and back", async () => {
    for (const [i, turn] of turns.entries()) {
      await administer(program, "picture", turn);
      await waitFor(preview, `a frame turned by ${turn.rotate}`, isOneOf(turned[i]));
    }
    await administer(program, "picture", { rotate: 0, flip: false });
    await waitFor(preview, "the camera's own bytes", isOneOf(originals));
    await waitForShape(viewer, "across");
  });

  await t.step("cards are upright and have the turned frames' size", async () => {
    await administer(program, "on-air", { onAir: false });
    await administer(program, "picture", turns[1]);
    await waitForShape(viewer, "on end");
    await waitForShape(preview, "on end");
    await camera.unplug();
    const isCard = (jpeg: Uint8Array) => !isOneOf(turned[1])(jpeg);
    await waitFor(preview, "a card", isCard);
    await administer(program, "picture", turns[2]);
    await waitForShape(preview, "across");
    await waitForShape(viewer, "across");
    await administer(program, "on-air", { onAir: true });
  });

  assert.doesNotMatch(program.output(), /"level":"error"|Uncaught/);
});
