import assert from "node:assert/strict";
import fc from "fast-check";
import { Mailbox } from "../../../src/consumers/session/mailbox.ts";

Deno.test("mailbox keeps the newest of what nobody took and counts the rest", () => {
  const mailbox = new Mailbox<number>();
  [1, 2, 3].forEach((item) => mailbox.put(item));
  assert.equal(mailbox.full, true);
  assert.equal(mailbox.take(), 3);
  assert.equal(mailbox.dropped, 2);
  assert.equal(mailbox.full, false);
});

Deno.test("mailbox gives what it holds once, and then null", () => {
  const mailbox = new Mailbox<number>();
  assert.equal(mailbox.take(), null);
  mailbox.put(1);
  assert.deepEqual([mailbox.take(), mailbox.take()], [1, null]);
  assert.equal(mailbox.dropped, 0);
});

Deno.test("mailbox lets go of what it holds when it is closed, and takes nothing more", () => {
  const mailbox = new Mailbox<number>();
  mailbox.put(1);
  mailbox.close();
  assert.equal(mailbox.full, false);
  mailbox.put(2);
  assert.equal(mailbox.take(), null);
  assert.equal(mailbox.dropped, 0);
});

Deno.test("mailbox gives every reader what was newest, in order, and loses only what it counts", () => {
  fc.assert(fc.property(fc.array(fc.boolean()), (steps) => {
    const mailbox = new Mailbox<number>();
    let put = 0;
    const taken: number[] = [];
    for (const isPut of steps) {
      if (isPut) mailbox.put(++put);
      else if (mailbox.full) {
        taken.push(mailbox.take()!);
        assert.equal(taken.at(-1), put);
      }
    }
    assert.deepEqual(taken, [...new Set(taken)].toSorted((a, b) => a - b));
    assert.equal(taken.length + mailbox.dropped + (mailbox.full ? 1 : 0), put);
  }));
});
