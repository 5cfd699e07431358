import assert from "node:assert/strict";
import {
  mayBeLivestream,
  soundOfStream,
  streamOfPage,
} from "../../../src/producers/relay/relay_address.ts";

const ADDRESSES: readonly [url: string, sound: string | null, stream: string | null][] = [
  ["http://other:8081/stream", "http://other:8081/sound.ogg?times=1", null],
  ["http://other:8081", "http://other:8081/sound.ogg?times=1", "http://other:8081/stream"],
  ["http://other:8081/", "http://other:8081/sound.ogg?times=1", "http://other:8081/stream"],
  ["https://o/live/stream?quality=low", "https://o/live/sound.ogg?times=1", null],
  [
    "https://me:secret@o/live/",
    "https://me:secret@o/live/sound.ogg?times=1",
    "https://me:secret@o/live/stream",
  ],
  ["http://other/stream?delay=30", null, null],
  ["http://other/video.mjpg", null, null],
  ["http://other/upstream", null, null],
  ["rtsp://other/stream", null, null],
];
for (const [url, sound, stream] of ADDRESSES) {
  Deno.test(`${url} has its sound at ${sound}, and as a page its stream at ${stream}`, () => {
    assert.equal(soundOfStream(url), sound);
    assert.equal(streamOfPage(url), stream);
    if (sound !== null) {
      assert.ok(mayBeLivestream(url));
      assert.ok(mayBeLivestream(sound));
    }
  });
}
