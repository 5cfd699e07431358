import assert from "node:assert/strict";
import { History } from "../../src/http/history.ts";
import { createFixture } from "../channel/fixture.ts";

Deno.test("history is rendered once after each change", () => {
  using community = createFixture();
  const history = new History(community);
  community.say("someone", "<first>");
  const before = history.rendered;
  assert.match(before.messages, /&lt;first&gt;/);
  assert.equal(JSON.parse(before.json).chat.length, 1);
  assert.equal(history.rendered, before);

  const id = community.say("someone", "second");
  assert.match(history.rendered.messages, /first[^]*second/);
  assert.equal(JSON.parse(history.rendered.json).chat.length, 2);

  community.chat.delete([id]);
  assert.doesNotMatch(history.rendered.messages, /second/);
  const { viewer, amount } = { viewer: "someone", amount: 5 };
  assert(!("refused" in community.donations.give({ viewer, amount })));
  assert.match(history.rendered.supporters, /someone/);
});

Deno.test("history has the newest messages, more of them for programs than for the page", () => {
  using community = createFixture();
  for (let i = 0; i < 60; i++) community.say("someone", `message ${i}.`);
  const { messages, json } = new History(community).rendered;
  assert.equal(messages.match(/<li /g)?.length, 30);
  assert.equal(JSON.parse(json).chat.length, 50);
  assert.match(messages, /message 59\.[^]*$/);
});

Deno.test("history shows donations, also those without a message", () => {
  using fixture = createFixture();
  const history = new History(fixture);
  fixture.donations.give({ viewer: null, name: "Ann", amount: 2.5 });
  fixture.donations.give({ viewer: null, name: "Bob", message: "Hi" });
  const [first, second] = history.rendered.messages.split("\n");
  assert.match(first, /Ann.*<b>♥ 2\.5<\/b>/);
  assert.match(second, /Bob.*<b>♥ <\/b>.*Hi/);
});
