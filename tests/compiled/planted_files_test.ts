import assert from "node:assert/strict";
import { ADMIN_TOKEN, administer, AS_STREAMER, postJson } from "../support/requests.ts";
import { StreamClient } from "../support/stream_client.ts";
import { until } from "../support/until.ts";
import { type Executable, startExecutable } from "./executable.ts";

/** World-writable folders, besides the one TMPDIR names. */
const SHARED = ["/tmp", "/var/tmp", "/dev/shm"];

/** Where Deno looks for V8's code cache unless disabled. */
const CODE_CACHE = "deno-compile-livestream.cache";

const ARGS = ["--source=test", "--resolution=320x240", "--codec=imagescript"];

const CONTENT = "planted by another user";

/** Creates a world-writable folder, with a file nearby that must not be touched. */
async function sharedFolder() {
  const parent = await Deno.makeTempDir({ prefix: "shared_" });
  const folder = `${parent}/tmp`;
  const target = `${parent}/target`;
  await Deno.mkdir(folder);
  await Deno.chmod(folder, 0o1777);
  await Deno.writeTextFile(target, CONTENT);
  await markUnread(target);
  return {
    folder,
    target,
    [Symbol.asyncDispose]: () => Deno.remove(parent, { recursive: true }),
  };
}

/** Sets times that the next read changes, under `relatime`. */
async function markUnread(path: string): Promise<void> {
  await Deno.utime(path, 0, new Date());
}

async function wasRead(path: string): Promise<boolean> {
  return (await Deno.stat(path)).atime?.getTime() !== 0;
}

function start(folder: string, tracer: readonly string[] = []): Promise<Executable> {
  return startExecutable(ARGS, { TMPDIR: folder, LIVESTREAM_ADMIN_TOKEN: ADMIN_TOKEN }, tracer);
}

/** Makes the executable decode, encode and draw everything. Fails if anything is missing. */
async function work(server: Executable): Promise<void> {
  await using low = await StreamClient.open(`${server.origin}/stream?quality=low`);
  // A busy machine may not make the first ones within 2 s: then the source stands in for Low.
  await until(
    "Low",
    async () => (await low.next(1, 20_000)).at(-1)!.quality,
    (quality) => quality === "20",
    { timeout: 20_000, every: 0 },
  );

  const card = await fetch(`${server.origin}/admin/share-card.png`, { headers: AS_STREAMER });
  assert.equal(card.status, 200);
  assert.ok((await card.bytes()).length > 10_000);

  await administer(server, "on-air", { onAir: false });
  await using viewer = await StreamClient.open(`${server.origin}/stream`);
  const [one, next] = await viewer.next(2, 10_000);
  // The test picture moves; the card does not.
  assert.deepEqual(one.jpeg, next.jpeg);

  const said = await postJson(server, "/chat", { text: "Hello", name: "Front desk" });
  assert.equal(said.status, 200, said.body.detail);
}

/** Returns paths in strace's output within world-writable folders, except those in `own`. */
function sharedPaths(trace: string, folders: readonly string[], own: string): string[] {
  const paths = new Set([...trace.matchAll(/"(\/[^"]*)"/g)].map(([, path]) => path!));
  return [...paths].filter((path) =>
    folders.some((folder) => path.startsWith(`${folder}/`)) &&
    path !== own && !path.startsWith(`${own}/`) && !own.startsWith(`${path}/`)
  );
}

Deno.test({
  name: "executable and ffmpeg touch nothing in world-writable folders",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using shared = await sharedFolder();
    const log = `${shared.target}.trace`;
    // With -D, strace is not the executable's parent.
    const tracer = ["strace", "-D", "-f", "-qq", "-s", "4096", "-e", "trace=%file", "-o", log];
    const server = await start(shared.folder, tracer);
    {
      await using _ = server;
      await work(server);
    }
    const trace = await Deno.readTextFile(log);
    // strace has seen the expected calls.
    assert.match(trace, /execve\("[^"]*\/ffmpeg"/);
    assert.match(trace, /openat\([^"]*"[^"]*\/livestream\.db"/);
    assert.deepEqual(sharedPaths(trace, [...SHARED, shared.folder], server.folder), []);
  },
});

/** Ways to plant a file before the executable starts, by kind of file. */
const PLANTED: Readonly<Record<string, (path: string, target: string) => Promise<void>>> = {
  "file with other content": (path) => Deno.writeTextFile(path, CONTENT),
  "file of another user": async (path) => {
    await Deno.writeTextFile(path, CONTENT);
    await Deno.chmod(path, 0o666);
    if (Deno.uid() === 0) await Deno.chown(path, 65534, 65534);
  },
  "link to a file elsewhere": (path, target) => Deno.symlink(target, path),
  "folder": (path) => Deno.mkdir(path),
};

for (const [what, plant] of Object.entries(PLANTED)) {
  Deno.test(`executable ignores a planted ${what} and works`, async () => {
    await using shared = await sharedFolder();
    const planted = `${shared.folder}/${CODE_CACHE}`;
    await plant(planted, shared.target);
    await markUnread(planted);
    await using server = await start(shared.folder);
    await work(server);
    const read = [await wasRead(planted), await wasRead(shared.target)];
    assert.deepEqual(read, [false, false]);
    assert.equal(await Deno.readTextFile(shared.target), CONTENT);
    const left = Array.from(Deno.readDirSync(shared.folder), ({ name }) => name);
    assert.deepEqual(left, [CODE_CACHE]);
  });
}

Deno.test("executable works without a folder for temporary files", async () => {
  await using shared = await sharedFolder();
  // It finds a file in place of a folder.
  await using server = await start(shared.target);
  await work(server);
});

Deno.test("executable carries no native addon", async () => {
  const bytes = await Deno.readFile(Deno.env.get("TESTED_EXECUTABLE")!);
  const text = new TextDecoder("latin1").decode(bytes);
  // Their neighbours in the package are included, so their names would appear here.
  assert.ok(text.includes("framebuffer.js"));
  for (const platform of ["x64-linux", "arm64-linux", "x64-darwin", "arm64-darwin", "x64-win32"]) {
    assert.ok(!text.includes(`${platform}.node`), platform);
  }
});
