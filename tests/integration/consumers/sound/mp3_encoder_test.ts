import assert from "node:assert/strict";
import { Mp3Encoder } from "../../../../src/consumers/sound/mp3_encoder.ts";
import type { ProgramBody } from "../../../../src/consumers/program_body.ts";
import { ProgramSound } from "../../../../src/consumers/sound/program_sound.ts";
import { askFfmpeg } from "../../../../src/producers/ffmpeg/devices.ts";
import { ffmpeg } from "../../../support/ffmpeg.ts";
import { isRunning } from "../../../support/is_running.ts";
import { recordingLog } from "../../../support/recording_log.ts";
import { SoundEmitter } from "../../../support/sound_emitter.ts";
import { until } from "../../../support/until.ts";

function setUp({ program = "ffmpeg" } = {}) {
  const emitter = new SoundEmitter();
  const log = recordingLog();
  const sound = new ProgramSound({ stream: emitter.stream, isOnAir: () => true });
  const encoders = async () =>
    (await askFfmpeg({ program, system: "linux", log }, ["-encoders"])).text;
  return { emitter, log, encoder: new Mp3Encoder({ program, encoders, sound, log }) };
}

/** Reads so many bytes. */
async function read(body: ProgramBody, count: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader = body.stream.getReader();
  const bytes = new Uint8Array(count + 2_000);
  let at = 0;
  while (at < count) {
    const { value } = await reader.read();
    bytes.set(value!, at);
    at += value!.length;
  }
  reader.releaseLock();
  return bytes.slice(0, at);
}

/** The pids of the ffmpeg processes that encode MP3 for this process, or for another. */
async function encoders(parent: number = Deno.pid): Promise<number[]> {
  const pids: number[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const status = await Deno.readTextFile(`/proc/${name}/status`);
      const command = await Deno.readTextFile(`/proc/${name}/cmdline`);
      const isOwn = new RegExp(`^PPid:\\t${parent}$`, "m").test(status);
      if (isOwn && command.includes("libmp3lame")) pids.push(Number(name));
    } catch {
      // It has ended meanwhile.
    }
  }
  return pids;
}

Deno.test("MP3 encoder serves all programs with one ffmpeg, whole frames, while there are some", async () => {
  const { emitter, encoder } = setUp();
  await using tone = emitter.play();
  assert(tone && await encoder.isAvailable());
  assert.deepEqual(await encoders(), []);
  const bodies = [encoder.open(() => {}), encoder.open(() => {})];
  assert.equal(emitter.listeners, 2);
  const heard = await Promise.all(bodies.map((body) => read(body, 20_000)));
  assert.equal((await encoders()).length, 1);
  for (const bytes of heard) {
    assert.deepEqual([...bytes.subarray(0, 2)], [0xff, 0xfb]);
    assert.equal(bytes.length % 288, 0);
  }
  const file = await Deno.makeTempFile({ suffix: ".mp3" });
  await Deno.writeFile(file, heard[1]);
  const pcm = await ffmpeg("-i", file, "-ac", "1", "-f", "s16le", "-");
  await Deno.remove(file);
  const samples = new Int16Array(pcm.buffer);
  const mean = Math.sqrt(samples.reduce((sum, one) => sum + one ** 2, 0) / samples.length);
  assert(mean > 1_000, `mean level ${mean}`);
  for (const body of bodies) body.close();
  await encoder[Symbol.asyncDispose]();
  assert.equal(emitter.listeners, 0);
  assert.deepEqual(await encoders(), []);
});

Deno.test("MP3 encoder replaces an ffmpeg that was killed or hangs, and programs hear on", async () => {
  const { emitter, encoder, log } = setUp();
  await using _tone = emitter.play();
  const body = encoder.open(() => {});
  for (const signal of ["SIGKILL", "SIGSTOP"] as const) {
    await read(body, 5_000);
    const [pid] = await encoders();
    Deno.kill(pid, signal);
    await until("another ffmpeg", encoders, ([now]) => now !== undefined && now !== pid);
  }
  await read(body, 5_000);
  const shown = log.lines.filter((line) => !line.startsWith("debug: "));
  assert.deepEqual(shown, ["warn: The MP3 encoder ended and is started again"]);
  body.close();
  await encoder[Symbol.asyncDispose]();
});

Deno.test("MP3 encoder starts another ffmpeg when the sound closes, which sends nothing from before", async () => {
  const { emitter, encoder, log } = setUp();
  await using _tone = emitter.play();
  const body = encoder.open(() => {});
  await read(body, 5_000);
  const [pid] = await encoders();
  emitter.events.emit("close", null);
  await until("another ffmpeg", encoders, ([now, more]) => now !== pid && !more);
  await read(body, 5_000);
  assert.deepEqual(log.lines, []);
  body.close();
  await encoder[Symbol.asyncDispose]();
  assert.deepEqual(await encoders(), []);
});

Deno.test("MP3 encoder is not available where ffmpeg is missing or cannot encode it", async () => {
  assert.equal(await setUp({ program: "/nowhere/ffmpeg" }).encoder.isAvailable(), false);
  assert.equal(await setUp({ program: "true" }).encoder.isAvailable(), false);
});

Deno.test("MP3 encoder asks ffmpeg once for all who want to know, and again until it can", async () => {
  const folder = await Deno.makeTempDir();
  const program = `${folder}/ffmpeg`;
  const script = (words: string) => `#!/bin/sh\necho >> ${folder}/runs\nsleep 0.2\necho ${words}\n`;
  await Deno.writeTextFile(program, script("nothing"), { mode: 0o755 });
  const { encoder } = setUp({ program });
  const runs = async () => (await Deno.readTextFile(`${folder}/runs`)).length;
  const ask = () => Promise.all([encoder.isAvailable(), encoder.isAvailable()]);
  assert.deepEqual(await ask(), [false, false]);
  assert.equal(await runs(), 1);
  await Deno.writeTextFile(program, script("A..... libmp3lame"));
  assert.deepEqual(await ask(), [true, true]);
  assert.deepEqual(await ask(), [true, true]);
  assert.equal(await runs(), 2);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("MP3 encoder's ffmpeg ends when the program is killed", async () => {
  const program = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--no-check", "tests/support/mp3_program.ts"],
    stdout: "piped",
  }).spawn();
  const reader = program.stdout.getReader();
  assert.equal(new TextDecoder().decode((await reader.read()).value), "288\n");
  const [pid] = await encoders(program.pid);
  assert(pid);
  program.kill("SIGKILL");
  await program.status;
  await reader.cancel();
  await until("ffmpeg to end", async () => !await isRunning(pid), Boolean, { timeout: 3_000 });
});
