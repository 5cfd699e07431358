import assert from "node:assert/strict";
import type { ClipState } from "../../../src/live_messages.ts";
import { ClipJob, type ShownClip } from "../../../static/js/clips/clip_job.js";

const CLIP: ClipState = {
  id: "a b",
  format: "mp4",
  state: "waiting",
  ahead: 1,
  progress: 0,
  duration: 10_000,
  bytes: 0,
};

type Answer = Partial<ClipState> | Error;

/** An error as `ask` rejects with it. */
const failure = (status: number) => Object.assign(new Error(`status ${status}`), { status });

/** A job whose server gives these answers one after the other. */
function jobOf(answers: Answer[], { sleep = () => Promise.resolve() } = {}) {
  const asked: string[] = [];
  const shown: (ShownClip | null)[] = [];
  const job = new ClipJob({
    ask(path, body) {
      asked.push(body ? `${path} ${JSON.stringify(body)}` : path);
      const answer = answers.shift();
      if (!answer || answer instanceof Error) return Promise.reject(answer ?? failure(404));
      return Promise.resolve({ ...CLIP, ...answer });
    },
    onChange: (state) => shown.push(state),
    sleep,
  });
  const states = () => shown.map((one) => one?.state ?? null);
  return { job, asked, shown, states };
}

Deno.test("clip job follows a clip until it is ready", async () => {
  const { job, asked, states } = jobOf([
    {},
    { state: "making", progress: 0.5 },
    { state: "ready", progress: 1 },
  ]);
  await job.start({ from: 1, to: 2, format: "mp4" });
  assert.deepEqual(states(), ["asking", "waiting", "making", "ready"]);
  assert.deepEqual(asked, [
    'clips {"from":1,"to":2,"format":"mp4"}',
    "clips?id=a%20b",
    "clips?id=a%20b",
  ]);
  assert.equal(job.isBusy, false);
});

Deno.test("clip job shows why the server refuses a clip", async () => {
  const { job, shown } = jobOf([failure(429)]);
  await job.start({});
  assert.equal(shown.at(-1)?.state, "failed");
  assert.equal(shown.at(-1)?.error?.message, "status 429");
  assert.equal(job.isBusy, false);
});

Deno.test("clip job shows why a clip could not be made", async () => {
  const problem = { reason: "FFmpeg ended", code: "clip-failed", values: {} };
  const { job, shown } = jobOf([{}, { state: "failed", problem }]);
  await job.start({});
  assert.deepEqual(shown.at(-1)?.clip?.problem, problem);
});

Deno.test("clip job outlives a lost connection, and gives up after a while or after a refusal", async () => {
  const lost = () => failure(0);
  const short = jobOf([{}, lost(), lost(), { state: "ready" }]);
  await short.job.start({});
  assert.equal(short.states().at(-1), "ready");

  const long = jobOf([{}, ...Array.from({ length: 20 }, lost)]);
  await long.job.start({});
  assert.equal(long.states().at(-1), "failed");
  assert(long.asked.length < 15, `${long.asked.length} requests`);

  const gone = jobOf([{}, failure(404), { state: "ready" }]);
  await gone.job.start({});
  assert.equal(gone.states().at(-1), "failed");
  assert.equal(gone.asked.length, 2);
});

Deno.test("clip job cancels, and shows nothing more of that clip", async () => {
  const wake = Promise.withResolvers<void>();
  const { job, asked, states } = jobOf([{}, {}, { state: "ready" }], { sleep: () => wake.promise });
  const following = job.start({});
  await Promise.resolve();
  await Promise.resolve();
  await job.cancel();
  wake.resolve();
  await following;
  assert.deepEqual(states(), ["asking", "waiting", null]);
  assert.equal(asked.at(-1), 'clips/cancel {"id":"a b"}');
  assert.equal(job.isBusy, false);
});

Deno.test("clip job cancels a clip that the server has not named yet", async () => {
  const { job, asked, states } = jobOf([{}, {}]);
  const starting = job.start({ format: "gif" });
  await job.cancel();
  await starting;
  assert.deepEqual(states(), ["asking", null]);
  assert.deepEqual(asked, ['clips {"format":"gif"}', 'clips/cancel {"id":"a b"}']);
});

Deno.test("clip job asks for one clip at a time", async () => {
  const { job, asked } = jobOf([{ state: "ready" }]);
  const first = job.start({ format: "mp4" });
  await job.start({ format: "gif" });
  await first;
  assert.deepEqual(asked, ['clips {"format":"mp4"}']);
});
