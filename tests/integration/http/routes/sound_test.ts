import assert from "node:assert/strict";
import { SoundEmitter } from "../../../support/sound_emitter.ts";
import { startTestServer } from "../../../support/test_server.ts";
import { until } from "../../../support/until.ts";

/** Runs a program that is stopped after a while, and returns what it wrote to standard error. */
async function run(
  program: string,
  seconds: number,
  args: readonly string[],
): Promise<string> {
  const { stderr } = await new Deno.Command("timeout", {
    args: ["--signal=INT", `${seconds}`, program, ...args],
    env: { SDL_AUDIODRIVER: "dummy" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  return new TextDecoder().decode(stderr);
}

/** What players show of each path. */
const FORMATS = [
  { path: "/sound.ogg", shown: /Audio: opus, 48000 Hz, stereo/ },
  { path: "/sound.mp3", shown: /Audio: mp3, 48000 Hz, stereo, fltp, 96 kb\/s/ },
];

for (const { path, shown } of FORMATS) {
  Deno.test(`ffmpeg plays ${path} as it was sent, in real time, without a gap`, async () => {
    const sound = new SoundEmitter();
    await using server = await startTestServer({ sound });
    await using _tone = sound.play();
    const begun = performance.now();
    const filters = "silencedetect=noise=-40dB:duration=0.02,volumedetect";
    const output = await run("ffmpeg", 20, [
      ...["-hide_banner", "-nostdin", "-xerror", "-i", `${server.origin}${path}`],
      ...["-t", "5", "-af", filters, "-f", "null", "-"],
    ]);
    const took = (performance.now() - begun) / 1000;
    assert.match(output, shown);
    assert.match(output, /time=00:00:0(5|4\.9)/);
    assert(took > 4 && took < 15, `5 s took ${took} s`);
    // ffmpeg's tone has an amplitude of 1/8.
    const loudness = Number(/mean_volume: (-[\d.]+) dB/.exec(output)?.[1]);
    assert(Math.abs(loudness + 21) < 1, `${loudness} dB`);
    // A decoder that begins within the tone starts softly.
    const gaps = [...output.matchAll(/silence_start: ([\d.]+)/g)].map(([, at]) => Number(at));
    assert.deepEqual(gaps.filter((at) => at > 0.1), []);
  });

  Deno.test(`ffplay plays ${path}`, async () => {
    const sound = new SoundEmitter();
    await using server = await startTestServer({ sound });
    await using _tone = sound.play();
    const output = await run("ffplay", 8, ["-nodisp", server.origin + path]);
    assert.match(output, shown);
    const clocks = [...output.matchAll(/([\d.]+) M-A/g)].map(([, clock]) => Number(clock));
    assert(Math.max(...clocks) > 2.5, output.slice(-300));
  });
}

Deno.test("/sound.ogg of a program that stops reading loses the oldest packets", async () => {
  const sound = new SoundEmitter();
  await using server = await startTestServer({ sound });
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  const request = "GET /sound.ogg HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  await connection.write(new TextEncoder().encode(request));
  await until("the program to listen", () => server.programs.count === 1, Boolean, { every: 5 });
  let published = 0;
  const packet = new Uint8Array(1_000).fill(0xf8);
  await until(
    "packets to be dropped",
    () => {
      sound.publish(packet);
      published += packet.length;
      server.tick();
      return server.programs.dropped > 0;
    },
    Boolean,
    { every: 1 },
  );
  // What fits into the receiver's buffer cannot be held back.
  assert(published < 500_000, `${published} bytes`);
});
