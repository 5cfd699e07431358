import assert from "node:assert/strict";
import fc from "fast-check";
import type { ChatMessage } from "../../src/live_messages.ts";
import { ChatModel } from "../../static/js/chat_model.js";

const AUTHOR = { name: "Ada", hue: 200, author: "ada", supporter: false };

const message = (id: number, text = `text ${id}`): ChatMessage => ({ ...AUTHOR, id, at: id, text });
const messages = (...ids: number[]) => ids.map((id) => message(id));
const ids = (model: ChatModel) => model.entries.map((entry) => entry.message.id);
const states = (model: ChatModel) =>
  model.entries.map((entry) => `${entry.message.text}: ${entry.status}`);

Deno.test("chat model shows an own message at once, last, until it is confirmed in its place", () => {
  const model = new ChatModel({ clock: { wall: () => 7 } });
  model.join(messages(1, 2), false, true);
  model.begin("key", { ...AUTHOR, text: "mine" });
  model.add(message(3));
  assert.deepEqual(states(model), [
    "text 1: sent",
    "text 2: sent",
    "text 3: sent",
    "mine: sending",
  ]);
  const [{ key }] = model.entries.slice(-1);
  model.add(message(4, "mine"), "key");
  assert.deepEqual(ids(model), [1, 2, 3, 4]);
  assert.equal(model.entries[3].key, key, "it stays the same line");
});

Deno.test("chat model shows a message confirmed twice only once", () => {
  const model = new ChatModel();
  model.begin("key", { ...AUTHOR, text: "mine" });
  model.add(message(1, "mine"), "key");
  model.add(message(1, "mine"), "key");
  model.add(message(1, "mine"));
  assert.deepEqual(ids(model), [1]);
});

Deno.test("chat model discards an own message that is not sent after all", () => {
  const model = new ChatModel();
  model.begin("key", { ...AUTHOR, text: "mine" });
  model.discard("key");
  assert.deepEqual(model.entries, []);
});

Deno.test("chat model finds an own message among the newest after a reconnection", () => {
  const model = new ChatModel();
  model.join(messages(1), false, true);
  model.begin("key", { ...AUTHOR, text: "mine" });
  model.join([message(1), message(2, "mine")], false, false);
  model.add(message(2, "mine"), "key");
  assert.deepEqual(states(model), ["text 1: sent", "mine: sent"]);
});

Deno.test("chat model removes deleted messages, also those deleted while it was offline", () => {
  const model = new ChatModel();
  model.join(messages(1, 2, 3, 4, 5), true, true);
  model.delete([2, 99]);
  assert.deepEqual(ids(model), [1, 3, 4, 5]);
  model.join(messages(3, 5, 6), true, false);
  assert.deepEqual(ids(model), [1, 3, 5, 6]);
});

Deno.test("chat model starts over if it has missed too much, and leaves no gap", () => {
  const model = new ChatModel();
  model.join(messages(1, 2), false, true);
  model.join(messages(60, 61), true, false);
  assert.deepEqual(ids(model), [60, 61]);
  assert.equal(model.olderThan, 60);
});

Deno.test("chat model drops its messages if a different server reuses their ids", () => {
  const model = new ChatModel();
  model.join(messages(1, 2), false, true);
  model.join([message(1, "another")], false, true);
  assert.deepEqual(states(model), ["another: sent"]);
});

Deno.test("chat model puts older messages first, if it asked for them", () => {
  const model = new ChatModel();
  model.join(messages(10, 11), true, true);
  assert.equal(model.olderThan, 10);
  model.addOlder(10, messages(7, 8), true);
  model.addOlder(10, messages(7, 8), true);
  assert.deepEqual(ids(model), [7, 8, 10, 11]);
  model.addOlder(7, messages(1), false);
  assert.deepEqual(ids(model), [1, 7, 8, 10, 11]);
  assert.equal(model.olderThan, null, "there are none before the first");
});

Deno.test("chat model stays in order and within its limit, whatever comes", () => {
  const id = fc.integer({ min: 1, max: 40 });
  const step = fc.oneof(
    fc.record({ type: fc.constant("add" as const), id }),
    fc.record({ type: fc.constant("delete" as const), id }),
    fc.record({ type: fc.constant("join" as const), id }),
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const model = new ChatModel({ limit: 10 });
    for (const { type, id } of steps) {
      if (type === "add") model.add(message(id));
      else if (type === "delete") model.delete([id]);
      else model.join(messages(id, id + 1, id + 2), true, false);
      const now = ids(model);
      assert.deepEqual(now, [...new Set(now)].sort((a, b) => a - b));
      assert(now.length <= 10);
    }
  }));
});

Deno.test("chat model deletes an author's messages up to an id, and nothing else", () => {
  const model = new ChatModel();
  const bea = { ...message(2), author: "bea" };
  model.join([message(1), bea, message(3), message(4)], false, true);
  model.begin("key", { ...AUTHOR, text: "mine" });
  model.purge("ada", 3);
  assert.deepEqual(ids(model), [2, 4, 0]);
});

Deno.test("chat model can still ask for older messages when all its own were deleted", () => {
  const model = new ChatModel();
  assert.equal(model.olderThan, null);
  model.join(messages(7, 8), true, true);
  model.purge("ada", 8);
  assert.deepEqual([ids(model), model.olderThan], [[], 7]);
  model.addOlder(7, messages(5, 6), true);
  assert.deepEqual([ids(model), model.olderThan], [[5, 6], 5]);
});

Deno.test("chat model knows whether a message answers an author's, if that is loaded", () => {
  const model = new ChatModel();
  model.join([message(1), { ...message(2), author: "bea" }], false, true);
  const to = (id: number) => ({ ...message(3), reply: { id, name: "?", text: "?" } });
  assert(model.isReplyTo(to(1), "ada"));
  assert(!model.isReplyTo(to(2), "ada"));
  assert(!model.isReplyTo(to(7), "ada"));
  assert(!model.isReplyTo(message(3), "ada"));
});
