import assert from "node:assert/strict";
import fc from "fast-check";
import type { ChatMessage } from "../../src/live_messages.ts";
import { explain } from "../../src/channel/explanation.ts";
import { plainLines } from "../../src/channel/text.ts";
import { createFixture, done, refusalOf } from "./fixture.ts";
import { codePoint } from "../support/code_point.ts";

const post = (key: string, text = "hello") => ({ viewer: "ann", key, text, name: "Ann" });

Deno.test("Chat returns a message as the history will show it", () => {
  using fixture = createFixture();
  const { chat, people } = fixture;
  const { message, repeated } = done(chat.post(post("1", "  hello\n\tworld ")));
  const { author, hue } = people.of("ann");
  assert.equal(repeated, false);
  assert.deepEqual(message, {
    id: 1,
    at: 1_000_000,
    name: "Ann",
    hue,
    text: "hello\n world",
    supporter: false,
    author,
  });
  assert.deepEqual(chat.newest(), { chat: [message], more: false });
  assert.deepEqual(chat.get(1), message);
  assert.equal(chat.get(2), null);
});

Deno.test("Chat returns any text as plain text, exactly as typed", () => {
  using fixture = createFixture();
  const { chat } = fixture;
  let i = 0;
  fc.assert(fc.property(
    fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 200 }),
      fc.string({ unit: codePoint, maxLength: 200 }),
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
      assert.equal(outcome.message.text, plainLines(text));
      assert.equal(chat.newest(1).chat[0].text, plainLines(text));
    },
  ));
});

Deno.test("Chat requires a name once", () => {
  using fixture = createFixture();
  const { chat } = fixture;
  assert.equal(
    refusalOf(chat.post({ viewer: "ann", key: "1", text: "hi" })).reason,
    "Enter a name first: it appears next to your messages",
  );
  assert.equal(done(chat.post(post("2"))).message.name, "Ann");
  assert.equal(done(chat.post({ viewer: "ann", key: "3", text: "hi" })).message.name, "Ann");
  assert.match(refusalOf(chat.post({ ...post("4"), name: "Admin" })).reason, /reserved for/);
});

Deno.test("Chat accepts 500 code points and no more", () => {
  using fixture = createFixture();
  const { chat } = fixture;
  assert.match(refusalOf(chat.post(post("1", "é".repeat(501)))).reason, /501 .* 500/);
  done(chat.post(post("1", "👍".repeat(500))));
});

Deno.test("Chat refuses invalid keys", () => {
  using fixture = createFixture();
  const { chat } = fixture;
  for (const key of ["", "k".repeat(65)]) refusalOf(chat.post(post(key)));
  done(chat.post(post("k".repeat(64))));
});

