import assert from "node:assert/strict";
import { transcript } from "../../src/channel/transcript.ts";
import { cpuTime } from "../support/cpu_time.ts";
import { createFixture, done } from "./fixture.ts";

function read(chat: Parameters<typeof transcript>[0]): string[] {
  return Array.from(transcript(chat), (page) => done(page).text);
}

Deno.test("transcript has a line a message, oldest first, with the server's local time", () => {
  using fixture = createFixture();
  fixture.setClock(new Date(2026, 10, 5, 6, 7).getTime());
  fixture.say("Anna", "Hello: there");
  fixture.setClock(new Date(2026, 10, 25, 16, 21).getTime());
  fixture.say("Ben", "Hi");
  assert.equal(
    read(fixture.chat).join(""),
    "2026-11-05 06:07 Anna: Hello: there\n2026-11-25 16:21 Ben: Hi\n",
  );
});

Deno.test("transcript of a long chat comes in pages, without deleted and purged messages", () => {
  using fixture = createFixture();
  const ids = [];
  for (let at = 0; at < 1001; at++) ids.push(fixture.say(at % 2 ? "Anna" : "Ben", `${at}`));
  done(fixture.chat.delete([ids[2]]));
  done(fixture.moderation.ban(fixture.people.authorOf("Anna")));
  const pages = read(fixture.chat);
  assert(pages.length >= 2, `${pages.length}`);
  const texts = pages.join("").trimEnd().split("\n").map((line) => Number(line.split(": ")[1]));
  assert.equal(texts.length, 500);
  assert.deepEqual(texts, ids.map((_, at) => at).filter((at) => at % 2 === 0 && at !== 2));
});

Deno.test("transcript of an empty chat is empty", () => {
  using fixture = createFixture();
  assert.equal(read(fixture.chat).join(""), "");
});

Deno.test("transcript puts a message with line breaks on one line", () => {
  const message = {
    id: 1,
    at: 0,
    name: "Anna",
    hue: 0,
    text: "One\n\n two",
    supporter: false,
    author: "a",
  };
  const pages = read({ after: () => ({ chat: [message], next: null }) });
  assert.match(pages.join(""), /^[-\d]+ [\d:]+ Anna: One two\n$/);
});

Deno.test("transcript says what was donated", () => {
  using fixture = createFixture();
  fixture.setClock(new Date(2026, 10, 25, 16, 21).getTime());
  done(fixture.donations.give({ viewer: null, name: "Anna", amount: 2.5, message: "Well done" }));
  done(fixture.donations.give({ viewer: "ben", name: "Ben" }));
  assert.equal(
    read(fixture.chat).join(""),
    "* 2026-11-25 16:21 Anna donated 2.5: Well done\n* 2026-11-25 16:21 Ben donated:\n",
  );
});

Deno.test("transcript marks donations in a way that no name can imitate", () => {
  using fixture = createFixture();
  done(fixture.donations.give({ viewer: "anna", name: "Anna", amount: 500, message: "Hi" }));
  for (const name of ["Ben donated 500", "* Ben donated 500"]) fixture.say(name, "Hi");
  const lines = read(fixture.chat).join("").trimEnd().split("\n");
  assert.deepEqual(lines.map((line) => line.startsWith("*")), [true, false, false]);
});

Deno.test("transcript is quick even with messages of many spaces", () => {
  const text = `a${" ".repeat(498)}b`;
  const message = { id: 1, at: 0, name: "Anna", hue: 0, text, supporter: false, author: "a" };
  const chat = Array.from({ length: 500 }, () => message);
  const before = cpuTime();
  read({ after: () => ({ chat, next: null }) });
  const took = cpuTime() - before;
  assert.ok(took < 100, `${took} ms`);
});
