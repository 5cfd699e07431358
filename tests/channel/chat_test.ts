import assert from "node:assert/strict";
import fc from "fast-check";
import type { ChatMessage } from "../../src/live_messages.ts";
import { plainText } from "../../src/channel/text.ts";
import { createFixture, done, refusalOf } from "./fixture.ts";

const post = (key: string, text = "hello") => ({ viewer: "ann", key, text, name: "Ann" });

Deno.test("Chat gives a message back as it will be in the history", () => {
  using fixture = createFixture();
  const { chat, people } = fixture;
  const { message, repeated } = done(chat.post(post("1", "  hello\nworld ")));
  const { author, hue } = people.of("ann");
  assert.equal(repeated, false);
  assert.deepEqual(message, {
    id: 1,
    at: 1_000_000,
    name: "Ann",
    hue,
    text: "hello world",
    supporter: false,
    author,
  });
  assert.deepEqual(chat.newest(), { chat: [message], more: false });
  assert.deepEqual(chat.get(1), message);
  assert.equal(chat.get(2), null);
});

Deno.test("Chat gives any text back as plain text, exactly as typed", () => {
  using fixture = createFixture();
  const { chat } = fixture;
  let i = 0;
  fc.assert(fc.property(
    fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 200 }),
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.constantFrom(
        "<script>alert(1)</script>",
        "'; DROP TABLE messages; --",
        "&lt;b&gt;",
        "%00",
      ),
    ),
    (text) => {
      fixture.advance(2_000);
      const outcome = chat.post(post(`${i++}`, text));
      if ("refused" in outcome) return assert.match(outcome.refused.reason, /Write something/);
      assert.equal(outcome.message.text, plainText(text));
      assert.equal(chat.newest(1).chat[0].text, plainText(text));
    },
  ));
});

Deno.test("Chat needs a name once", () => {
  using fixture = createFixture();
  const { chat } = fixture;
  assert.equal(
    refusalOf(chat.post({ viewer: "ann", key: "1", text: "hi" })).reason,
    "A name is needed",
  );
  assert.equal(done(chat.post(post("2"))).message.name, "Ann");
  assert.equal(done(chat.post({ viewer: "ann", key: "3", text: "hi" })).message.name, "Ann");
  assert.match(refusalOf(chat.post({ ...post("4"), name: "Admin" })).reason, /kept for/);
});

Deno.test("Chat takes 500 code points and no more", () => {
  using fixture = createFixture();
  const { chat } = fixture;
  assert.match(refusalOf(chat.post(post("1", "é".repeat(501)))).reason, /501 .* 500/);
  done(chat.post(post("1", "👍".repeat(500))));
});

Deno.test("Chat refuses keys without sense", () => {
  using fixture = createFixture();
  const { chat } = fixture;
  for (const key of ["", "k".repeat(65)]) refusalOf(chat.post(post(key)));
  done(chat.post(post("k".repeat(64))));
});

Deno.test("Chat takes the same key of the same viewer once, whatever the text and the pace", () => {
  using fixture = createFixture();
  const { chat, moderation, people } = fixture;
  const { message } = done(chat.post(post("1")));
  for (let i = 0; i < 10; i++) {
    assert.deepEqual(chat.post(post("1", `again ${i}`)), { message, repeated: true });
  }
  const other = done(chat.post({ ...post("1"), viewer: "bea", name: "Bea" }));
  assert.equal(other.repeated, false);
  moderation.timeOut(people.of("ann").author, 5);
  assert.deepEqual(chat.post(post("1")), { message, repeated: true });
  assert.equal(chat.newest().chat.length, 2);
});

Deno.test("Chat keeps one message for each key, in the order of their first sending", () => {
  fc.assert(fc.property(
    fc.array(fc.tuple(fc.constantFrom("ann", "bea"), fc.nat(8)), { maxLength: 60 }),
    (sendings) => {
      using fixture = createFixture();
      const expected: string[] = [];
      for (const [viewer, number] of sendings) {
        fixture.advance(2_000);
        const key = `key ${number}`;
        const text = `${viewer} ${key}`;
        const { repeated } = done(fixture.chat.post({ viewer, key, text, name: viewer }));
        assert.equal(repeated, expected.includes(text));
        if (!repeated) expected.push(text);
      }
      assert.deepEqual(fixture.chat.newest().chat.map(({ text }) => text), expected);
    },
  ));
});

