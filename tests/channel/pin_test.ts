import assert from "node:assert/strict";
import { refuse, type Refused } from "../../src/channel/refusal.ts";
import { temporaryFolder } from "../store/temporary_folder.ts";
import { createFixture } from "./fixture.ts";

Deno.test("Pin shows one message, the last that was pinned, until it is unpinned", () => {
  using fixture = createFixture();
  const { chat, pin } = fixture;
  assert.equal(pin.message, null);
  const [one, two] = [fixture.say("ann", "one"), fixture.say("ann", "two")];
  assert.equal(pin.pin(one), null);
  assert.deepEqual(pin.message, chat.get(one));
  assert.equal(pin.pin(two), null);
  assert.deepEqual(pin.message, chat.get(two));
  assert.equal(pin.unpin(), null);
  assert.equal(pin.message, null);
});

Deno.test("Pin refuses a message that does not exist, and keeps the other", () => {
  using fixture = createFixture();
  const id = fixture.say("ann", "one");
  fixture.pin.pin(id);
  assert.deepEqual(fixture.pin.pin(99), refuse("no-such-message"));
  assert.equal(fixture.pin.message!.id, id);
});

Deno.test("Pin says that the store failed if it cannot read the message", () => {
  const fixture = createFixture();
  const id = fixture.say("ann", "one");
  fixture.store.close();
  assert.equal((fixture.pin.pin(id) as Refused).refused.storeFailed, true);
  assert.equal(fixture.pin.message, null);
});

Deno.test("Pin loses a message that is deleted, or whose author is banned", () => {
  using fixture = createFixture();
  const { chat, moderation, people, pin } = fixture;
  const [one, two] = [fixture.say("ann", "one"), fixture.say("bea", "two")];
  pin.pin(one);
  chat.delete([one]);
  assert.equal(pin.message, null);
  pin.pin(two);
  moderation.ban(people.authorOf("bea"));
  assert.equal(pin.message, null);
});

Deno.test("Pin is the same after a restart", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/community.db`;
  {
    using fixture = createFixture(path);
    fixture.pin.pin(fixture.say("ann", "one"));
  }
  using fixture = createFixture(path);
  assert.equal(fixture.pin.message!.text, "one");
});
