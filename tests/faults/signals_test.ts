import assert from "node:assert/strict";
import { testsAtOnce } from "../support/at_once.ts";
import { setTimeout as delay } from "node:timers/promises";
import { temporaryFolder } from "../store/temporary_folder.ts";
import { Child } from "../support/child.ts";
import { movingClip } from "../support/clips.ts";
import { FakeCamera } from "../support/fake_camera.ts";
import { isRunning } from "../support/is_running.ts";
import { LiveClient } from "../support/live_client.ts";
import { FROM_SOURCE, type Program, ROOT, startProgram } from "../support/program.ts";
import { openRaw } from "../support/raw_http.ts";
import { newCookie, postJson } from "../support/requests.ts";
import { StreamClient } from "../support/stream_client.ts";
import { until } from "../support/until.ts";

const test = testsAtOnce("signals", 2);

/** Few enough that the chat shows all that they post. */
const AUTHORS = 6;

/** Returns the last characters received before the peer closes cleanly. */
async function readTail(connection: Deno.TcpConn): Promise<string> {
  const buffer = new Uint8Array(1 << 16), decoder = new TextDecoder("latin1");
  let tail = "";
  for (;;) {
    const count = await connection.read(buffer);
    if (count === null) return tail;
    tail = (tail + decoder.decode(buffer.subarray(0, count))).slice(-100);
  }
}

/** Some authors post one message after another until the program is gone. Returns the confirmed texts, which grow. */
function postUntilGone(program: Program): { confirmed: string[]; ended: Promise<unknown> } {
  const confirmed: string[] = [];
  const authors = Array.from({ length: AUTHORS }, async (_, author) => {
    for (let i = 0;; i++) {
      const text = `Message ${i} of ${author}`;
      const { status } = await postJson(program, "/chat", { text, name: text }, newCookie());
      if (status === 200) confirmed.push(text);
    }
  });
  return { confirmed, ended: Promise.allSettled(authors) };
}

for (const signal of ["SIGHUP", "SIGTERM", "SIGINT"] as const) {
  test(`${signal} with viewers of all kinds says goodbye, ends streams, loses nothing and exits with 0 within 2 s`, async () => {
    using folder = temporaryFolder();
    const data = `--data=${folder.path}/channel.db`;
    await using camera = await FakeCamera.create({ clip: await movingClip() });
    await using program = await startProgram([...camera.options, "--resolution=640x480", data]);
    const { origin, port } = program;
    const host = `Host: 127.0.0.1:${port}\r\n`;
    await using watcher = await StreamClient.open(`${origin}/stream`);
    await using _slow = await StreamClient.open(`${origin}/stream`, { bytesPerSecond: 20_000 });
    await using page = await LiveClient.open(program);
    await page.next("hello");
    using raw = await openRaw(program, `GET /stream?quality=low HTTP/1.1\r\n${host}\r\n`);
    const tail = readTail(raw);
    using _stalled = await openRaw(program, `GET /stream HTTP/1.1\r\n${host}\r\n`);
    using _halfHeader = await openRaw(program, `GET / HTTP/1.1\r\n${host}`);
    using _halfBody = await openRaw(
      program,
      `POST /chat HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{`,
    );
    using _idle = await openRaw(program, "");
    await watcher.next(30, 8_000);
    const { confirmed, ended } = postUntilGone(program);
    await until("confirmed messages", () => confirmed.length > 5, Boolean, { every: 5 });
    const [ffmpeg] = await camera.pids();

    const begun = performance.now();
    program.kill(signal);
    const { code } = await program.status;
    const took = performance.now() - begun;
    assert.equal(code, 0);
    assert.ok(took < 2_000, `ended after ${took} ms`);
    await page.next("goodbye");
    assert.equal((await page.closed).code, 1001);
    await watcher.ended;
    assert.equal(await isRunning(ffmpeg), false, "ffmpeg still runs");
    assert.doesNotMatch(program.output(), /Uncaught|error:|"level":"(warn|error)"/);
    assert.match(await tail, /--frame\r\n\r\n0\r\n\r\n$/, "the stream ended in order");

    await ended;
    assert.ok(confirmed.length < 50, `the chat shows no more than 50 of ${confirmed.length}`);
    await using again = await startProgram(["--source=test", "--resolution=320x240", data]);
    const response = await fetch(`${again.origin}/chat`);
    const { chat }: { chat: { text: string }[] } = await response.json();
    const kept = new Set(chat.map(({ text }) => text));
    assert.deepEqual(confirmed.filter((text) => !kept.has(text)), []);
  });
}

test("SIGTERM before the first frame ends the program and a hanging ffmpeg within 2 s", async () => {
  using folder = temporaryFolder();
  const ffmpeg = `${folder.path}/ffmpeg`;
  // Only the shell itself runs, so nothing is left when it is gone.
  const lines = ["#!/bin/bash", "trap '' TERM INT HUP", `echo $$ >> ${folder.path}/pid`];
  lines.push("while :; do read -t 1 < <(:); done");
  await Deno.writeTextFile(ffmpeg, lines.join("\n"), { mode: 0o755 });
  // It never listens.
  await using program = new Child([
    ...[...FROM_SOURCE, "--port=0", "--host=127.0.0.1", "--data=:memory:"],
    ...["--source=test", `--ffmpeg=${ffmpeg}`, "--log-level=debug"],
  ], { cwd: ROOT });
  const readPid = () => Deno.readTextFile(`${folder.path}/pid`).then(Number, () => 0);
  const pid = await until("ffmpeg", readPid);
  const begun = performance.now();
  program.kill("SIGTERM");
  assert.equal((await program.status).code, 0);
  const took = performance.now() - begun;
  assert.ok(took < 2_000, `ended after ${took} ms`);
  assert.equal(await isRunning(pid), false, "ffmpeg still runs");
});

test("second signal during shutdown ends the program at once", async () => {
  await using program = await startProgram(["--source=test", "--resolution=320x240"]);
  // Shutdown waits for this viewer's stream, because they read nothing.
  using _half = await openRaw(
    program,
    `POST /chat HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n` +
      "Content-Length: 99\r\n\r\n{",
  );
  await delay(100);
  program.kill("SIGTERM");
  await delay(100);
  const begun = performance.now();
  program.kill("SIGINT");
  assert.equal((await program.status).code, 130);
  const took = performance.now() - begun;
  assert.ok(took < 500, `ended after ${took} ms`);
});

test("program under nohup survives a closed terminal, and ends on SIGTERM", async () => {
  const command = ["nohup", ...FROM_SOURCE] as const;
  await using program = await startProgram(["--source=test", "--resolution=320x240"], { command });
  program.kill("SIGHUP");
  await delay(300);
  program.kill("SIGTERM");
  assert.equal((await program.status).code, 0);
  await program[Symbol.asyncDispose]();
  assert.match(program.output(), /"message":"Stopping: SIGTERM"/);
});
