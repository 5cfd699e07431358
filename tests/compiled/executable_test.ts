import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };
import { boundaryOf, MultipartReader } from "../../static/js/multipart_reader.js";
import { type VideoPacket, videoPacketOf } from "../../static/js/video/video_packet.js";
import { encodeAnnexB } from "../../src/media/h264/annex_b.ts";
import { parameterSetsOf } from "../../src/media/h264/parameter_sets.ts";
import { concat } from "../../src/media/jpeg/concat.ts";
import { movingClip } from "../support/clips.ts";
import { FakeCamera } from "../support/fake_camera.ts";
import { probeMedia } from "../support/probe_media.ts";
import { stateOf, untilHealth } from "../support/requests.ts";
import { StreamClient, type StreamPart } from "../support/stream_client.ts";
import { type Executable, runToEnd, startExecutable } from "./executable.ts";

/** The slowest codec needs part of a second a frame, and the machine may be busy. Milliseconds. */
const PATIENCE_MS = 20_000;

/** Returns the first `count` frames of a stream. */
async function parts(server: Executable, path: string, count: number): Promise<StreamPart[]> {
  await using viewer = await StreamClient.open(server.origin + path);
  await viewer.until(`${count} parts`, () => viewer.parts.length >= count, PATIENCE_MS);
  return viewer.parts.slice(0, count);
}

/** Returns ffmpeg's complaints about a frame, and its size. */
async function decode(jpeg: Uint8Array): Promise<{ errors: string; size: string }> {
  const file = await Deno.makeTempFile({ suffix: ".jpg" });
  try {
    await Deno.writeFile(file, jpeg);
    const run = (program: string, ...args: string[]) =>
      new Deno.Command(program, { args: ["-v", "error", ...args] }).output();
    const decoded = await run("ffmpeg", "-i", file, "-f", "null", "-");
    const probed = await run("ffprobe", "-show_entries", "stream=width,height", "-of", "csv", file);
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
    return { errors: text(decoded.stderr), size: text(probed.stdout) };
  } finally {
    await Deno.remove(file);
  }
}

/** Returns packets of H.264 from a stream, a key first. */
async function packets(server: Executable, count: number): Promise<VideoPacket[]> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const response = await fetch(`${server.origin}/stream?video=h264&codec=h264`, { signal });
  const reader = new MultipartReader({
    boundary: boundaryOf(response.headers.get("content-type")!)!,
  });
  const packets: VideoPacket[] = [];
  for await (const chunk of response.body!) {
    for (const part of reader.push(chunk)) {
      if (part.headers.get("content-type") === "video/h264") packets.push(videoPacketOf(part));
    }
    if (packets.length >= count) break;
  }
  return packets;
}

/** Reads so many bytes of a response. */
async function beginning(server: Executable, path: string, length: number): Promise<Uint8Array> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const response = await fetch(server.origin + path, { signal });
  assert.equal(response.status, 200);
  let bytes = new Uint8Array();
  for await (const chunk of response.body!) {
    bytes = concat(bytes, chunk);
    if (bytes.length >= length) break;
  }
  return bytes;
}

/** Returns the index of `part` in `whole`, or -1. */
function indexOf(whole: Uint8Array, part: Uint8Array): number {
  for (let at = 0; at + part.length <= whole.length; at++) {
    let same = 0;
    while (same < part.length && whole[at + same] === part[same]) same++;
    if (same === part.length) return at;
  }
  return -1;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
}

Deno.test("executable prints version and help, and refuses an invalid option", async () => {
  const { code, stdout, stderr } = await runToEnd(["--version"]);
  assert.deepEqual([code, stderr], [0, ""]);
  // The embedded Deno's version, which may differ from the one that runs this test.
  const [version, deno] = stdout.split(" (Deno ");
  assert.equal(version, config.version);
  assert.match(deno ?? "", /^2\.\d+\.\d+\)\n$/);
  const help = await runToEnd(["--help"]);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /^Usage: livestream/);
  assert.deepEqual(await runToEnd(["--prot", "80"]), {
    code: 2,
    stdout: "",
    stderr: 'Unknown option "--prot": did you mean --port?\n',
  });
});

