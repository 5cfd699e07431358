import "../support/page_texts.ts";
import assert from "node:assert/strict";
import "../support/page_texts.ts";
import { coverOf, type CoverState } from "../../static/js/cover.js";

const PLAYING: CoverState = {
  player: "playing",
  reason: "",
  paused: false,
  onAir: true,
  standby: null,
  kicked: null,
};
const kind = (state: Partial<CoverState>) => coverOf({ ...PLAYING, ...state })?.kind ?? null;

Deno.test("cover stays off a playing picture", () => {
  assert.equal(coverOf(PLAYING), null);
  assert.equal(kind({ player: "stopped" }), null, "and that of a hidden page");
});

Deno.test("cover shows the most important message", () => {
  const all = { player: "refused", paused: true, onAir: false } as const;
  const kicked = { reason: "Be kind", until: null };
  assert.equal(kind({ ...all, kicked }), "kicked");
  assert.equal(kind(all), "refused");
  assert.equal(kind({ ...all, player: "reconnecting" }), "reconnecting");
  assert.equal(kind({ ...all, player: "playing" }), "off");
  assert.equal(kind({ player: "stopped", paused: true }), "paused");
  assert.equal(kind({ ...all, player: "playing", onAir: true, standby: "waiting" }), "paused");
  for (const player of ["stopped", "connecting", "playing"] as const) {
    assert.equal(kind({ player, standby: "waiting" }), "standby");
  }
  for (const player of ["full", "reconnecting", "connecting"] as const) {
    assert.equal(kind({ player }), player);
  }
});

Deno.test("cover offers a way back where there is one", () => {
  const action = (state: Partial<CoverState>) => coverOf({ ...PLAYING, ...state })?.action;
  assert.equal(action({ kicked: { reason: "Be kind", until: null } }), undefined);
  assert.equal(
    action({ kicked: { reason: "Wait", until: 60_000 } }),
    undefined,
    "it comes back by itself",
  );
  assert.equal(action({ paused: true }), "Return to live");
  assert.equal(action({ onAir: false }), undefined);
});

Deno.test("cover says why there is no picture, without naming a device or a remedy", () => {
  const { title, text, action } = coverOf({ ...PLAYING, standby: "camera-unplugged" })!;
  assert.deepEqual(
    [title, text, action],
    ["No picture right now", "The camera is unplugged. The picture will be back.", undefined],
  );
});