Deno.test("Chat accepts the same key of a viewer once, whatever the text and the pace", () => {
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

Deno.test("Chat stores one message for each key, in the order they were first sent", () => {
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

Deno.test("Chat refuses to repost a message that the streamer deleted", () => {
  using fixture = createFixture();
  const { chat } = fixture;
  const { message } = done(chat.post(post("1")));
  chat.delete([message.id]);
  assert.match(refusalOf(chat.post(post("1"))).reason, /deleted/);
  assert.deepEqual(chat.newest().chat, []);
});

Deno.test("Chat accepts three messages at once, then one in two seconds, and says when", () => {
  using fixture = createFixture();
  const { chat } = fixture;
  for (const key of "123") done(chat.post(post(key)));
  assert.deepEqual(refusalOf(chat.post(post("4"))), {
    ...explain("too-fast", { wait: "2 s" }),
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

Deno.test("Chat does not count refused messages towards the pace", () => {
  using fixture = createFixture();
  const { chat } = fixture;
  for (let i = 0; i < 5; i++) refusalOf(chat.post(post(`no ${i}`, " ")));
  for (const key of "123") done(chat.post(post(key)));
});

Deno.test("Chat makes each author wait between two messages in slow mode", () => {
  using fixture = createFixture();
  const { chat, room } = fixture;
  done(chat.post(post("1")));
  room.set("slowMode", 30);
  fixture.advance(10_000);
  assert.deepEqual(refusalOf(chat.post(post("2"))), {
    ...explain("slow-mode", { interval: "30 s", wait: "20 s" }),
    retryAfter: 20_000,
  });
  done(chat.post({ ...post("1"), viewer: "bea", name: "Bea" }));
  fixture.advance(20_000);
  done(chat.post(post("2")));
  room.set("slowMode", 0);
  done(chat.post(post("3")));
});

Deno.test("Chat refuses messages of muted and banned authors", () => {
  using fixture = createFixture();
  const { chat, moderation, people } = fixture;
  const { author } = people.of("ann");
  moderation.timeOut(author, 300);
  assert.deepEqual(refusalOf(chat.post(post("1"))), {
    ...explain("muted", { wait: "5 min" }),
    retryAfter: 300_000,
  });
  fixture.advance(300_000);
  done(chat.post(post("1")));
  moderation.ban(author);
  assert.deepEqual(refusalOf(chat.post(post("2"))), {
    ...explain("banned"),
  });
});

Deno.test("Chat refuses blocked words in texts and names", () => {
  using fixture = createFixture();
  const { chat, room } = fixture;
  room.set("blockedWords", ["rude"]);
  assert.match(refusalOf(chat.post(post("1", "how rude"))).reason, /blocked word/);
  assert.match(refusalOf(chat.post({ ...post("1"), name: "Rude" })).reason, /blocked word/);
  done(chat.post(post("1", "how crude")));
  room.set("blockedWords", ["c++ rules"]);
  refusalOf(chat.post(post("2", "C++\nrules")));
});

Deno.test("Chat marks all messages of a supporter, and the line of the donation among them", () => {
  using fixture = createFixture();
  const { chat, donations } = fixture;
  assert.equal(done(chat.post(post("1"))).message.supporter, false);
  done(donations.give({ viewer: "ann" }));
  assert.equal(done(chat.post(post("2"))).message.supporter, true);
  const shown = chat.newest().chat.map(({ supporter, gift }) => [supporter, gift?.donation]);
  assert.deepEqual(shown, [[true, undefined], [true, 1], [true, undefined]]);
});

Deno.test("Chat's history has every existing message exactly once, page by page", () => {
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

Deno.test("Chat returns fifty messages by default", () => {
  using fixture = createFixture();
  for (let i = 0; i < 51; i++) fixture.say("ann", `message ${i}`);
  const { chat, more } = fixture.chat.newest();
  assert.deepEqual([chat.length, chat[0].id, more], [50, 2, true]);
  assert.deepEqual(fixture.chat.before(2), { chat: [fixture.chat.get(1)], more: false });
});

Deno.test("Chat deletes each message once and returns its id", () => {
  using fixture = createFixture();
  const { chat } = fixture;
  const ids = ["a", "b", "c"].map((text) => fixture.say("ann", text));
  const kept = fixture.say("bea", "d");
  assert.deepEqual(done(chat.delete([ids[1], ids[1], 999, -1, 1.5, NaN])).ids, [ids[1]]);
  assert.equal(chat.get(ids[1]), null);
  assert.deepEqual(done(chat.delete(ids)).ids, [ids[0], ids[2]]);
  assert.deepEqual(chat.newest().chat.map(({ id }) => id), [kept]);
});

Deno.test("Chat says that a message was not saved, and works without a history", () => {
  const fixture = createFixture();
  const { chat, store } = fixture;
  fixture.say("ann", "kept");
  store.close();
  const { reason, retryAfter } = refusalOf(chat.post(post("2")));
  assert.match(reason, /^This could not be saved: /);
  assert.ok(retryAfter! > 0);
  assert.deepEqual(chat.newest(), { chat: [], more: false });
  assert.equal(chat.get(1), null);
  refusalOf(chat.delete([1]));
});

Deno.test("Chat counts accepted messages, even deleted ones, but no repeats", () => {
  using fixture = createFixture();
  const { chat } = fixture;
  assert.equal(chat.posted, 0);
  const id = fixture.say("ann", "a");
  chat.post(post("1"));
  chat.post(post("1"));
  chat.delete([id]);
  assert.equal(chat.posted, 2);
});

Deno.test("Chat reports more messages while those of a banned author are being deleted", () => {
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

Deno.test("Chat requires a new name once a word of the old one is blocked", () => {
  using fixture = createFixture();
  const { chat, people, room } = fixture;
  fixture.say("Rude Rita", "hello");
  room.set("blockedWords", ["rude"]);
  assert.equal(people.of("Rude Rita").name, null);
  const next = { viewer: "Rude Rita", key: "next", text: "again" };
  assert.equal(
    refusalOf(chat.post(next)).reason,
    "Enter a name first: it appears next to your messages",
  );
  assert.equal(done(chat.post({ ...next, name: "Rita" })).message.name, "Rita");
  room.set("blockedWords", []);
});

Deno.test("Chat quotes the message that another one answers, until it is deleted", () => {
  using fixture = createFixture();
  const { chat } = fixture;
  const id = fixture.say("ann", `First\nline ${"👍".repeat(200)}`);
  const { message } = done(chat.post({ ...post("1"), viewer: "bea", name: "Bea", replyTo: id }));
  const quoted = { id, name: "ann", text: `First line ${"👍".repeat(89)}` };
  assert.deepEqual(message.reply, quoted);
  assert.deepEqual(chat.get(message.id), message);
  assert.deepEqual(chat.newest().chat.at(-1), message);
  chat.delete([id]);
  assert.equal(chat.get(message.id)!.reply, undefined);
  const gone = { ...post("2"), viewer: "bea", replyTo: id };
  assert.match(refusalOf(chat.post(gone)).reason, /no longer exists/);
});

Deno.test("Chat quotes nothing of a banned author", () => {
  using fixture = createFixture();
  const { chat, moderation, people } = fixture;
  const replyTo = fixture.say("troll", "rude");
  const { message } = done(chat.post({ ...post("1"), replyTo }));
  moderation.ban(people.authorOf("troll"));
  assert.equal(chat.get(message.id)!.reply, undefined);
  refusalOf(chat.post({ ...post("2"), replyTo }));
});

Deno.test("Chat notes whom a message mentions: people who are here, and the streamer", () => {
  using fixture = createFixture();
  const { chat, people, streamer } = fixture;
  people.rename("ann", "Ann");
  people.rename("lee", "Ann Lee");
  const mentions = (text: string) => {
    const { message } = done(
      chat.post({ viewer: crypto.randomUUID(), key: "k", text, name: "Bo" }),
    );
    assert.deepEqual(chat.get(message.id), message);
    return message.mentions;
  };
  assert.deepEqual(mentions("@ann lee and @ANN, hello"), [
    people.authorOf("lee"),
    people.authorOf("ann"),
  ]);
  assert.deepEqual(mentions("ask the @streamer"), [streamer.author]);
  assert.equal(mentions("mail ann@ann.example, @nobody"), undefined);
  fixture.advance(5 * 3_600_000);
  assert.equal(mentions("@Ann has left"), undefined);
});

Deno.test("Chat posts for the streamer at any pace, with the role, name and author of the streamer", () => {
  using fixture = createFixture();
  const { chat, room, streamer } = fixture;
  room.set("slowMode", 60);
  room.set("blockedWords", ["rude"]);
  const { hue } = streamer.person;
  for (let i = 0; i < 5; i++) {
    const { message } = done(chat.speak({ key: `${i}`, text: "Do not be rude" }));
    assert.deepEqual(message, {
      ...{ id: i + 1, at: 1_000_000, name: "Streamer", hue, text: "Do not be rude" },
      ...{ supporter: false, author: streamer.author, role: "streamer" },
    });
    assert.deepEqual(chat.get(i + 1), message);
  }
  assert.equal(done(chat.speak({ key: "0", text: "again" })).repeated, true);
  room.set("streamerName", "Bea");
  assert.equal(done(chat.speak({ key: "5", text: "hello", replyTo: 1 })).message.name, "Bea");
  refusalOf(chat.speak({ key: "6", text: " " }));
  assert.equal(chat.posted, 6);
});
