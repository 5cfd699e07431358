import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { Polling } from "../../static/js/polling.js";
import { FakeTime } from "../support/fake_time.ts";
import "../support/page_texts.ts";

interface Asked {
  readonly headers: Record<string, string>;
  readonly body: { readonly key: string; readonly messages: readonly unknown[] };
  /** Answers it; an error is that of the network. */
  answer(answer: Response | Error): Promise<void>;
}

const said = (...types: string[]) =>
  Response.json({ messages: types.map((type) => ({ type })), isOpen: true });

const OLDER = { type: "older", before: 3 } as const;

function setUp(onMessage: (type: string) => void = () => {}) {
  const asked: Asked[] = [];
  const heard: string[] = [];
  const polling = new Polling({
    headers: () => ({ Authorization: "Bearer t" }),
    onMessages(messages) {
      heard.push(messages.map(({ type }) => type).join() || "nothing");
      for (const { type } of messages) onMessage(type);
    },
    onEnd: (reason) => heard.push(`end ${reason}`),
    fetch: (url, { headers, body }) => {
      assert.equal(url, "live");
      return new Promise((resolve, reject) => {
        asked.push({
          headers: headers as Record<string, string>,
          body: JSON.parse(String(body)),
          async answer(answer) {
            if (answer instanceof Error) reject(answer);
            else resolve(answer);
            await setImmediate();
          },
        });
      });
    },
  });
  return { polling, asked, heard };
}

Deno.test("polling asks again 2 s after each answer, always with the same key", async () => {
  using time = new FakeTime();
  const { polling, asked, heard } = setUp();
  polling.start();
  polling.start();
  assert.equal(asked.length, 1);
  await asked[0].answer(said("hello"));
  time.tick(1999);
  assert.equal(asked.length, 1);
  time.tick(1);
  assert.equal(asked.length, 2);
  await asked[1].answer(said());
  assert.deepEqual(heard, ["hello", "nothing"]);
  assert.equal(asked[0].body.key, asked[1].body.key);
  assert.equal(asked[0].headers.Authorization, "Bearer t");
  polling.stop();
});

Deno.test("polling sends a message at once, or right after the request that is under way", async () => {
  using _time = new FakeTime();
  const { polling, asked } = setUp();
  polling.start();
  await asked[0].answer(said("hello"));
  assert.equal(polling.send(OLDER), true);
  assert.deepEqual(asked[1].body.messages, [OLDER]);
  for (let i = 0; i < 4; i++) polling.send(OLDER);
  assert.equal(asked.length, 2);
  await asked[1].answer(said("older"));
  assert.equal(asked[2].body.messages.length, 3, "no more than the server reads at once");
  await asked[2].answer(said("older"));
  assert.equal(asked[3].body.messages.length, 1);
  polling.stop();
});

Deno.test("polling sends what a message brings about with the next request", async () => {
  using _time = new FakeTime();
  const { polling, asked } = setUp((type) => {
    if (type === "hello") polling.send(OLDER);
  });
  polling.start();
  await asked[0].answer(said("hello"));
  assert.deepEqual(asked.map(({ body }) => body.messages), [[], [OLDER]]);
  polling.stop();
});

Deno.test("polling sends no acknowledgement of a frame", () => {
  using _time = new FakeTime();
  const { polling } = setUp();
  polling.start();
  assert.equal(polling.send({ type: "painted", stream: "s", sequence: 1, ago: 0 }), false);
  polling.stop();
});

for (
  const [what, answer, reason] of [
    ["the network fails", new Error("away"), ""],
    ["something else answers", new Response("<h1>Bad gateway</h1>"), ""],
    ["the server refuses", Response.json({ detail: "Add a line" }, { status: 403 }), "Add a line"],
    [
      "the server refuses with a code",
      Response.json({ detail: "Full", code: "too-many-pages" }, { status: 503 }),
      "Try again later: too many pages are open",
    ],
    ["the server closes it", Response.json({ messages: [], isOpen: false }), ""],
  ] as const
) {
  Deno.test(`polling ends if ${what}, and starts again with another key`, async () => {
    using time = new FakeTime();
    const { polling, asked, heard } = setUp();
    polling.start();
    await asked[0].answer(answer);
    assert.equal(heard.at(-1), `end ${reason}`);
    time.tick(60_000);
    assert.equal(asked.length, 1);
    polling.start();
    assert.notEqual(asked[0].body.key, asked[1].body.key);
    polling.stop();
  });
}

Deno.test("polling, stopped, ignores the answer that was under way", async () => {
  using time = new FakeTime();
  const { polling, asked, heard } = setUp();
  polling.start();
  polling.stop();
  polling.start();
  polling.stop();
  polling.start();
  await asked[0].answer(new Error("away"));
  await asked[1].answer(said("state"));
  await asked[2].answer(said("hello"));
  polling.stop();
  time.tick(60_000);
  assert.deepEqual([heard, asked.length], [["hello"], 3]);
});

Deno.test("polling can be stopped by a message", async () => {
  using time = new FakeTime();
  const { polling, asked, heard } = setUp(() => polling.stop());
  polling.start();
  await asked[0].answer(said("kicked"));
  time.tick(60_000);
  assert.deepEqual([heard, asked.length], [["kicked"], 1]);
});
