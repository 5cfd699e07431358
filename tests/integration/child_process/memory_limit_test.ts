import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { limitMemory } from "../../../src/child_process/memory_limit.ts";
import { waysFor } from "../../../src/producers/ffmpeg/ways.ts";
import { type Answer, HttpCamera, MULTIPART_HEAD } from "../../support/http_camera.ts";
import { residentMemory } from "../../support/process_health.ts";

const MIB = 1 << 20;
/** The most that ffmpeg may hold, whatever a camera sends. MiB. */
const MAX_RESIDENT = 300;
/** How long each camera is read. Milliseconds. */
const WATCHED_MS = 1_500;

const HEAD = "HTTP/1.1 200 OK\r\n";

/** Sends something, then repeats something else forever. */
function endless(first: string, again: string | Uint8Array): Answer {
  return async (_, send) => {
    await send(first);
    for (;;) await send(again);
  };
}

/** All that can be without end besides a picture, which `tests/attacks` has, or too large. */
const CAMERAS: Readonly<Record<string, Answer>> = {
  "a part of two gigabytes": endless(
    `${MULTIPART_HEAD}--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 2000000000\r\n\r\n`,
    new Uint8Array(MIB).fill(0x55),
  ),
  "headers": endless(HEAD, `Set-Cookie: a=${"b".repeat(900)}\r\n`.repeat(1000)),
  "stream headers": endless(HEAD, `Icy-Name: ${"b".repeat(900)}\r\n`.repeat(1000)),
  "a header": endless(`${HEAD}X-Camera: `, "x".repeat(MIB)),
  "headers of a part": endless(`${MULTIPART_HEAD}--frame\r\n`, "X: y\r\n".repeat(10_000)),
  "a header of a part": endless(`${MULTIPART_HEAD}--frame\r\nX: `, "x".repeat(MIB)),
};

for (const [what, answer] of Object.entries(CAMERAS)) {
  Deno.test(`ffmpeg holds at most ${MAX_RESIDENT} MiB while ${what} without end come`, async () => {
    await using camera = new HttpCamera(answer);
    const source = { kind: "url", url: `http://${camera.host}/` } as const;
    const settings = { width: 640, height: 480, fps: 30 };
    const ways = [{}, { codec: "mjpeg", isRaw: true, isUnsound: true } as const]
      .flatMap((findings) => waysFor(source, settings, "linux", findings));
    for (const name of ["bytes", "paced encode", "search and encode"]) {
      const most = await memoryOf(ways.find((way) => way.name === name)!.args);
      assert.ok(camera.requests.length > 0, name);
      assert.ok(most <= MAX_RESIDENT, `${most} MiB of ${name}`);
      camera.requests.length = 0;
    }
  });
}

/** The most memory that an ffmpeg holds in the time that it is watched, in MiB. */
async function memoryOf(args: readonly string[]): Promise<number> {
  const child = new Deno.Command("ffmpeg", {
    args: [...args],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), WATCHED_MS);
  let isOver = false;
  const ended = child.status.then(() => isOver = true);
  let most = 0;
  while (!isOver) {
    most = Math.max(most, await residentMemory(child.pid));
    await delay(50);
  }
  await ended;
  clearTimeout(timer);
  return most;
}

Deno.test({
  name: "a child gets no more memory than its limit",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const script = "read line; x=$(head -c 50000000 /dev/zero | tr '\\0' x); echo ${#x}";
    const run = async (limit: number | null) => {
      const child = new Deno.Command("sh", {
        args: ["-c", script],
        stdin: "piped",
        stdout: "piped",
        stderr: "null",
      }).spawn();
      if (limit !== null) limitMemory(child.pid, limit);
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode("go\n"));
      await writer.close();
      return new TextDecoder().decode((await child.output()).stdout).trim();
    };
    assert.equal(await run(null), "50000000");
    assert.equal(await run(1024 * MIB), "50000000");
    assert.equal(await run(20 * MIB), "");
  },
});
