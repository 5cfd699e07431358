import assert from "node:assert/strict";
import { ViewerChoices } from "../../static/js/choices.js";

const INITIAL = { mode: "home", quality: "high", filter: "none" } as const;

/** Settings whose posts are answered by hand. */
function setUp() {
  const posts: { change: object; answer: PromiseWithResolvers<typeof INITIAL> }[] = [];
  const shown: object[] = [];
  const errors: string[] = [];
  const choices = new ViewerChoices({
    initial: INITIAL,
    post(change) {
      const answer = Promise.withResolvers<typeof INITIAL>();
      posts.push({ change, answer });
      return answer.promise;
    },
    onChange: (current) => shown.push(current),
    onError: (error) => errors.push(error.message),
  });
  return { choices, posts, shown, errors };
}

Deno.test("choices show a choice at once and follow the server's answer", async () => {
  const { choices, posts, shown } = setUp();
  const chosen = choices.choose({ quality: "low" });
  assert.deepEqual(shown, [{ ...INITIAL, quality: "low" }]);
  posts[0].answer.resolve({ ...INITIAL, quality: "medium" as "high" });
  await chosen;
  assert.deepEqual(shown.at(-1), { ...INITIAL, quality: "medium" });
});

Deno.test("choices undo a refused choice and report why", async () => {
  const { choices, posts, shown, errors } = setUp();
  const chosen = choices.choose({ quality: "low" });
  posts[0].answer.reject(new Error("No"));
  await chosen;
  assert.deepEqual(shown.at(-1), INITIAL);
  assert.deepEqual(errors, ["No"]);
});

Deno.test("choices made during a request go together in the next one", async () => {
  const { choices, posts } = setUp();
  const chosen = choices.choose({ quality: "low" });
  choices.choose({ quality: "medium" });
  choices.choose({ filter: "sepia" });
  assert.equal(posts.length, 1);
  const low = { ...INITIAL, quality: "low" as "high" };
  posts[0].answer.resolve(low);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(posts[1].change, { quality: "medium", filter: "sepia" });
  assert.deepEqual(choices.current, { ...INITIAL, quality: "medium", filter: "sepia" });
  posts[1].answer.resolve({ ...low, quality: "medium" as "high", filter: "sepia" as "none" });
  await chosen;
  assert.equal(posts.length, 2);
});

Deno.test("choices adopt the server's report, except during a request", async () => {
  const { choices, posts } = setUp();
  choices.adopt({ ...INITIAL, filter: "sepia" });
  assert.equal(choices.current.filter, "sepia");
  const chosen = choices.choose({ filter: "mirror" });
  choices.adopt(INITIAL);
  assert.equal(choices.current.filter, "mirror");
  posts[0].answer.resolve({ ...INITIAL, filter: "mirror" as "none" });
  await chosen;
  assert.equal(choices.current.filter, "mirror");
});

Deno.test("choices are sent in full to a server that has lost them", async () => {
  const { choices, posts } = setUp();
  choices.adopt({ mode: "gaming", quality: "low", filter: "soft" });
  const restored = choices.restore();
  assert.deepEqual(posts[0].change, { mode: "gaming", quality: "low", filter: "soft" });
  posts[0].answer.reject(new Error("Can't reach the server"));
  await assert.rejects(restored, /Can't reach/);
  assert.equal(choices.current.quality, "low");
});
