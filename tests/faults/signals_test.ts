import assert from "node:assert/strict";
import { movingClip } from "../support/clips.ts";
import { FakeCamera, isRunning } from "../support/fake_camera.ts";
import { LiveClient } from "../support/live_client.ts";
import { type Program, startProgram } from "../support/program.ts";
import { SlowReader } from "../support/slow_reader.ts";
import { newViewer } from "../support/test_server.ts";
import { Watcher } from "../support/watcher.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const RUN = [Deno.execPath(), "run", "-A", "main.ts"] as const;

async function send(port: number, text: string): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(text));
  return connection;
}

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

/** Posts messages by one author after another. Returns the confirmed texts. */
async function postInTurn({ origin }: Program, cookies: readonly string[]): Promise<string[]> {
  const posts = cookies.map(async (cookie, i) => {
    await new Promise((resolve) => setTimeout(resolve, 10 * i));
    const text = `Message ${i}`;
    const response = await fetch(`${origin}/chat`, {
      method: "POST",
      headers: { cookie, "content-type": "application/json" },
      body: JSON.stringify({ text, name: `Viewer ${i}` }),
    });
    await response.body?.cancel();
    return response.ok ? text : null;
  });
  const settled = await Promise.allSettled(posts);
  return settled.flatMap((post) =>
    post.status === "fulfilled" && post.value !== null ? [post.value] : []
  );
}

for (const signal of ["SIGHUP", "SIGTERM", "SIGINT"] as const) {
  Deno.test(`${signal} with viewers of all kinds says goodbye, ends streams, loses nothing and exits with 0 within 2 s`, async () => {
    const folder = await Deno.makeTempDir();
    const data = `--data=${folder}/channel.db`;
    await using camera = await FakeCamera.create({ clip: await movingClip() });
    const source = [`--source=${camera.device}`, `--ffmpeg=${camera.ffmpeg}`];
    const get = (path: string) => fetch(program.origin + path);
    await using program = await startProgram([...source, "--resolution=640x480", data]);
    const { origin, port } = program;
    const host = `Host: 127.0.0.1:${port}\r\n`;
    await using watcher = await Watcher.open(`${origin}/stream`);
    await using _slow = await SlowReader.open(program, "/stream", 20_000);
    await using page = await LiveClient.open(program);
    await page.next("hello");
    using raw = await send(port, `GET /stream?quality=low HTTP/1.1\r\n${host}\r\n`);
    const tail = readTail(raw);
    using _stalled = await send(port, `GET /stream HTTP/1.1\r\n${host}\r\n`);
    using _halfHeader = await send(port, `GET / HTTP/1.1\r\n${host}`);
    using _halfBody = await send(
      port,
      `POST /chat HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{`,
    );
    using _idle = await send(port, "");
    const cookies = [];
    for (let i = 0; i < 60; i++) cookies.push((await newViewer({ get })).cookie);
    await watcher.next(30, 8_000);
    const posting = postInTurn(program, cookies);
    await new Promise((resolve) => setTimeout(resolve, 300));
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

    const confirmed = await posting;
    assert.ok(confirmed.length > 5 && confirmed.length < 60, `${confirmed.length} confirmed`);
    await using again = await startProgram(["--source=test", "--resolution=320x240", data]);
    const response = await fetch(`${again.origin}/chat`);
    const { chat }: { chat: { text: string }[] } = await response.json();
    const kept = new Set(chat.map(({ text }) => text));
    assert.deepEqual(confirmed.filter((text) => !kept.has(text)), []);
    await Deno.remove(folder, { recursive: true });
  });
}

/** Starts a program that may hang before it listens. Returns its output and its exit. */
function spawn(command: readonly string[], args: readonly string[]) {
  const [program, ...before] = command;
  const own = ["--port=0", "--host=127.0.0.1", "--log-format=json", "--data=:memory:"];
  const child = new Deno.Command(program, {
    args: [...before, ...own, ...args],
    cwd: ROOT,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let output = "";
  let check = () => {};
  const drained = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      output += text;
      check();
    }
  })();
  return {
    child,
    /** Waits for a log line. */
    async says(pattern: RegExp): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>();
      check = () => pattern.test(output) && resolve();
      check();
      await Promise.race([promise, drained]);
      assert.match(output, pattern);
    },
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGKILL");
      } catch {
        // The process has exited already.
      }
      await child.status;
      await drained;
    },
  };
}

Deno.test("SIGTERM before the first frame ends the program and a hanging ffmpeg within 2 s", async () => {
  const folder = await Deno.makeTempDir();
  const ffmpeg = `${folder}/ffmpeg`;
  // Only the shell itself runs, so nothing is left when it is gone.
  const lines = ["#!/bin/bash", "trap '' TERM INT HUP", `echo $$ >> ${folder}/pid`];
  lines.push("while :; do read -t 1 < <(:); done");
  await Deno.writeTextFile(ffmpeg, lines.join("\n"), { mode: 0o755 });
  await using program = spawn(RUN, ["--source=test", `--ffmpeg=${ffmpeg}`, "--log-level=debug"]);
  const end = performance.now() + 10_000;
  let pid = 0;
  while (pid === 0) {
    assert.ok(performance.now() < end);
    pid = Number(await Deno.readTextFile(`${folder}/pid`).catch(() => "0"));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const begun = performance.now();
  program.child.kill("SIGTERM");
  assert.deepEqual([(await program.child.status).code], [0]);
  const took = performance.now() - begun;
  assert.ok(took < 2_000, `ended after ${took} ms`);
  assert.equal(await isRunning(pid), false, "ffmpeg still runs");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("second signal during shutdown ends the program at once", async () => {
  await using program = await startProgram(["--source=test", "--resolution=320x240"]);
  // Shutdown waits for this viewer's stream, because they read nothing.
  using _half = await send(
    program.port,
    `POST /chat HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n` +
      "Content-Length: 99\r\n\r\n{",
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  program.kill("SIGTERM");
  await new Promise((resolve) => setTimeout(resolve, 100));
  const begun = performance.now();
  program.kill("SIGINT");
  assert.equal((await program.status).code, 130);
  const took = performance.now() - begun;
  assert.ok(took < 500, `ended after ${took} ms`);
});

Deno.test("program under nohup survives a closed terminal, and ends on SIGTERM", async () => {
  await using program = spawn(["nohup", ...RUN], ["--source=test", "--resolution=320x240"]);
  await program.says(/"message":"Listening"/);
  program.child.kill("SIGHUP");
  await new Promise((resolve) => setTimeout(resolve, 300));
  program.child.kill("SIGTERM");
  await program.says(/"message":"Stopping: SIGTERM"/);
  assert.equal((await program.child.status).code, 0);
});
