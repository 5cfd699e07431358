import assert from "node:assert/strict";
import "../support/page_texts.ts";
import { shortcutOf, shortcutsFor } from "../../static/js/shortcuts.js";

const SHORTCUTS = shortcutsFor([{ name: "fine", label: "Fine" }, {
  name: "rough",
  label: "Rough",
}]);

const pressed = (key: string, held: Readonly<Record<string, boolean>> = {}) => ({
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

/** The action of a pressed key; `null` if it has none. */
const actionOf = (event: ReturnType<typeof pressed>, element: ReturnType<typeof focused> | null) =>
  shortcutOf(SHORTCUTS, event, element)?.action ?? null;

Deno.test("shortcuts do what their list says, in either case", () => {
  for (const { action, keys } of SHORTCUTS) {
    for (const name of keys) {
      const key = { Space: " ", Esc: "Escape" }[name] ?? name;
      assert.equal(actionOf(pressed(key), null), action, name);
      assert.equal(actionOf(pressed(key.toLowerCase()), null), action, name);
    }
  }
  assert.equal(actionOf(pressed("x"), null), null);
});

Deno.test("shortcuts choose the quality levels that the page offers, by their numbers", () => {
  const chosen = ["1", "2", "3"].map((key) => shortcutOf(SHORTCUTS, pressed(key), null)?.quality);
  assert.deepEqual(chosen, ["fine", "rough", undefined]);
  const texts = SHORTCUTS.filter(({ action }) => action === "quality").map(({ text }) => text);
  assert.deepEqual(texts, ["Fine quality", "Rough quality"]);
});

Deno.test("shortcuts use no key twice", () => {
  const keys = SHORTCUTS.flatMap(({ keys }) => keys);
  assert.equal(new Set(keys).size, keys.length);
});

Deno.test("shortcuts are off while the viewer writes, except Escape", () => {
  for (const tag of ["input", "textarea"]) {
    assert.equal(actionOf(pressed("k"), focused(tag)), null);
    assert.equal(actionOf(pressed(" "), focused(tag)), null);
    assert.equal(actionOf(pressed("Escape"), focused(tag)), "escape");
  }
});

Deno.test("shortcuts leave Space to a focused button", () => {
  assert.equal(actionOf(pressed(" "), focused("button")), null);
  assert.equal(actionOf(pressed("k"), focused("button")), "pause");
});

Deno.test("shortcuts leave keys of the browser and of input methods alone", () => {
  for (const held of ["ctrlKey", "altKey", "metaKey", "repeat", "isComposing"]) {
    assert.equal(actionOf(pressed("f", { [held]: true }), null), null, held);
  }
});
