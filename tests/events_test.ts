import assert from "node:assert/strict";
import { Emitter } from "../src/events.ts";

Deno.test("emitter calls the listeners of an event in the order in which they subscribed", () => {
  const events = new Emitter<{ one: number; other: string }>();
  const calls: unknown[] = [];
  events.on("one", (event) => calls.push(["first", event]));
  events.on("one", (event) => calls.push(["second", event]));
  events.on("other", (event) => calls.push(["other", event]));
  events.emit("one", 1);
  assert.deepEqual(calls, [["first", 1], ["second", 1]]);
  events.emit("other", "a");
  assert.deepEqual(calls.at(-1), ["other", "a"]);
});

Deno.test("emitter calls every listener, and goes on, whatever one of them throws", () => {
  const { onError } = Emitter;
  const errors: unknown[] = [], calls: string[] = [];
  Emitter.onError = (error) => void errors.push(error);
  try {
    const events = new Emitter<{ one: null }>();
    const fault = new Error("A fault of the listener");
    events.on("one", () => {
      throw fault;
    });
    events.on("one", () => void calls.push("second"));
    events.emit("one", null);
    assert.deepEqual([errors, calls], [[fault], ["second"]]);
  } finally {
    Emitter.onError = onError;
  }
});
