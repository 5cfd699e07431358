import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { Hls } from "../../../src/consumers/hls/hls.ts";
import type { HlsStore } from "../../../src/consumers/hls/store.ts";
import { HlsUpload } from "../../../src/consumers/hls/upload.ts";
import { recordingLog } from "../../support/recording_log.ts";
import { INVENTED_CLIP, ReplayedTrack, tracksOf } from "../../support/replayed_track.ts";
import { readPlaylist } from "./read_playlist.ts";

/** A store in memory, which fails or hangs as the test says. */
class MemoryStore implements HlsStore {
  readonly name = "folder test";
  readonly files = new Map<string, Uint8Array>();
  readonly missing: string[] = [];
  problem: string | null = null;
  puts = 0;
  /** Each file takes until this resolves. */
  delay: Promise<void> | null = null;

  async put(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.puts++;
    if (this.delay) await this.delay;
    if (this.problem !== null) throw new Error(this.problem);
    this.files.set(name, bytes);
    if (/^(?:high|low)\.m3u8$/.test(name)) {
      const { uris } = readPlaylist(new TextDecoder().decode(bytes));
      this.missing.push(...uris.filter((uri) => !this.files.has(uri)));
    }
  }

  remove(name: string): Promise<void> {
    this.files.delete(name);
    return Promise.resolve();
  }

  close(): void {}
}

function stage() {
  const time = { now: 0 };
  const clock = { wall: () => 1_700_000_000_000 + time.now, monotonic: () => time.now };
  const track = new ReplayedTrack(INVENTED_CLIP);
  const hls = new Hls({ tracks: tracksOf(track), aac: null, prefix: "01234567", clock });
  const store = new MemoryStore();
  const log = recordingLog();
  const upload = new HlsUpload({ hls, store, log, clock });
  return {
    ...{ hls, store, upload, log, track },
    /** Plays so many seconds: one picture each, which is a key. */
    async play(seconds: number) {
      for (let second = 0; second < seconds; second++) {
        time.now += 1_000;
        track.give(clock.wall());
        hls.tick();
        upload.tick();
        await delay(0);
      }
    },
  };
}

Deno.test("files are uploaded before the playlists that name them, and old ones are removed", async () => {
  const { store, upload, play, hls } = stage();
  upload.start();
  assert.ok(hls.isRunning);
  await play(40);
  assert.equal(upload.status.state, "live");
  assert.deepEqual(store.missing, []);
  const { segments } = readPlaylist(new TextDecoder().decode(store.files.get("high.m3u8")!));
  assert.ok(segments.length >= 7 && segments[0].sequence > 20, `${segments[0].sequence}`);
  assert.ok(store.files.size < 45, `${store.files.size} files`);
  assert.match(new TextDecoder().decode(store.files.get("live.m3u8")!), /^high\.m3u8$/m);
  await upload[Symbol.asyncDispose]();
  hls.stop();
});

Deno.test("after a failure the newest state is uploaded, and not what came meanwhile", async () => {
  const { store, upload, play, hls, log } = stage();
  upload.start();
  await play(10);
  const known = new Set(store.files.keys());
  store.problem = "the disk is full";
  const before = store.puts;
  await play(60);
  assert.equal(upload.status.problem, "the disk is full");
  // Each try has the files of eight segments.
  assert.ok(store.puts - before < 130, `${store.puts - before} tries`);
  const isTold = (text: string) => text.includes("will try again: the disk is full");
  assert.equal(log.lines.filter((line) => line.startsWith("warn") && isTold(line)).length, 1);
  // It was started again, and is empty.
  store.files.clear();
  store.problem = null;
  await play(40);
  assert.equal(upload.status.state, "live");
  assert.equal(upload.status.problem, null);
  assert.deepEqual(store.missing, []);
  // Neither is left: what was there before, and what could not be uploaded.
  const media = [...store.files.keys()].filter((name) => name.endsWith(".m4s"));
  assert.ok(media.length <= 32 && media.every((name) => !known.has(name)), `${media}`);
  upload.stop();
  assert.equal(upload.status.state, "off");
  await upload[Symbol.asyncDispose]();
  hls.stop();
});

Deno.test("an upload that is switched off while files are under way sends no more", async () => {
  const { store, upload, play, hls } = stage();
  const { promise, resolve } = Promise.withResolvers<void>();
  store.delay = promise;
  upload.start();
  await play(5);
  const { puts } = store;
  assert.ok(puts > 0);
  upload.stop();
  resolve();
  await upload[Symbol.asyncDispose]();
  assert.equal(store.puts, puts);
  assert.ok(![...store.files.keys()].some((name) => name.endsWith(".m3u8")));
  hls.stop();
});

Deno.test("the encoders stop half a minute after the last request, but not while something uploads", async () => {
  const { hls, upload, play, track } = stage();
  hls.use();
  await play(20);
  assert.ok(hls.isReady);
  hls.use();
  await play(29);
  assert.ok(hls.isRunning);
  await play(3);
  assert.equal(hls.isRunning, false);
  assert.equal(track.consumers.size, 0);
  upload.start();
  await play(90);
  assert.ok(hls.isRunning);
  await upload[Symbol.asyncDispose]();
  await play(1);
  assert.equal(hls.isRunning, false);
});
