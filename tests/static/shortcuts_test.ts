import assert from "node:assert/strict";
import "../support/page_texts.ts";
import { textOf } from "../../static/js/keys_sheet.js";
import { shortcutOf, shortcutsFor } from "../../static/js/shortcuts.js";

const SHORTCUTS = shortcutsFor([{ name: "fine", label: "Fine" }, {
  name: "rough",
  label: "Rough",
}]);

const ARROWS: Readonly<Record<string, string>> = {
  ...{ "↑": "ArrowUp", "↓": "ArrowDown" },
  ...{ "←": "ArrowLeft", "→": "ArrowRight" },
};

const pressed = (key: string, held: Readonly<Record<string, boolean>> = {}) => ({
  key,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  repeat: false,
  isComposing: false,
  ...held,
});

/** An element that these selectors name. */
const focused = (...names: string[]) => ({
  matches: (selectors: string) => selectors.split(", ").some((one) => names.includes(one)),
});

/** The action of a pressed key; `null` if it has none. */
const actionOf = (event: ReturnType<typeof pressed>, element: ReturnType<typeof focused> | null) =>
  shortcutOf(SHORTCUTS, event, element)?.action ?? null;

Deno.test("shortcuts do what their list says, in either case", () => {
  for (const { action, keys } of SHORTCUTS) {
    for (const name of keys) {
      const key = { Space: " ", Esc: "Escape", ...ARROWS }[name] ?? name;
      assert.equal(actionOf(pressed(key), null), action, name);
      assert.equal(actionOf(pressed(key.toLowerCase()), null), action, name);
    }
  }
  assert.equal(actionOf(pressed("z"), null), null);
});

Deno.test("shortcuts choose the quality levels that the page offers, by their numbers", () => {
  const chosen = ["1", "2", "3"].map((key) => shortcutOf(SHORTCUTS, pressed(key), null)?.quality);
  assert.deepEqual(chosen, ["fine", "rough", undefined]);
  const texts = SHORTCUTS.filter(({ action }) => action === "quality").map(textOf);
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

Deno.test("shortcuts work while a slider or checkbox has the focus, which a click leaves there", () => {
  for (const type of ["[type=range]", "[type=checkbox]"]) {
    assert.equal(actionOf(pressed("k"), focused("input", type)), "pause");
  }
  assert.equal(actionOf(pressed(" "), focused("input", "[type=checkbox]")), null);
});

Deno.test("shortcuts leave Space to a focused button", () => {
  assert.equal(actionOf(pressed(" "), focused("button")), null);
  assert.equal(actionOf(pressed("k"), focused("button")), "pause");
});

Deno.test("shortcuts leave the arrows to what they scroll or move, except beside the volume", () => {
  for (const tag of ["[role=region]", "summary", "textarea"]) {
    assert.equal(actionOf(pressed("ArrowUp"), focused(tag)), null, tag);
  }
  assert.equal(actionOf(pressed("ArrowUp"), focused("input", "[type=range]")), null);
  assert.equal(actionOf(pressed("ArrowUp"), focused("#mute")), "volume");
});

Deno.test("shortcuts leave all arrows to a slider of its own", () => {
  for (const key of Object.values(ARROWS)) {
    assert.equal(actionOf(pressed(key), focused("[role=slider]")), null);
    assert.notEqual(actionOf(pressed(key), null), null);
  }
});

Deno.test("shortcuts repeat the keys of volume and time alone while they are held", () => {
  assert.equal(actionOf(pressed("ArrowDown", { repeat: true }), null), "volume");
  assert.equal(actionOf(pressed("ArrowLeft", { repeat: true }), null), "rewind");
  assert.equal(actionOf(pressed(">", { repeat: true }), null), null);
  assert.equal(actionOf(pressed("m", { repeat: true }), null), null);
});

Deno.test("shortcuts leave keys of the browser and of input methods alone", () => {
  for (const held of ["ctrlKey", "altKey", "metaKey", "repeat", "isComposing"]) {
    assert.equal(actionOf(pressed("f", { [held]: true }), null), null, held);
  }
});