Deno.test("Chat does not take a message again that the streamer deleted", () => {
  using fixture = createFixture();
  const { chat } = fixture;
  const { message } = done(chat.post(post("1")));
  chat.delete([message.id]);
  assert.match(refusalOf(chat.post(post("1"))).reason, /deleted/);
  assert.deepEqual(chat.newest().chat, []);
});

Deno.test("Chat takes three messages at once, then one in two seconds, and says when", () => {
  using fixture = createFixture();
  const { chat } = fixture;
  for (const key of "123") done(chat.post(post(key)));
  assert.deepEqual(refusalOf(chat.post(post("4"))), {
    reason: "That was quick: your next message in 2 s",
    retryAfter: 2_000,
  });
  done(chat.post({ ...post("1"), viewer: "bea", name: "Bea" }));
  fixture.advance(1_999);
  assert.equal(refusalOf(chat.post(post("4"))).retryAfter, 1);
  fixture.advance(1);
  done(chat.post(post("4")));
  assert.equal(refusalOf(chat.post(post("5"))).retryAfter, 2_000);
});

Deno.test("Chat keeps its pace when the clock is set", () => {
  using fixture = createFixture();
  const { chat } = fixture;
  for (const key of "123") done(chat.post(post(key)));
  fixture.setClock(9e12);
  assert.equal(refusalOf(chat.post(post("4"))).retryAfter, 2_000);
  fixture.setClock(0);
  fixture.advance(2_000);
  done(chat.post(post("4")));
});

Deno.test("Chat counts what it refuses not as written", () => {
  using fixture = createFixture();
  const { chat } = fixture;
  for (let i = 0; i < 5; i++) refusalOf(chat.post(post(`no ${i}`, " ")));
  for (const key of "123") done(chat.post(post(key)));
});

Deno.test("Chat lets each person wait between two messages in slow mode", () => {
  using fixture = createFixture();
  const { chat, moderation } = fixture;
  done(chat.post(post("1")));
  moderation.setSlowMode(30);
  fixture.advance(10_000);
  assert.deepEqual(refusalOf(chat.post(post("2"))), {
    reason: "Slow mode: one message in 30 s, your next in 20 s",
    retryAfter: 20_000,
  });
  done(chat.post({ ...post("1"), viewer: "bea", name: "Bea" }));
  fixture.advance(20_000);
  done(chat.post(post("2")));
  moderation.setSlowMode(0);
  done(chat.post(post("3")));
});

Deno.test("Chat takes nothing from who is silenced or banned", () => {
  using fixture = createFixture();
  const { chat, moderation, people } = fixture;
  const { author } = people.of("ann");
  moderation.timeOut(author, 300);
  assert.deepEqual(refusalOf(chat.post(post("1"))), {
    reason: "The streamer silenced you for 5 min more",
    retryAfter: 300_000,
  });
  fixture.advance(300_000);
  done(chat.post(post("1")));
  moderation.ban(author);
  assert.deepEqual(refusalOf(chat.post(post("2"))), {
    reason: "The streamer banned you from this channel",
  });
});

Deno.test("Chat takes no blocked words, in texts and names", () => {
  using fixture = createFixture();
  const { chat, moderation } = fixture;
  moderation.setBlockedWords(["rude"]);
  assert.match(refusalOf(chat.post(post("1", "how rude"))).reason, /blocked here/);
  assert.match(refusalOf(chat.post({ ...post("1"), name: "Rude" })).reason, /blocked here/);
  done(chat.post(post("1", "how crude")));
});

Deno.test("Chat shows a supporter's badge on what they say from then on", () => {
  using fixture = createFixture();
  const { chat, donations } = fixture;
  assert.equal(done(chat.post(post("1"))).message.supporter, false);
  done(donations.give({ viewer: "ann" }));
  assert.equal(done(chat.post(post("2"))).message.supporter, true);
  assert.deepEqual(chat.newest().chat.map(({ supporter }) => supporter), [false, true]);
});

