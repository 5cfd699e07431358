import assert from "node:assert/strict";
import { FakeTime } from "../support/fake_time.ts";
import { type Letter, Outbox } from "../../static/js/outbox.js";

/** An outbox, and the keys that it has posted since the last look. */
function createOutbox() {
  const posted: string[] = [];
  const outbox = new Outbox(({ key }: Letter) => void posted.push(key));
  return { outbox, posted: () => posted.splice(0).join() };
}

const letter = (key: string): Letter => ({ key, text: key });

Deno.test("outbox sends at once, and again only without an answer", () => {
  using time = new FakeTime();
  const { outbox, posted } = createOutbox();
  outbox.add(letter("a"));
  outbox.add(letter("b"));
  assert.equal(posted(), "a,b");
  outbox.settle("a");
  time.tick(8000);
  assert.equal(posted(), "b", "the same key, which counts once");
  outbox.settle("b");
  time.tick(60_000);
  assert.equal(posted(), "");
  assert.equal(time.timers, 0);
});

Deno.test("outbox waits as long as a refusal says, and then sends one at a time in order", () => {
  using time = new FakeTime();
  const { outbox, posted } = createOutbox();
  for (const key of ["a", "b", "c"]) outbox.add(letter(key));
  posted();
  outbox.settle("a");
  outbox.hold(3000);
  outbox.add(letter("d"));
  assert.equal(posted(), "");
  time.tick(2999);
  assert.equal(posted(), "");
  time.tick(1);
  assert.equal(posted(), "b");
  outbox.hold(2000);
  time.tick(2000);
  assert.equal(posted(), "b");
  outbox.settle("b");
  assert.equal(posted(), "c");
  outbox.settle("c");
  assert.equal(posted(), "d");
  outbox.settle("d");
  outbox.add(letter("e"));
  outbox.add(letter("f"));
  assert.equal(posted(), "e,f", "as fast as before");
});

Deno.test("outbox sends what is unconfirmed again after a reconnection", () => {
  using _time = new FakeTime();
  const { outbox, posted } = createOutbox();
  outbox.add(letter("a"));
  outbox.add(letter("b"));
  posted();
  outbox.resend();
  assert.equal(posted(), "a,b");
  outbox.settle("unknown");
  assert.equal(outbox.size, 2);
});

Deno.test("outbox gives up all messages at once, and takes new ones", () => {
  using time = new FakeTime();
  const { outbox, posted } = createOutbox();
  outbox.add(letter("a"));
  outbox.hold(3000);
  outbox.add(letter("b"));
  posted();
  assert.deepEqual(outbox.takeBack(), [letter("a"), letter("b")]);
  assert.equal(time.timers, 0);
  outbox.add(letter("c"));
  outbox.add(letter("d"));
  assert.equal(posted(), "c,d");
  outbox.takeBack();
});
