import assert from "node:assert/strict";
import { actionOf, SHORTCUTS } from "../../static/js/shortcuts.js";

const pressed = (key: string, held: Record<string, boolean> = {}) => ({
  key,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  repeat: false,
  isComposing: false,
  ...held,
});

/** An element that a selector names. */
const focused = (tag: string) => ({
  matches: (selectors: string) => selectors.split(", ").includes(tag),
});

Deno.test("shortcuts do what the sheet says, in either case", () => {
  for (const { action, keys } of SHORTCUTS) {
    for (const name of keys) {
      const key = { Space: " ", Esc: "Escape" }[name] ?? name;
      assert.equal(actionOf(pressed(key), null), action, name);
      assert.equal(actionOf(pressed(key.toLowerCase()), null), action, name);
    }
  }
  assert.equal(actionOf(pressed("x"), null), null);
});

Deno.test("shortcuts: no key stands for two things", () => {
  const keys = SHORTCUTS.flatMap(({ keys }) => keys);
  assert.equal(new Set(keys).size, keys.length);
});

Deno.test("shortcuts mean characters while someone writes, all but Escape", () => {
  for (const tag of ["input", "textarea"]) {
    assert.equal(actionOf(pressed("k"), focused(tag)), null);
    assert.equal(actionOf(pressed(" "), focused(tag)), null);
    assert.equal(actionOf(pressed("Escape"), focused(tag)), "escape");
  }
});

Deno.test("shortcuts leave Space to the button that has the focus", () => {
  assert.equal(actionOf(pressed(" "), focused("button")), null);
  assert.equal(actionOf(pressed("k"), focused("button")), "pause");
});

Deno.test("shortcuts leave alone what the browser and input methods take", () => {
  for (const held of ["ctrlKey", "altKey", "metaKey", "repeat", "isComposing"]) {
    assert.equal(actionOf(pressed("f", { [held]: true }), null), null, held);
  }
});
