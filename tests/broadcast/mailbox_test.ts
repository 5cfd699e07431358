import assert from "node:assert/strict";
import fc from "fast-check";
import { Mailbox } from "../../src/broadcast/mailbox.ts";

Deno.test("mailbox keeps the newest of what nobody took and counts the rest", async () => {
  const mailbox = new Mailbox<number>();
  [1, 2, 3].forEach((item) => mailbox.put(item));
  assert.equal(await mailbox.take(), 3);
  assert.equal(mailbox.dropped, 2);
  assert.equal(mailbox.full, false);
});

Deno.test("mailbox gives an item to whoever waits, without holding it", async () => {
  const mailbox = new Mailbox<number>();
  const taken = mailbox.take();
  mailbox.put(1);
  assert.equal(mailbox.full, false);
  assert.equal(await taken, 1);
});

Deno.test("mailbox gives null to whoever waits when it is closed, and ever after", async () => {
  const mailbox = new Mailbox<number>();
  const taken = mailbox.take();
  mailbox.close();
  assert.equal(await taken, null);
  mailbox.put(1);
  assert.equal(await mailbox.take(), null);
});

Deno.test("mailbox lets go of what it holds when it is closed", () => {
  const mailbox = new Mailbox<number>();
  mailbox.put(1);
  mailbox.close();
  assert.equal(mailbox.full, false);
});

Deno.test("mailbox refuses a second reader", () => {
  const mailbox = new Mailbox<number>();
  mailbox.take();
  assert.throws(() => mailbox.take(), /another reader/);
  mailbox.close();
});

Deno.test("mailbox gives every reader what was newest, in order, and loses only what it counts", async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.boolean()), async (steps) => {
    const mailbox = new Mailbox<number>();
    let put = 0;
    const taken: number[] = [];
    for (const isPut of steps) {
      if (isPut) mailbox.put(++put);
      else if (mailbox.full) taken.push((await mailbox.take())!);
    }
    assert.deepEqual(taken, taken.toSorted((a, b) => a - b));
    assert.equal(taken.length + mailbox.dropped + (mailbox.full ? 1 : 0), put);
  }));
});
