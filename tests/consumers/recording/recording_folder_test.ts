import assert from "node:assert/strict";
import { RecordingFolder } from "../../../src/consumers/recording/recording_folder.ts";
import { temporaryFolder } from "../../store/temporary_folder.ts";

const [GONE, THERE] = ["2026-11-26_14.03.20Z.mp4", "2026-11-26_14.13.20Z_motion.mkv"];

Deno.test("recording that was removed by hand takes its thumbnail with it, and no other file", () => {
  using folder = temporaryFolder();
  const others = [".holiday.mp4.jpg", ".jpg", `${GONE}.jpg`, `.${GONE}.jpeg`, `.${GONE}`];
  for (const name of [GONE, THERE, ...others]) {
    Deno.writeFileSync(`${folder.path}/${name}`, new Uint8Array(1));
  }
  const recordings = new RecordingFolder(folder.path);
  for (const name of [GONE, THERE]) recordings.illustrate(name, new Uint8Array(1));
  assert.deepEqual(recordings.list().map(({ name }) => name), [GONE, THERE]);
  assert.deepEqual(folder.list(), [GONE, `.${GONE}.jpg`, THERE, `.${THERE}.jpg`, ...others].sort());
  Deno.removeSync(`${folder.path}/${GONE}`);
  assert.deepEqual(recordings.list().map(({ name }) => name), [THERE]);
  assert.deepEqual(folder.list(), [THERE, `.${THERE}.jpg`, ...others].sort());
});

Deno.test("folder says when a recording was changed last", () => {
  using folder = temporaryFolder();
  Deno.writeFileSync(`${folder.path}/${THERE}`, new Uint8Array(1));
  Deno.utimeSync(`${folder.path}/${THERE}`, 0, 86_400);
  const [{ changedAt }] = new RecordingFolder(folder.path).list();
  assert.equal(changedAt, 86_400_000);
});
