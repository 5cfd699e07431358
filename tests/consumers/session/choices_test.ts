import assert from "node:assert/strict";
import { DEFAULT_CHOICES, ViewerChoices } from "../../../src/consumers/session/choices.ts";

Deno.test("ViewerChoices keeps each viewer's choices apart", () => {
  const choices = new ViewerChoices(() => false);
  choices.update("a", { quality: "low" });
  choices.update("a", { filter: "sepia" });
  assert.deepEqual(choices.get("a"), { mode: "home", quality: "low", filter: "sepia" });
  assert.deepEqual(choices.get("b"), DEFAULT_CHOICES);
});

Deno.test("ViewerChoices forgets the oldest of too many viewers, but keeps those with a session", () => {
  const choices = new ViewerChoices((id) => id === "second");
  choices.update("first", { quality: "low" });
  choices.update("second", { quality: "low" });
  for (let i = 0; i < 20_000; i++) {
    choices.update(`viewer ${i}`, { mode: "gaming" });
  }
  assert.deepEqual(choices.get("first"), DEFAULT_CHOICES);
  assert.equal(choices.get("second").quality, "low");
});

Deno.test("ViewerChoices does not take a read for a change", () => {
  const choices = new ViewerChoices(() => false);
  choices.update("first", { quality: "low" });
  for (let i = 0; i < 10_000; i++) {
    choices.get("first");
    choices.update(`viewer ${i}`, { mode: "gaming" });
  }
  assert.deepEqual(choices.get("first"), DEFAULT_CHOICES);
});
