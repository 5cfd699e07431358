import assert from "node:assert/strict";
import { testsAtOnce } from "../../../support/at_once.ts";
import { Buffer } from "node:buffer";
import { pictureSize } from "../../../../src/media/jpeg/size.ts";
import { cached } from "../../../support/cache.ts";
import { HABITS, playFrames } from "../../../support/camera_habits.ts";
import { SwitcherProbe } from "../../../support/switcher_probe.ts";
import { framesOf, movingClip } from "../../../support/clips.ts";
import { ffmpeg } from "../../../support/ffmpeg.ts";
import { type Answer, HttpCamera } from "../../../support/http_camera.ts";
import { join, segment } from "../../../support/jpegs.ts";

const test = testsAtOnce("ways of HTTP", 3);

const STREET = new URL("../../../support/street.mp4", import.meta.url).pathname;

/** Answers with a file; 404 to whoever asks for another. */
function fileOf(files: Readonly<Record<string, string>>): Answer {
  return async ({ path }, send) => {
    const file = files[path];
    if (file === undefined) return await send("HTTP/1.1 404 Not Found\r\n\r\n");
    const bytes = await Deno.readFile(file);
    await send(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\n\r\n`);
    await send(bytes);
  };
}

test("the frames of every kind of HTTP camera are copied, whatever its habits", async () => {
  const frames = await framesOf(await movingClip());
  const known = new Set(frames.map((frame) => Buffer.from(frame).toString("base64")));
  await Promise.all(
    Object.entries(HABITS).map(async ([what, habit]) => {
      await using camera = new HttpCamera(playFrames(frames, habit));
      await using probe = await new SwitcherProbe({ source: `http://${camera.host}/` }).start();
      await probe.until("live", () => probe.state.live, 20_000);
      await probe.moreFrames(10, 10_000);
      for (const frame of probe.frames.slice(-10)) {
        assert.ok(known.has(Buffer.from(frame).toString("base64")), `a camera that ${what}`);
      }
      assert.equal(probe.stats.restarts, 0, `a camera that ${what}`);
      assert.equal(probe.stats.damaged, 0, `a camera that ${what}`);
    }),
  );
});

test("a camera that asks for Digest gets it", async () => {
  const play = playFrames(await framesOf(await movingClip()), HABITS["is sound"]);
  await using camera = new HttpCamera(async (request, send) => {
    if (/^Digest .*username="me"/.test(request.headers.get("authorization") ?? "")) {
      return await play(request, send);
    }
    await send(
      'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm="cam", qop="auth", ' +
        'nonce="1013271036", opaque="ca7c"\r\nContent-Length: 0\r\n\r\n',
    );
  });
  await using probe = await new SwitcherProbe({ source: `http://me:pw@${camera.host}/` }).start();
  await probe.until("live", () => probe.state.live, 10_000);
  assert.equal(probe.stats.restarts, 0);
});

test("video over HTTP is played in real time, also from a playlist", async () => {
  const path = await cached("fast_start.mp4", async (path) => {
    await ffmpeg("-i", STREET, "-t", "6", "-c", "copy", "-movflags", "+faststart", path);
  });
  const segmentPath = await cached("segment.mpegts", async (path) => {
    await ffmpeg("-i", STREET, "-t", "6", "-c", "copy", "-f", "mpegts", path);
  });
  const playlist = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(
      playlist,
      "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\nsegment.ts\n#EXT-X-ENDLIST\n",
    );
    await using server = new HttpCamera(
      fileOf({ "/a.mp4": path, "/live": playlist, "/segment.ts": segmentPath }),
    );
    await Promise.all(["a.mp4", "live"].map(async (name) => {
      await using probe = await new SwitcherProbe({ source: `http://${server.host}/${name}` })
        .start();
      await probe.until("live", () => probe.state.live, 10_000);
      const before = performance.now();
      await probe.moreFrames(20, 10_000);
      // Ten frames a second; the first may have come in a bunch.
      assert.ok(performance.now() - before > 1_200, name);
      assert.deepEqual(pictureSize(probe.frames.at(-1)!), { width: 640, height: 480 });
    }));
  } finally {
    await Deno.remove(playlist);
  }
});

