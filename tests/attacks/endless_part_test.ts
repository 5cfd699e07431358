import assert from "node:assert/strict";
import { type Answer, HttpCamera, MULTIPART_HEAD, PART_HEAD } from "../support/http_camera.ts";
import { join } from "../support/jpegs.ts";
import { startProgram } from "../support/program.ts";
import { stateOf } from "../support/requests.ts";
import { until } from "../support/until.ts";

/** Maximum memory of ffmpeg. MiB. */
const MAX_RESIDENT = 300;
/** Time within which the studio must show the reason. Milliseconds. */
const PATIENCE_MS = 8_000;

/** SOI, frame header of 32x16 and scan header of a valid JPEG. */
const BEGIN = Uint8Array.of(
  ...[0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 16, 0, 32, 1, 1, 0x11, 0],
  ...[0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0],
);
const BYTES = new Uint8Array(1 << 20).fill(0x55);

function endless(head: string): Answer {
  return async (_, send) => {
    await send(join(new TextEncoder().encode(head), BEGIN));
    for (;;) await send(BYTES);
  };
}

const CAMERAS: Readonly<Record<string, Answer>> = {
  "a part without end": endless(MULTIPART_HEAD + PART_HEAD),
  "a JPEG without end": endless("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n"),
};

/** Returns the memory of a program's ffmpeg, 0 while none runs. MiB. */
async function ffmpegMemory(parent: number): Promise<number> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-o", "rss=,comm=", "--ppid", String(parent)],
  }).output();
  return Number(/(\d+) ffmpeg$/m.exec(new TextDecoder().decode(stdout))?.[1] ?? 0) / 1024;
}

async function attack(answer: Answer): Promise<void> {
  await using camera = new HttpCamera(answer);
  await using program = await startProgram([`--source=http://${camera.host}/`]);
  let most = 0;
  const log = async (): Promise<string> => {
    most = Math.max(most, await ffmpegMemory(program.pid));
    return program.output();
  };
  const isRefused = (log: string) =>
    log.includes("it sends a picture that is damaged, too large, or never ends");
  await until("the reason", log, isRefused, { timeout: PATIENCE_MS });
  assert.equal((await stateOf(program)).reason, "unavailable");
  assert(most <= MAX_RESIDENT, `ffmpeg held ${most} MiB`);
}

Deno.test("attack: camera sends an endless picture", async () => {
  await Promise.all(Object.values(CAMERAS).map(attack));
});
