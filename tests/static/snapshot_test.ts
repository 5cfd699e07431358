import assert from "node:assert/strict";
import { snapshotName } from "../../static/js/snapshot.js";

const at = new Date(2026, 10, 2, 4, 5, 9);

Deno.test("snapshot name contains title, time, quality and filter", () => {
  const name = snapshotName({ title: "Bird box", at, quality: "50", filter: "sepia" });
  assert.equal(name, "Bird_box_2026-11-02_04.05.09_q50_sepia.jpg");
});

Deno.test("snapshot name is valid on every system", () => {
  const quality = "source", filter = "none";
  const name = (title: string) => snapshotName({ title, at, quality, filter });
  assert.equal(name("../../a:b\\c?"), "a_b_c_2026-11-02_04.05.09.jpg");
  assert.equal(name("***"), "Livestream_2026-11-02_04.05.09.jpg");
  assert.equal(name("鳥の巣"), "鳥の巣_2026-11-02_04.05.09.jpg");
});