test("JPEGs that cannot be passed on are decoded, and so they are the next time", async () => {
  const frames = await framesOf(await movingClip());
  // More metadata than a frame may have.
  const metadata = Array.from({ length: 20 }, () => segment(0xe5, new Uint8Array(60_000)));
  const heavy = frames.slice(0, 4).map((frame) =>
    join(frame.subarray(0, 2), ...metadata, frame.subarray(2))
  );
  let answered = 0;
  await using camera = new HttpCamera(async (request, send) => {
    answered++;
    let left = 60;
    await playFrames(heavy, HABITS["is sound"])(request, async (bytes) => {
      if (left-- === 0) throw new Error("The camera hangs up");
      await send(bytes);
    });
  });
  await using probe = await new SwitcherProbe({ source: `http://${camera.host}/` }).start();
  await probe.until("live", () => probe.state.live, 15_000);
  assert.deepEqual(pictureSize(probe.frames.at(-1)!), { width: 640, height: 480 });
  const { oversized } = probe.stats;
  const before = answered;
  await probe.until("another answer", () => answered > before && probe.state.live, 20_000);
  await probe.moreFrames(5, 10_000);
  assert.equal(probe.stats.oversized, oversized, "copying was tried once");
});

test("endless text is not a video, before the time for a first frame is over", async () => {
  const text = "There is no picture here\r\n".repeat(10_000);
  await using server = new HttpCamera(async (_, send) => {
    await send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n");
    for (;;) await send(text);
  });
  await using probe = await new SwitcherProbe({ source: `http://${server.host}/` }).start();
  await probe.until("failed", () => /it is not a video/.test(probe.reason ?? ""), 8_000);
});

test("a camera that sends video instead of JPEGs from now on is shown as soon", async () => {
  const path = await cached("wide_pixels.mpegts", async (path) => {
    await ffmpeg(
      "-i",
      STREET,
      "-t",
      "3",
      "-vf",
      "setsar=2",
      "-c:v",
      "mpeg4",
      "-an",
      "-f",
      "mpegts",
      path,
    );
  });
  const video = await Deno.readFile(path);
  const frames = await framesOf(await movingClip());
  let answered = 0;
  await using camera = new HttpCamera(async (request, send) => {
    if (answered++ > 0) {
      await send("HTTP/1.1 200 OK\r\n\r\n");
      return await send(video);
    }
    let left = 10;
    await playFrames(frames, HABITS["is sound"])(request, async (bytes) => {
      if (left-- === 0) throw new Error("The camera hangs up");
      await send(bytes);
    });
  });
  await using probe = await new SwitcherProbe({ source: `http://${camera.host}/` }).start();
  await probe.until("live", () => probe.state.live, 10_000);
  const isVideo = () => pictureSize(probe.frames.at(-1)!)?.height === 240;
  await probe.until("video of the right shape", isVideo, 9_000);
});

/** Answers the first requests with the given number of frames, in parts, and then without end. */
function breakingOff(frames: readonly Uint8Array[], ...counts: readonly number[]): Answer {
  let answered = 0;
  return async (request, send) => {
    let left = counts[answered++] ?? Infinity;
    // One write for the head, and one for each frame.
    left++;
    await playFrames(frames, HABITS["is sound"])(request, async (bytes) => {
      if (left-- === 0) throw new Error("The camera hangs up");
      await send(bytes);
    });
  };
}

test("a stream that broke off after one picture is streamed again, not polled", async () => {
  const frames = await framesOf(await movingClip());
  await Promise.all([[1], [20, 1], [20, 1, 1], [1, 1, 1]].map(async (counts) => {
    await using camera = new HttpCamera(breakingOff(frames, ...counts));
    await using probe = await new SwitcherProbe({ source: `http://${camera.host}/` }).start();
    await probe.until("live", () => probe.state.live, 10_000);
    while (camera.requests.length <= counts.length) await probe.moreFrames(1, 10_000);
    await probe.moreFrames(4, 10_000);
    const begun = performance.now();
    await probe.moreFrames(60, 10_000);
    // 30 s if it were polled; 4 s as a stream.
    const took = performance.now() - begun;
    assert.ok(took < 8_000, `${counts}: 60 frames in ${took} ms`);
  }));
});