Deno.test("executable prints the licences of all that it contains", async () => {
  const texts = ["LICENSE", "THIRD_PARTY_LICENSES"].map((name) =>
    Deno.readTextFileSync(new URL(`../../${name}`, import.meta.url))
  );
  assert.deepEqual(await runToEnd(["--licenses"]), {
    code: 0,
    stdout: texts.join("\n"),
    stderr: "",
  });
});

Deno.test("executable reads its options from the environment", async () => {
  assert.deepEqual(await runToEnd([], { LIVESTREAM_FPS: "many" }), {
    code: 2,
    stdout: "",
    stderr: 'LIVESTREAM_FPS must be a whole number from 1 to 240: "many"\n',
  });
});

Deno.test("executable serves the page and everything it refers to", async () => {
  await using server = await startExecutable(["--source", "test", "--title", "Bird box"]);
  const response = await fetch(server.origin);
  assert.equal(response.status, 200);
  // Hidden, as this stream has no sound.
  const page = (await response.text()).replace(/<audio .*?<\/audio>/, "");
  assert.match(page, /<title>Bird box<\/title>/);
  assert.deepEqual(page.match(/\{\{.*?\}\}/g), null);
  for (const label of ["Donate", "High", "Medium", "Low", "Home", "Gaming"]) {
    assert.match(page, new RegExp(`<button[^>]*>[^]*?${label}[^]*?</button>`), label);
  }
  const assets = [...page.matchAll(/(?:href|src)="((?!\w+:)[^"?#]*\.\w+)"/g)].map(([, path]) =>
    path!
  );
  for (const kind of [".css", ".js"]) assert(assets.some((path) => path.endsWith(kind)), kind);
  for (const path of new Set(assets)) {
    const asset = await fetch(new URL(path, server.origin));
    assert.equal(asset.status, 200, path);
    assert((await asset.text()).length > 0, path);
  }
});

Deno.test("executable streams whole frames, each newer than the last", async () => {
  await using server = await startExecutable(["--source", "test"]);
  const received = await parts(server, "/stream", 10);
  const sequences = received.map(({ sequence }) => sequence);
  for (const [i, sequence] of sequences.entries()) {
    assert(i === 0 || sequence > sequences[i - 1]!, `${sequences}`);
  }
  const { errors, size } = await decode(received.at(-1)!.jpeg);
  assert.deepEqual([errors, size], ["", "stream,1280,720"]);
});

Deno.test("executable makes Low smaller than High", async () => {
  await using server = await startExecutable(["--source", "test"]);
  const [high, low] = await Promise.all([
    parts(server, "/stream?quality=high", 5),
    parts(server, "/stream?quality=low", 5),
  ]);
  const bytes = (some: readonly StreamPart[]) => median(some.map(({ jpeg }) => jpeg.length));
  assert(bytes(low) < 0.9 * bytes(high), `${bytes(low)} of ${bytes(high)} bytes`);
  const { errors, size } = await decode(low.at(-1)!.jpeg);
  assert.deepEqual([errors, size], ["", "stream,1280,720"]);
});

Deno.test("executable makes Low with ImageScript", async () => {
  await using server = await startExecutable(["--source", "test", "--codec", "imagescript"]);
  const [low] = await parts(server, "/stream?quality=low", 1);
  const { errors, size } = await decode(low!.jpeg);
  assert.deepEqual([errors, size], ["", "stream,1280,720"]);
});

Deno.test("executable serves a decodable snapshot and its state", async () => {
  await using server = await startExecutable(["--source", "test", "--resolution", "640x360"]);
  const snapshot = await fetch(`${server.origin}/snapshot`);
  assert.equal(snapshot.headers.get("content-type"), "image/jpeg");
  const { errors, size } = await decode(await snapshot.bytes());
  assert.deepEqual([errors, size], ["", "stream,640,360"]);
  const { source } = await stateOf(server);
  assert.equal(source.online, true);
  assert.deepEqual(source.resolution, { width: 640, height: 360 });
});

Deno.test("executable gives H.264 to pages and programs, and its encoder dies with it", async () => {
  await using server = await startExecutable(["--source", "test"]);
  const received = await packets(server, 20);
  const { configuration } = received[0]!;
  assert(configuration);
  const stream = received.map(({ isKey, data }) =>
    encodeAnnexB(data, isKey ? parameterSetsOf(configuration.record) : null)
  );
  const { streams: [picture], packets: units } = await probeMedia(concat(...stream), "h264");
  assert.deepEqual([picture!.codec_name, picture!.width, picture!.height], ["h264", 1280, 720]);
  assert.equal(units.length, received.length);
  const media = await probeMedia(await beginning(server, "/stream.mp4", 300_000), "mp4");
  assert.equal(media.streams[0]!.codec_name, "h264");
  assert(media.packets.length > 5, `${media.packets.length} packets`);
  const before = await server.descendants();
  assert(before.length >= 2, JSON.stringify(before));
  if (Deno.build.os === "linux") { for (const { pid } of before) Deno.kill(pid, "SIGSTOP"); }
  server.kill("SIGKILL");
  await server.ended(3000);
  assert.deepEqual(await server.survivors(before, 3000), []);
});

Deno.test("executable passes on the camera's frames byte for byte", async () => {
  const clip = await movingClip();
  await using camera = await FakeCamera.create({ clip });
  await using server = await startExecutable(
    ["--source", camera.device, "--resolution", "640x480"],
    { PATH: camera.searchPath },
  );
  const [frame] = await parts(server, "/stream", 1);
  const sent = await Deno.readFile(clip.path);
  assert(indexOf(sent, frame!.jpeg) >= 0, `${frame!.jpeg.length} bytes that the camera never sent`);
});

Deno.test("executable shows why there is no picture and goes live again", async () => {
  const clip = await movingClip();
  await using camera = await FakeCamera.create({ clip });
  await using server = await startExecutable(
    ["--source", camera.device, "--resolution", "640x480"],
    { PATH: camera.searchPath },
  );
  await parts(server, "/stream", 1);
  await camera.unplug();
  const { checks } = await untilHealth(server, 503);
  assert.deepEqual(checks.source, { ok: false });
  const [standby] = await parts(server, "/stream", 1);
  assert.equal((await decode(standby!.jpeg)).errors, "");
  assert.equal(indexOf(await Deno.readFile(clip.path), standby!.jpeg), -1);
  await camera.plugIn();
  assert.deepEqual((await untilHealth(server, 200)).checks.source, { ok: true });
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`executable with viewers ends on ${signal} and leaves no ffmpeg`, async () => {
    await using server = await startExecutable(["--source", "test"]);
    const response = await fetch(`${server.origin}/stream`);
    const before = await server.descendants();
    assert(before.some(({ program }) => program === "ffmpeg"), JSON.stringify(before));
    server.kill(signal);
    const watched = response.bytes().catch(() => {});
    assert.equal(await server.ended(3000), 0, server.output());
    assert.deepEqual(await server.survivors(before, 1000), []);
    await watched;
  });
}

Deno.test("executable killed outright leaves no ffmpeg", async () => {
  await using server = await startExecutable(["--source", "test"]);
  await parts(server, "/stream", 1);
  const before = await server.descendants();
  assert(before.some(({ program }) => program === "ffmpeg"), JSON.stringify(before));
  server.kill("SIGKILL");
  await server.ended(3000);
  assert.deepEqual(await server.survivors(before, 3000), []);
});

Deno.test("executable killed outright leaves no ffmpeg with a stalled camera", async () => {
  await using camera = await FakeCamera.create({ clip: await movingClip() });
  await using server = await startExecutable(
    ["--source", camera.device, "--resolution", "640x480"],
    { PATH: camera.searchPath },
  );
  await parts(server, "/stream", 1);
  await camera.stall();
  const before = await server.descendants();
  assert.deepEqual(before.map(({ pid }) => pid), await camera.pids());
  server.kill("SIGKILL");
  await server.ended(3000);
  assert.deepEqual(await server.survivors(before, 3000), []);
});

Deno.test("executable without ffmpeg, or with one off the PATH, names the remedy", async () => {
  const camera = await FakeCamera.create({ clip: await movingClip() });
  await using _camera = camera;
  const without = await runToEnd(["--source", "test"], { PATH: "/nonexistent" });
  assert.deepEqual([without.code, without.stdout], [1, ""]);
  assert.match(without.stderr, /^Cannot find ffmpeg: install it [^\n]+\n$/m);
  const refused = await runToEnd(["--source", "test", "--ffmpeg", camera.ffmpeg]);
  assert.equal(refused.code, 1);
  const folder = camera.ffmpeg.replace(/\/ffmpeg$/, "");
  assert(refused.stderr.endsWith(`export PATH="${folder}:$PATH"\n`), refused.stderr);
});
