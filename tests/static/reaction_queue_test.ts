import assert from "node:assert/strict";
import { ReactionQueue } from "../../static/js/reaction_queue.js";

function drain(queue: ReactionQueue): string[] {
  const drawn: string[] = [];
  for (let next = queue.next(); next; next = queue.next()) drawn.push(next);
  return drawn;
}

Deno.test("reaction queue keeps a few of each kind, however many there are", () => {
  const queue = new ReactionQueue();
  queue.add({ heart: 5000, fire: 1 });
  queue.add({ clap: 5000 });
  assert.deepEqual(drain(queue), ["heart", "fire", ...Array(6).fill("heart")]);
  assert.deepEqual(drain(queue), []);
});

Deno.test("reaction queue draws all of a few", () => {
  const queue = new ReactionQueue();
  queue.add({ wow: 2, laugh: 0 });
  queue.add({ clap: 1 });
  assert.deepEqual(drain(queue), ["wow", "wow", "clap"]);
});
