import assert from "node:assert/strict";
import { StoreError } from "../../src/channel/store.ts";
import { Channel } from "../../src/channel/channel.ts";
import { openStore } from "../../src/store/open.ts";
import { temporaryFolder } from "../store/temporary_folder.ts";
import { FORGETFUL_STORE } from "../support/forgetful_store.ts";
import { recordingLog } from "../support/recording_log.ts";

/** Opens a channel on what is kept in a file, as a start of the program does. */
function start(path: string, options: { readonly title?: string; readonly offAir?: boolean } = {}) {
  const { title = "Bird box", offAir = false } = options;
  const store = openStore(path);
  const log = recordingLog();
  const channel = new Channel({ title, offAir, store: store.channel, log });
  return { channel, log, [Symbol.dispose]: () => store.close() };
}

Deno.test("a channel starts on air with the title from the command line", () => {
  using begun = start(":memory:");
  assert.deepEqual([begun.channel.onAir, begun.channel.title], [true, "Bird box"]);
  assert.deepEqual(begun.log.lines, []);
});

Deno.test("a channel counts from the moment it last went on air", () => {
  let now = 1_000;
  const clock = { wall: () => now, monotonic: () => now };
  const options = { title: "Tea", store: FORGETFUL_STORE, log: recordingLog(), clock };
  const channel = new Channel({ ...options, offAir: false });
  assert.equal(channel.onAirSince, 1_000);
  now = 61_000;
  channel.setOnAir(false);
  assert.equal(channel.onAirSince, null);
  now = 91_000;
  channel.setOnAir(true);
  now = 99_000;
  assert.equal(channel.onAirSince, 91_000);
  assert.equal(new Channel({ ...options, offAir: true }).onAirSince, null);
});

Deno.test("a channel is the same after a restart, even off air", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/channel.db`;
  {
    using first = start(path);
    first.channel.setOnAir(false);
    first.channel.setTitle("Nest 2");
    assert.deepEqual(first.log.lines, [
      "info: Off air: viewers see a card",
      'info: The title is now "Nest 2"',
    ]);
  }
  {
    using second = start(path);
    assert.deepEqual([second.channel.onAir, second.channel.title], [false, "Nest 2"]);
    assert.deepEqual(second.log.lines, [
      "warn: Off air: go on air in the studio",
    ]);
    second.channel.setOnAir(true);
  }
  using third = start(path);
  assert.deepEqual([third.channel.onAir, third.log.lines], [true, []]);
});

Deno.test("a new title on the command line replaces the one set in the studio", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/channel.db`;
  const titleOf = (title: string, set?: string) => {
    using started = start(path, { title });
    if (set !== undefined) started.channel.setTitle(set);
    return started.channel.title;
  };
  assert.equal(titleOf("Bird box", "Nest 2"), "Nest 2");
  assert.equal(titleOf("Bird box"), "Nest 2");
  assert.equal(titleOf("Squirrels"), "Squirrels");
  assert.equal(titleOf("Squirrels", "Oak"), "Oak");
  assert.equal(titleOf("Bird box"), "Bird box");
});

Deno.test("--off-air starts off air, and the next start without it does not go on air", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/channel.db`;
  {
    using first = start(path, { offAir: true });
    assert.equal(first.channel.onAir, false);
    assert.deepEqual(first.log.lines, ["warn: Off air: go on air in the studio"]);
  }
  using second = start(path);
  assert.equal(second.channel.onAir, false);
});

Deno.test("a change that cannot be saved takes effect, and the log warns that a restart will undo it", () => {
  const fail = () => {
    throw new StoreError("This could not be saved: the disk is full");
  };
  const store = { ...FORGETFUL_STORE, setOnAir: fail, setTitle: fail };
  const log = recordingLog();
  let changes = 0;
  const channel = new Channel({ title: "Bird box", offAir: false, store, log });
  channel.events.on("change", () => changes++);
  channel.setOnAir(false);
  channel.setTitle("Nest 2");
  assert.deepEqual([channel.onAir, channel.title, changes], [false, "Nest 2", 2]);
  const warning = "warn: A restart will undo the last change to the channel: " +
    "This could not be saved: the disk is full";
  assert.deepEqual(log.lines.filter((line) => line.startsWith("warn")), [warning, warning]);
});
