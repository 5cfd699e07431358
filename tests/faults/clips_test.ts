import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { ClipMaker, type ClipOrder } from "../../src/consumers/clip/clip_maker.ts";
import { ClipQueue } from "../../src/consumers/clip/clip_queue.ts";
import { timelineOf } from "../../src/consumers/clip/timeline.ts";
import { SYSTEM_CLOCK } from "../../src/clock.ts";
import type { ClipState } from "../../src/live_messages.ts";
import { FakePast } from "../support/fake_past.ts";
import { numberedFrames } from "../support/numbered_frames.ts";
import { recordingLog } from "../support/recording_log.ts";
import { ScriptedFfmpeg } from "../support/scripted_ffmpeg.ts";
import { newViewer, startTestServer } from "../support/test_server.ts";
import { until } from "../support/until.ts";

const BEGIN = 1_700_000_000_000;
const FORMATS = ["mp4", "gif", "webp"] as const;

async function orderOf(format: ClipOrder["format"], seconds = 2): Promise<ClipOrder> {
  const past = new FakePast();
  const frames = await numberedFrames(30 * seconds, { width: 320, height: 240 });
  frames.forEach((jpeg, i) => past.add(BEGIN + Math.round(i * 100 / 3), jpeg));
  const to = BEGIN + 1_000 * seconds;
  const held = past.hold(BEGIN, to);
  return { format, timeline: timelineOf(held, BEGIN, to)!, read: held.read };
}

function queueOf(program: string, hangMs?: number) {
  const log = recordingLog();
  const encoder = () => Promise.resolve("libx264" as const);
  const maker = new ClipMaker({ program, encoder, log, hangMs });
  return new ClipQueue({ maker, clock: SYSTEM_CLOCK, log });
}

/** Returns whether a process runs. */
function runs(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT");
    return true;
  } catch {
    return false;
  }
}

/** What ffmpeg does wrong, and what is said of it. */
const FAULTS = {
  hangs: { lines: ["echo $$ >> pids"], failure: "hung" },
  "reads and hangs": {
    lines: ["echo $$ >> pids", "exec sh -c 'cat > /dev/null; sleep 60'"],
    failure: "hung",
  },
  "ends at once": { lines: ["exit 1"], failure: "failed" },
  "ends well without a word": { lines: ["cat > /dev/null", "exit 0"], failure: "failed" },
  "writes what it should not": { lines: ["exec cat /dev/urandom"], failure: "failed" },
  "is killed halfway": {
    lines: ["echo $$ >> pids", "(sleep 0.3; kill -9 $$) &", 'exec ffmpeg "$@"'],
    failure: "failed",
  },
} as const;

for (const [fault, { lines, failure }] of Object.entries(FAULTS)) {
  Deno.test(`a clip whose ffmpeg ${fault} fails, leaves nothing running, and the next one is made`, async () => {
    await using ffmpeg = await ScriptedFfmpeg.create(...lines);
    await using queue = queueOf(ffmpeg.program, 500);
    let held = 0;
    // An animation takes two of them, each of which may be at fault.
    const format = fault === "writes what it should not" || fault === "ends well without a word"
      ? "mp4"
      : "gif";
    const order = await orderOf(format, fault === "is killed halfway" ? 20 : 2);
    const clips = ([format, "mp4"] as const).map((format) => {
      held++;
      return queue.add({ ...order, format, release: () => void held-- });
    });
    await until("both to be over", () => clips.every(({ isOver }) => isOver), Boolean, {
      timeout: 20_000,
    });
    assert.deepEqual(clips.map((clip) => clip.failure), [failure, failure]);
    assert.equal(held, 0);
    const pids = await ffmpeg.pids();
    await until("ffmpeg to be gone", () => !pids.some(runs));
  });
}

Deno.test("a cancelled clip ends its ffmpeg at once", async () => {
  for (const format of FORMATS) {
    await using ffmpeg = await ScriptedFfmpeg.create("echo $$ >> pids");
    await using queue = queueOf(ffmpeg.program);
    const clip = queue.add({ ...await orderOf(format), release: () => {} });
    await until("ffmpeg", async () => (await ffmpeg.pids()).length > 0);
    queue.cancel(clip);
    const pids = await ffmpeg.pids();
    await until("ffmpeg to be gone", () => !pids.some(runs));
    assert.equal(clip.failure, "cancelled");
  }
});

Deno.test("frames that are gone are left out, and a clip without any fails", async () => {
  const order = await orderOf("mp4");
  await using queue = queueOf("ffmpeg");
  const some = queue.add({
    ...order,
    read: (frame) => frame.index % 3 === 1 ? Promise.resolve(null) : order.read(frame),
    release: () => {},
  });
  const none = queue.add({ ...order, read: () => Promise.resolve(null), release: () => {} });
  await until("the clips", () => none.isOver);
  assert.deepEqual([some.state, none.failure], ["ready", "gone"]);
});

Deno.test("a viewer who breaks off a download leaves no reader", async () => {
  await using ffmpeg = await ScriptedFfmpeg.create();
  await using server = await startTestServer({ ffmpeg: ffmpeg.program });
  const headers = await newViewer(server);
  const [jpeg] = await numberedFrames(1, { width: 320, height: 240 });
  server.camera.publish(jpeg, Date.now() - 1_000);
  const begun = await server.get("/clips", {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ seconds: 5, format: "gif" }),
  });
  const { id }: ClipState = await begun.json();
  const leaving = new AbortController();
  const reading = server.get(`/clips/file?id=${id}`, { headers, signal: leaving.signal });
  const viewer = headers.cookie.split("=")[1];
  const { clips } = server.clips;
  await until("a reader", () => clips.find(viewer, id)?.clip.readers === 1);
  leaving.abort();
  await assert.rejects(reading);
  await pause(100);
  await until("no reader", () => clips.find(viewer, id)?.clip.readers === 0, Boolean, {
    timeout: 15_000,
  });
});
