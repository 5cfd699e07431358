/**
 * Measures the whole server under load, beside µStreamer where it is installed: a fake camera that gives
 * 720p30 MJPEG, real ffmpeg, hundreds of real connections. Prints Markdown tables.
 */
import { cached } from "../support/cache.ts";
import { FakeCamera } from "../support/fake_camera.ts";
import { ffmpeg } from "../support/ffmpeg.ts";
import { type Program, startProgram } from "../support/program.ts";
import { buildLoad, load, type LoadResult } from "./load.ts";

const SECONDS = 8;
const STREET = new URL("../support/street.mp4", import.meta.url).pathname;

/** Ten renditions that ten groups of viewers watch at once. */
const TEN_RENDITIONS = ["medium", "low"].flatMap((quality) =>
  ["none", "grayscale", "sepia", "invert", "mirror"].map((filter) =>
    `/stream?quality=${quality}&filter=${filter}`
  )
);

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}

async function clip720(): Promise<string> {
  return await cached("street-720.mjpeg", async (path) => {
    const encoder = ["-c:v", "mjpeg", "-huffman", "default", "-pix_fmt", "yuvj422p", "-q:v", "4"];
    const filter = "scale=1280:720:flags=lanczos,fps=30";
    await ffmpeg("-i", STREET, "-vf", filter, "-frames:v", "150", ...encoder, "-f", "mjpeg", path);
  });
}

async function openCamera(): Promise<FakeCamera> {
  const clip = { path: await clip720(), format: "mjpeg" as const };
  return await FakeCamera.create({ clip, width: 1280, height: 720 });
}

async function withServer<T>(args: string[], run: (program: Program) => Promise<T>): Promise<T> {
  await using camera = await openCamera();
  const source = [`--source=${camera.device}`, `--ffmpeg=${camera.ffmpeg}`];
  await using program = await startProgram([...source, ...args]);
  return await run(program);
}

/** µStreamer, passing the camera's MJPEG on as we do; `null` where it is not installed. */
async function withRival<T>(run: (port: number, pid: number) => Promise<T>): Promise<T | null> {
  await using camera = await openCamera();
  const port = 18_081;
  const size = ["--format=MJPEG", "--resolution=1280x720", "--desired-fps=30", "--encoder=HW"];
  const args = [`--device=${camera.device}`, ...size, "--host=127.0.0.1", `--port=${port}`];
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command("ustreamer", {
      args,
      env: camera.environment,
      stdout: "null",
      stderr: "null",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  try {
    await new Promise((resolve) => setTimeout(resolve, 2000));
    return await run(port, child.pid);
  } finally {
    child.kill();
    await child.status;
  }
}

function row(name: string, result: LoadResult): string {
  const { fps, age_ms, cpu_cores, peak_rss_kb, viewers, lost } = result;
  const cells = [
    name,
    viewers - lost,
    `${fps.min} / ${fps.median}`,
    age_ms.median < 0 ? "" : `${age_ms.median} / ${age_ms.p99}`,
    cpu_cores < 0 ? "" : cpu_cores.toFixed(2),
    peak_rss_kb ? Math.round(peak_rss_kb / 1024) : "",
  ];
  return `| ${cells.join(" | ")} |`;
}

const program = await buildLoad();
if (!program) {
  print("No load program is beside the project: nothing to measure");
  Deno.exit(0);
}

print("| | viewers | fps min / median | age ms median / p99 | cores | peak MiB |");
print("| --- | --- | --- | --- | --- | --- |");

for (const viewers of [1, 100, 400]) {
  const watch = (port: number, pid: number) =>
    load(program, { port, pid, path: "/stream", viewers, seconds: SECONDS });
  print(row("source", await withServer([], ({ port, pid }) => watch(port, pid))));
  const rival = await withRival(watch);
  if (rival) print(row("source, µStreamer", rival));
}

const ten = await withServer([], async ({ port, pid }) => {
  const seconds = SECONDS;
  const runs = TEN_RENDITIONS.map((path, i) =>
    load(program, { port, path, viewers: 10, seconds, ...(i === 0 && { pid }) })
  );
  return await Promise.all(runs);
});
ten.forEach((result, i) => print(row(TEN_RENDITIONS[i].replace("/stream?", ""), result)));

const stalled = await withServer(
  [],
  ({ port, pid }) =>
    load(program, { port, pid, path: "/stream", viewers: 60, slow: 10, seconds: SECONDS }),
);
print(row("source, of whom ten read next to nothing", stalled));
