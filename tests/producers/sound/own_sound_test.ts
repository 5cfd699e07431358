import assert from "node:assert/strict";
import { SYSTEM_CLOCK } from "../../../src/clock.ts";
import type { Source } from "../../../src/producers/ffmpeg/source.ts";
import { PictureSource } from "../../../src/producers/picture_source.ts";
import { OwnSound } from "../../../src/producers/sound/own_sound.ts";
import { parseSoundSource } from "../../../src/producers/sound/sound_source.ts";
import { recordingLog } from "../../support/recording_log.ts";

/** Returns the name of the picture's own sound, if that is what this choice of sound means. */
function nameOf(picture: Source, sound: string): string | null {
  const source = new PictureSource();
  source.show(picture, null);
  return new OwnSound(source).of(parseSoundSource(sound))?.name ?? null;
}

const FILE: Source = { kind: "file", path: "/srv/clip.mp4" };
const ADDRESS: Source = { kind: "url", url: "rtsp://me:secret@10.0.0.7/live" };

Deno.test("the own sound of a file or address is what auto means, and the source itself", () => {
  assert.equal(nameOf(FILE, "auto"), "clip.mp4");
  assert.equal(nameOf(FILE, "/srv/clip.mp4"), "clip.mp4");
  assert.equal(nameOf(ADDRESS, "auto"), "rtsp://10.0.0.7");
  assert.equal(nameOf(ADDRESS, ADDRESS.url), "rtsp://10.0.0.7");
});

Deno.test("another source of sound is not the picture's own", () => {
  assert.equal(nameOf(FILE, "/srv/other.mp4"), null);
  assert.equal(nameOf(FILE, "default"), null);
  assert.equal(nameOf(FILE, "off"), null);
  assert.equal(nameOf(ADDRESS, "rtsp://10.0.0.7/other"), null);
});

Deno.test("a camera and the test picture have no sound of their own", () => {
  assert.equal(nameOf({ kind: "camera", device: "/dev/video0" }, "auto"), null);
  assert.equal(nameOf({ kind: "test" }, "auto"), null);
});

Deno.test("no microphone is opened for auto before the picture's source is known", async () => {
  const sound = new OwnSound(new PictureSource());
  const setup = {
    ffmpeg: { program: "ffmpeg", system: "linux", log: recordingLog() } as const,
    ...{ bitRate: 48_000, gain: 0, clock: SYSTEM_CLOCK },
  };
  const input = sound.of({ kind: "auto" })!.open(setup, { onPacket() {}, onLevel() {} });
  input.stop();
  assert.equal((await input.ended).kind, "ended");
  assert.equal(sound.of({ kind: "device", device: "default" }), null);
});
