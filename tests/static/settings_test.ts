import assert from "node:assert/strict";
import { ViewerSettings } from "../../static/js/settings.js";

const INITIAL = { mode: "home", quality: "high", filter: "none" } as const;

/** Settings whose posts are answered by hand. */
function setUp() {
  const posts: { change: object; answer: PromiseWithResolvers<typeof INITIAL> }[] = [];
  const shown: object[] = [];
  const errors: string[] = [];
  const settings = new ViewerSettings({
    initial: INITIAL,
    post(change) {
      const answer = Promise.withResolvers<typeof INITIAL>();
      posts.push({ change, answer });
      return answer.promise;
    },
    onChange: (current) => shown.push(current),
    onError: (error) => errors.push(error.message),
  });
  return { settings, posts, shown, errors };
}

Deno.test("settings show a choice at once and are corrected by the answer", async () => {
  const { settings, posts, shown } = setUp();
  const chosen = settings.choose({ quality: "low" });
  assert.deepEqual(shown, [{ ...INITIAL, quality: "low" }]);
  posts[0].answer.resolve({ ...INITIAL, quality: "medium" as "high" });
  await chosen;
  assert.deepEqual(shown.at(-1), { ...INITIAL, quality: "medium" });
});

Deno.test("settings take a refused choice back and say why", async () => {
  const { settings, posts, shown, errors } = setUp();
  const chosen = settings.choose({ quality: "low" });
  posts[0].answer.reject(new Error("No"));
  await chosen;
  assert.deepEqual(shown.at(-1), INITIAL);
  assert.deepEqual(errors, ["No"]);
});

Deno.test("settings post choices one after another, those made meanwhile together", async () => {
  const { settings, posts } = setUp();
  const chosen = settings.choose({ quality: "low" });
  settings.choose({ quality: "medium" });
  settings.choose({ filter: "sepia" });
  assert.equal(posts.length, 1);
  const low = { ...INITIAL, quality: "low" as "high" };
  posts[0].answer.resolve(low);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(posts[1].change, { quality: "medium", filter: "sepia" });
  assert.deepEqual(settings.current, { ...INITIAL, quality: "medium", filter: "sepia" });
  posts[1].answer.resolve({ ...low, quality: "medium" as "high", filter: "sepia" as "none" });
  await chosen;
  assert.equal(posts.length, 2);
});

Deno.test("settings adopt what the server says, but not while a choice is under way", async () => {
  const { settings, posts } = setUp();
  settings.adopt({ ...INITIAL, filter: "sepia" });
  assert.equal(settings.current.filter, "sepia");
  const chosen = settings.choose({ filter: "mirror" });
  settings.adopt(INITIAL);
  assert.equal(settings.current.filter, "mirror");
  posts[0].answer.resolve({ ...INITIAL, filter: "mirror" as "none" });
  await chosen;
  assert.equal(settings.current.filter, "mirror");
});

Deno.test("settings are told whole to a server that has forgotten them", async () => {
  const { settings, posts } = setUp();
  settings.adopt({ mode: "gaming", quality: "low", filter: "soft" });
  const restored = settings.restore();
  assert.deepEqual(posts[0].change, { mode: "gaming", quality: "low", filter: "soft" });
  posts[0].answer.reject(new Error("The server cannot be reached"));
  await assert.rejects(restored, /cannot be reached/);
  assert.equal(settings.current.quality, "low");
});
