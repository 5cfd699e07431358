import assert from "node:assert/strict";
import { h264Clip } from "../../../support/h264_clip.ts";
import { probeMedia } from "../../../support/probe_media.ts";
import { ReplayedTrack, tracksOf } from "../../../support/replayed_track.ts";
import { SoundEmitter } from "../../../support/sound_emitter.ts";
import { startTestServer, type TestServer } from "../../../support/test_server.ts";
import { until } from "../../../support/until.ts";

const KINDS = [
  { path: "/stream.mp4", extension: "mp4", type: "video/mp4", codec: "opus", begin: 0 },
  { path: "/stream.ts", extension: "ts", type: "video/mp2t", codec: "mp3", begin: 0.5 },
];

/** Reads a response for so long, from its first bytes on: encoders take their time to start. */
async function readFor(server: TestServer, path: string, milliseconds: number) {
  const response = await server.get(path);
  const reader = response.body!.getReader();
  const chunks: Uint8Array[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    timer ??= setTimeout(() => reader.cancel(), milliseconds);
    chunks.push(value);
  }
  clearTimeout(timer);
  return { response, bytes: new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer()) };
}

/** Calls the server's tick as the program does. */
function ticking(server: TestServer): Disposable {
  const timer = setInterval(() => server.tick(), 250);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

for (const { path, extension, type, codec, begin } of KINDS) {
  Deno.test(`${path} is picture and sound in step, without a warning of ffmpeg`, async () => {
    const sound = new SoundEmitter();
    const track = new ReplayedTrack(await h264Clip());
    await using server = await startTestServer({ sound, video: tracksOf(track) });
    using _playing = track.play();
    await using _tone = sound.play();
    const { response, bytes } = await readFor(server, path, 4_000);
    assert.equal(response.headers.get("content-type"), type);
    // The last packet of a transport stream that was cut off is incomplete.
    const whole = extension === "ts" ? bytes.subarray(0, bytes.length - bytes.length % 188) : bytes;
    const media = await probeMedia(whole, extension);
    assert.deepEqual(media.streams.map(({ codec_name }) => codec_name), ["h264", codec]);
    assert.deepEqual([media.streams[0].width, media.streams[0].height], [320, 240]);
    assert.equal(media.warnings, "");
    const times = (kind: string) =>
      media.packets.filter(({ type }) => type === kind).map(({ pts }) => pts);
    const [pictures, sounds] = [times("video"), times("audio")];
    assert(pictures.length > 60, `${pictures.length} pictures`);
    assert(sounds.length > 60, `${sounds.length} packets of sound`);
    assert(Math.abs(pictures[0] - begin) < 0.001);
    for (const pts of [pictures, sounds]) {
      pts.slice(1).forEach((time, i) => assert(time > pts[i], `${time} after ${pts[i]}`));
    }
    assert(
      Math.abs(pictures.at(-1)! - sounds.at(-1)!) < 0.5,
      `${pictures.at(-1)} ${sounds.at(-1)}`,
    );
    await until(
      "the program to leave",
      () => track.consumers.size === 0 && server.programs.count === 0,
    );
  });

  Deno.test(`ffmpeg reads ${path} from the server in real time`, async () => {
    const sound = new SoundEmitter();
    const track = new ReplayedTrack(await h264Clip());
    await using server = await startTestServer({ sound, video: tracksOf(track) });
    using _playing = track.play();
    await using _tone = sound.play();
    const { code, stderr } = await new Deno.Command("timeout", {
      args: [
        ...["20", "ffmpeg", "-hide_banner", "-nostdin", "-i", server.origin + path],
        ...["-t", "3", "-f", "null", "-"],
      ],
      stdin: "null",
    }).output();
    const words = new TextDecoder().decode(stderr);
    assert.equal(code, 0, words);
    assert.match(words, /Video: h264 .*320x240/);
    assert.match(words, new RegExp(`Audio: ${codec}.*48000 Hz, stereo`));
    const frames = Number([...words.matchAll(/frame=\s*(\d+)/g)].at(-1)![1]);
    assert(frames > 70, words.slice(-400));
  });

  Deno.test(`${path} goes on off air, with pictures and silence`, async () => {
    const sound = new SoundEmitter();
    const track = new ReplayedTrack(await h264Clip());
    await using server = await startTestServer({ sound, video: tracksOf(track) });
    server.channel.setOnAir(false);
    const card = setInterval(() => track.give(), 500);
    const { bytes } = await readFor(server, path, 3_000);
    clearInterval(card);
    const { streams, packets } = await probeMedia(bytes, extension);
    assert.equal(streams.length, 2);
    const sounds = packets.filter(({ type }) => type === "audio");
    assert(sounds.length > 40, `${sounds.length} packets of silence`);
  });

  Deno.test(`${path} of a program that reads nothing is cut off`, async () => {
    const track = new ReplayedTrack(await h264Clip("640x480"));
    await using server = await startTestServer({ video: tracksOf(track) });
    using _ticking = ticking(server);
    using connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
    const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
    await connection.write(new TextEncoder().encode(request));
    await until("the program to watch", () => server.programs.count === 1, Boolean, { every: 5 });
    // A faster picture than any, as loopback takes megabytes.
    const timer = setInterval(() => {
      for (let count = 0; count < 20; count++) track.give();
    }, 10);
    await until("the cut", () => server.programs.cut === 1, Boolean, { timeout: 30_000 });
    clearInterval(timer);
    assert.equal(server.programs.count, 0);
    assert.equal(track.consumers.size, 0);
    assert(server.log.lines.some((line) => line.includes("A program was cut off")));
  });
}

Deno.test("/stream.ts goes on with another size, and /stream.mp4 ends in order", async () => {
  const [small, large] = [await h264Clip("320x240"), await h264Clip("640x360")];
  const track = new ReplayedTrack(small);
  await using server = await startTestServer({ video: tracksOf(track) });
  server.microphone.change({ state: "off" });
  using _playing = track.play();
  const change = setTimeout(() => track.clip = large, 1_000);
  const [mp4, ts] = await Promise.all(
    ["/stream.mp4", "/stream.ts"].map((path) => readFor(server, path, 2_500)),
  );
  clearTimeout(change);
  const ended = await probeMedia(mp4.bytes, "mp4");
  assert.equal(ended.warnings, "");
  assert.equal(ended.streams.length, 1);
  const last = Math.max(...ended.packets.map(({ pts }) => pts));
  assert(last > 0.4 && last < 1.5, `ended after ${last} s`);
  const { packets } = await probeMedia(ts.bytes, "ts");
  assert(Math.max(...packets.map(({ pts }) => pts)) > 1.8);
});

Deno.test("documented commands play and record /stream.mp4", async () => {
  const sound = new SoundEmitter();
  const track = new ReplayedTrack(await h264Clip());
  await using server = await startTestServer({ sound, video: tracksOf(track) });
  using _playing = track.play();
  await using _tone = sound.play();
  const folder = await Deno.makeTempDir();
  const run = async (line: string) => {
    const { code, stderr } = await new Deno.Command("bash", {
      args: ["-c", line.replace("http://192.168.1.20:8081", server.origin)],
      cwd: folder,
      env: { SDL_VIDEODRIVER: "dummy", SDL_AUDIODRIVER: "dummy" },
      stdin: "null",
    }).output();
    const words = new TextDecoder().decode(stderr);
    assert.equal(code, 0, words);
    return words;
  };
  const record = "ffmpeg -i http://192.168.1.20:8081/stream.mp4 -t 60 -c copy minute-h264.mkv";
  await run(record.replace("-t 60", "-t 3"));
  const { streams, packets, warnings } = await probeMedia(
    await Deno.readFile(`${folder}/minute-h264.mkv`),
    "mkv",
  );
  assert.equal(warnings, "");
  assert.deepEqual(streams.map(({ codec_name }) => codec_name), ["h264", "opus"]);
  assert(Math.abs(Math.max(...packets.map(({ pts }) => pts)) - 3) < 0.3);
  for (const flags of ["", "-fflags nobuffer "]) {
    const line = `ffplay ${flags}http://192.168.1.20:8081/stream.mp4`;
    const words = await run(`timeout -s INT 5 ${line} || true`);
    const clocks = [...words.matchAll(/([\d.]+) A-V/g)].map(([, clock]) => Number(clock));
    assert(Math.max(...clocks) > 1.5, words.slice(-400));
  }
  await Deno.remove(folder, { recursive: true });
});
