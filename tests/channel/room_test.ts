import assert from "node:assert/strict";
import { Room, type RoomSettingName } from "../../src/channel/room.ts";
import { ROOM_SETTINGS } from "../../src/channel/room_settings.ts";
import { StoreError } from "../../src/channel/store.ts";

/** A room whose store is a map, and the changes that it emitted. */
function openRoom(kept = new Map<string, string | number>()) {
  const room = new Room({
    get: (name) => kept.get(name) ?? null,
    set: (name, value) => void kept.set(name, value),
  });
  const changes: RoomSettingName[] = [];
  room.events.on("change", (name) => changes.push(name));
  return { room, kept, changes };
}

Deno.test("Room begins without rules", () => {
  const { room } = openRoom();
  assert.deepEqual(room.settings, { slowMode: 0, blockedWords: [], streamerName: "Streamer" });
});

Deno.test("Room applies, stores and announces a change", () => {
  const { room, kept, changes } = openRoom();
  assert.equal(room.set("slowMode", 30), null);
  assert.equal(room.set("blockedWords", [" Rude ", "rude", "", "very mean"]), null);
  assert.equal(room.set("streamerName", " Bea\n "), null);
  assert.deepEqual(room.settings, {
    slowMode: 30,
    blockedWords: ["Rude", "very mean"],
    streamerName: "Bea",
  });
  assert.deepEqual(changes, ["slowMode", "blockedWords", "streamerName"]);
  assert.deepEqual(openRoom(kept).room.settings, room.settings);
});

Deno.test("Room shows pages and the studio each setting once", () => {
  const { room } = openRoom();
  room.set("slowMode", 5);
  room.set("blockedWords", ["rude"]);
  assert.deepEqual(room.publicSettings, { slowMode: 5 });
  assert.deepEqual(room.studioSettings, { blockedWords: ["rude"], streamerName: "Streamer" });
  assert.deepEqual({ ...room.publicSettings, ...room.studioSettings }, room.settings);
});

Deno.test("Room neither applies nor announces a refused change", () => {
  const { room, kept, changes } = openRoom();
  assert.match(room.set("slowMode", -1)!, /^Cannot set slow mode: /);
  assert.match(room.set("blockedWords", ["x".repeat(65)])!, /^Cannot block /);
  assert.match(room.set("streamerName", " ")!, /^Enter a name/);
  assert.deepEqual([room.settings, kept.size, changes], [openRoom().room.settings, 0, []]);
});

Deno.test("Room announces a change that cannot be saved, and says that it will not last", () => {
  const room = new Room({
    get: () => null,
    set() {
      throw new StoreError("This could not be saved: the disk is full");
    },
  });
  const changes: RoomSettingName[] = [];
  room.events.on("change", (name) => changes.push(name));
  const reason = "In force only until the server ends: This could not be saved: the disk is full";
  assert.equal(room.set("slowMode", 10), reason);
  assert.deepEqual([room.settings.slowMode, changes], [10, ["slowMode"]]);
});

Deno.test("room settings have names of their own, which are paths too", () => {
  const names = Object.values(ROOM_SETTINGS).map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^[a-z]+( [a-z]+)*$/);
});
