import assert from "node:assert/strict";
import {
  DEFAULT_SETTINGS,
  settingsPatch,
  SettingsStore,
} from "../../../src/consumers/session/settings.ts";

Deno.test("SettingsStore keeps each viewer's settings apart", () => {
  const store = new SettingsStore();
  store.update("a", { quality: "low" });
  store.update("a", { filter: "sepia" });
  assert.deepEqual(store.get("a"), { mode: "home", quality: "low", filter: "sepia" });
  assert.deepEqual(store.get("b"), DEFAULT_SETTINGS);
});

Deno.test("SettingsStore forgets the longest unused of too many viewers", () => {
  const store = new SettingsStore();
  store.update("first", { quality: "low" });
  store.update("second", { quality: "low" });
  for (let i = 0; i < 20_000; i++) {
    store.update(`viewer ${i}`, { mode: "gaming" });
    store.get("second");
  }
  assert.deepEqual(store.get("first"), DEFAULT_SETTINGS);
  assert.equal(store.get("second").quality, "low");
});

Deno.test("settingsPatch refuses unknown values and ignores unknown names", () => {
  assert.equal(settingsPatch.safeParse({ quality: "ultra" }).success, false);
  assert.deepEqual(settingsPatch.parse({ quality: "low", colour: "red" }), { quality: "low" });
});