Deno.test("Chat's history has every message that is there exactly once, page by page", () => {
  fc.assert(
    fc.property(
      fc.nat(60),
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.integer({ min: 1, max: 60 })),
      (count, limit, deleted) => {
        using fixture = createFixture();
        const { chat } = fixture;
        for (let i = 0; i < count; i++) fixture.say("ann", `message ${i}`);
        done(chat.delete(deleted));
        const expected = Array.from({ length: count }, (_, i) => i + 1)
          .filter((id) => !deleted.includes(id));
        const seen: ChatMessage[] = [];
        let page = chat.newest(limit);
        while (true) {
          assert.ok(page.chat.length <= limit);
          seen.unshift(...page.chat);
          if (!page.more) break;
          assert.equal(page.chat.length, limit);
          page = chat.before(page.chat[0].id, limit);
        }
        assert.deepEqual(seen.map(({ id }) => id), expected);
      },
    ),
    { numRuns: 30 },
  );
});

Deno.test("Chat gives fifty messages unless asked for more or fewer", () => {
  using fixture = createFixture();
  for (let i = 0; i < 51; i++) fixture.say("ann", `message ${i}`);
  const { chat, more } = fixture.chat.newest();
  assert.deepEqual([chat.length, chat[0].id, more], [50, 2, true]);
  assert.deepEqual(fixture.chat.before(2), { chat: [fixture.chat.get(1)], more: false });
});

Deno.test("Chat deletes each message once and tells which", () => {
  using fixture = createFixture();
  const { chat } = fixture;
  const ids = ["a", "b", "c"].map((text) => fixture.say("ann", text));
  const kept = fixture.say("bea", "d");
  assert.deepEqual(done(chat.delete([ids[1], ids[1], 999, -1, 1.5, NaN])).ids, [ids[1]]);
  assert.equal(chat.get(ids[1]), null);
  assert.deepEqual(done(chat.delete(ids)).ids, [ids[0], ids[2]]);
  assert.deepEqual(chat.newest().chat.map(({ id }) => id), [kept]);
});

Deno.test("Chat says that a message was not kept, and goes on without a history", () => {
  const fixture = createFixture();
  const { chat, store } = fixture;
  fixture.say("ann", "kept");
  store.close();
  const { reason, retryAfter } = refusalOf(chat.post(post("2")));
  assert.match(reason, /^This could not be kept: /);
  assert.ok(retryAfter! > 0);
  assert.deepEqual(chat.newest(), { chat: [], more: false });
  assert.equal(chat.get(1), null);
  refusalOf(chat.delete([1]));
});

Deno.test("Chat counts what it took, whether deleted since or not, and no repeats", () => {
  using fixture = createFixture();
  const { chat } = fixture;
  assert.equal(chat.posted, 0);
  const id = fixture.say("ann", "a");
  chat.post(post("1"));
  chat.post(post("1"));
  chat.delete([id]);
  assert.equal(chat.posted, 2);
});

Deno.test("Chat says that there is more while messages of a banned author are being deleted", () => {
  using fixture = createFixture();
  const { chat, moderation, people } = fixture;
  fixture.say("ann", "old");
  for (let i = 0; i < 30; i++) fixture.say("troll", `rude ${i}`);
  fixture.say("ann", "new");
  moderation.ban(people.of("troll").author);
  const newest = (limit: number) => {
    const page = chat.newest(limit);
    return { texts: page.chat.map(({ text }) => text), more: page.more };
  };
  assert.deepEqual(newest(3), { texts: ["old", "new"], more: true });
  // Thirty messages hide "old" from a read that looks through ten pages of two.
  assert.deepEqual(newest(1), { texts: ["new"], more: true });
});

Deno.test("Chat wants another name of who has one with a word that was blocked since", () => {
  using fixture = createFixture();
  const { chat, moderation, people } = fixture;
  fixture.say("Rude Rita", "hello");
  moderation.setBlockedWords(["rude"]);
  assert.equal(people.of("Rude Rita").name, null);
  const next = { viewer: "Rude Rita", key: "next", text: "again" };
  assert.equal(refusalOf(chat.post(next)).reason, "A name is needed");
  assert.equal(done(chat.post({ ...next, name: "Rita" })).message.name, "Rita");
  moderation.setBlockedWords([]);
});
