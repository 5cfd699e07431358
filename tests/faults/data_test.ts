import type { ChatMessage } from "../../src/live_messages.ts";
import assert from "node:assert/strict";
import { LiveClient } from "../support/live_client.ts";
import { canMount, mountDisk } from "../support/disk.ts";
import { freePort } from "../support/free_port.ts";
import { healthOf } from "../support/process_health.ts";
import { type Program, runProgram, startProgram } from "../support/program.ts";
import { newCookie, postJson, stateOf } from "../support/requests.ts";
import { StreamClient } from "../support/stream_client.ts";
import { openStore } from "../../src/store/open.ts";
import { temporaryFolder } from "../store/temporary_folder.ts";

const SOURCE = ["--source=test", "--resolution=320x240"];

type Post = { readonly status: number; readonly id?: number; readonly detail?: string };

/** Posts as a new author each time, so that the rate limit never applies. */
async function post(program: Program, text: string): Promise<Post> {
  const message = { text, name: `Ann ${crypto.randomUUID().slice(0, 18)}` };
  const { status, body } = await postJson(program, "/chat", message, newCookie());
  return { status, id: body.message?.id, detail: body.detail };
}

async function donate(program: Program): Promise<number> {
  return (await postJson(program, "/donate", { amount: 1 })).status;
}

async function history({ origin }: Program): Promise<string[]> {
  const { chat } = await (await fetch(`${origin}/chat`)).json();
  return chat.filter(({ gift }: ChatMessage) => !gift).map(({ text }: ChatMessage) => text);
}

/** Returns the log lines about the data file. */
function dataNotices(program: Program): string[] {
  return program.output().split("\n").filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line)).filter(({ level }) => level === "warn" || level === "error")
    .map(({ message }) => message);
}

Deno.test({
  name: "full disk (needs root) refuses posts, is logged once, and recovers",
  ignore: !canMount(),
  async fn() {
    using disk = mountDisk(512);
    const path = `${disk.path}/channel.db`;
    const filler = `${disk.path}/filler`;
    await using program = await startProgram([...SOURCE, `--data=${path}`]);
    await using viewer = await StreamClient.open(`${program.origin}/stream`);
    await using page = await LiveClient.open(program, newCookie());
    await page.next("hello");
    assert.equal((await post(program, "before")).status, 200);
    const before = await healthOf(program.pid);

    using file = Deno.openSync(filler, { write: true, create: true });
    assert.throws(() => {
      for (;;) file.writeSync(new Uint8Array(512));
    });
    // SQLite may still have room within its last page.
    const text = "x".repeat(490);
    const confirmed: string[] = [];
    let refused: Post = { status: 200 };
    for (let i = 0; i < 40 && refused.status === 200; i++) {
      refused = await post(program, `${i} ${text}`);
      if (refused.status === 200) confirmed.push(`${i} ${text}`);
    }
    assert.deepEqual(refused, {
      status: 503,
      id: undefined,
      detail: "This could not be saved: the disk is full",
    });
    assert.equal(await donate(program), 503);
    page.send({ type: "chat", key: "k", text, name: "Bea" });
    const { reason, retryAfter } = await page.next("refused");
    assert.equal(reason, "This could not be saved: the disk is full");
    assert.ok(retryAfter! > 0);
    await viewer.next(10, 3_000);
    assert.deepEqual(dataNotices(program), [
      `Chat and donations cannot be saved in "${path}": the disk is full`,
    ]);

    Deno.removeSync(filler);
    file.truncateSync(0);
    page.send({ type: "chat", key: "k", text: "from the page", name: "Bea" });
    assert.equal((await page.next("chat")).message.text, "from the page");
    assert.equal((await post(program, "after")).status, 200);
    assert.equal(await donate(program), 200);
    const expected = ["before", ...confirmed, "from the page", "after"];
    assert.deepEqual(await history(program), expected.slice(-50));
    assert.ok((await healthOf(program.pid)).files <= before.files + 2);
    program.kill("SIGKILL");
    await program.status;
    const store = openStore(path);
    const kept = store.chat.before(1e9, 1e6).filter(({ gift }) => !gift);
    assert.deepEqual(kept.map(({ text }) => text), expected);
    store.close();
  },
});

Deno.test({
  name: "read-only disk (needs root) ends the program with a remedy",
  ignore: !canMount(),
  async fn() {
    using disk = mountDisk(256);
    disk.writable(false);
    const path = `${disk.path}/channel.db`;
    const end = await runProgram([...SOURCE, "--port=0", `--data=${path}`]);
    assert.equal(end.code, 1);
    assert.equal(
      end.stderr,
      `Cannot open the data file "${path}": the disk is read-only. ` +
        "Choose another file with --data\n",
    );
  },
});

Deno.test("data file damaged before the start is set aside with one log line", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/channel.db`;
  Deno.writeTextFileSync(path, "no database at all ".repeat(500));
  await using program = await startProgram([...SOURCE, `--data=${path}`]);
  const [aside] = folder.list().filter((name) => name.includes("damaged"));
  assert.deepEqual(dataNotices(program), [
    `The data file "${path}" was damaged and is now "${folder.path}/${aside}"; ` +
    "a new one was created",
    "Off air: go on air in the studio",
  ]);
  assert.equal((await post(program, "hello")).status, 200);
  // No other process can access it meanwhile.
  const second = await runProgram([...SOURCE, "--port=0", `--data=${path}`]);
  assert.equal(second.code, 1);
  assert.equal(
    second.stderr,
    `Cannot open the data file "${path}": process ${program.pid} is using it. ` +
      "Choose another file with --data\n",
  );
  assert.equal((await post(program, "still here")).status, 200);
});

Deno.test("second server of a user gets its own data file, named after its port", async () => {
  using folder = temporaryFolder();
  const options = { env: { XDG_DATA_HOME: folder.path }, keepsData: true };
  await using first = await startProgram(SOURCE, options);
  const port = freePort();
  const own = `${folder.path}/livestream/livestream-${port}.db`;
  const args = [...SOURCE, `--port=${port}`];
  let id: number | undefined;
  {
    await using second = await startProgram(args, options);
    assert.deepEqual(dataNotices(second), [
      `The data file "${folder.path}/livestream/livestream.db" is in use by process ${first.pid}; ` +
      `using "${own}" instead`,
    ]);
    id = (await post(second, "from the second")).id;
    assert.ok(id !== undefined);
    // If the port is in use, that error comes first, and no file is created.
    const taken = ["--source=test", "--host=127.0.0.1", `--port=${first.port}`];
    const third = await runProgram(taken, options);
    assert.match(third.stderr, new RegExp(`^Port ${first.port} is in use\\. `));
    const files = [...Deno.readDirSync(`${folder.path}/livestream`)].map(({ name }) => name);
    assert.ok(!files.includes(`livestream-${first.port}.db`), files.join());
  }
  assert.deepEqual(await history(first), []);
  await using second = await startProgram(args, options);
  assert.deepEqual(await history(second), ["from the second"]);
});

Deno.test("second server keeps its own file when it runs alone, and stays off air", async () => {
  using folder = temporaryFolder();
  const port = freePort();
  openStore(`${folder.path}/livestream/livestream.db`).close();
  const own = openStore(`${folder.path}/livestream/livestream-${port}.db`);
  own.channel.setOnAir(false);
  own.close();
  const options = { env: { XDG_DATA_HOME: folder.path }, keepsData: true };
  await using program = await startProgram([...SOURCE, `--port=${port}`], options);
  assert.deepEqual(dataNotices(program), ["Off air: go on air in the studio"]);
  assert.equal((await stateOf(program)).onAir, false);
});

/** Creates a data file with more messages than SQLite keeps in memory. */
function fill(path: string): void {
  const store = openStore(path);
  const text = "x".repeat(20_000);
  for (let i = 0; i < 800; i++) {
    const message = { at: i, name: "Ann", hue: 7, text, supporter: false, author: "ann" };
    store.chat.add(message, `${i}`);
  }
  store.close();
}

Deno.test("data file damaged at run time refuses posts and is logged once while the stream continues", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/channel.db`;
  fill(path);
  const args = [...SOURCE, `--data=${path}`];
  {
    await using program = await startProgram(args);
    await using viewer = await StreamClient.open(`${program.origin}/stream`);
    await viewer.next(1, 3_000);
    const size = Deno.statSync(path).size;
    using file = Deno.openSync(path, { write: true });
    file.seekSync(4096, Deno.SeekMode.Start);
    const noise = new Uint8Array(4096).fill(0xa5);
    for (let at = 4096; at < size; at += noise.length) file.writeSync(noise);
    const old = await fetch(`${program.origin}/chat?before=100`);
    assert.deepEqual([old.status, (await old.json()).chat.length], [200, 0]);
    // SQLite may have the needed pages in memory; then the write-ahead log gets the message.
    const posted = await post(program, "hello");
    assert.ok(posted.status === 503 || posted.status === 200, JSON.stringify(posted));
    assert.deepEqual(dataNotices(program), [
      `Chat and donations cannot be saved in "${path}": the data file is damaged`,
    ]);
    await viewer.next(10, 3_000);
  }
  await using program = await startProgram(args);
  assert.match(
    dataNotices(program).join(),
    /^The data file .* was damaged and is now .*; a new one/,
  );
  assert.equal((await post(program, "again")).status, 200);
});

for (
  const [what, remove] of [
    ["data file", (path: string) => Deno.removeSync(path)],
    [
      "folder of the data file",
      (path: string) => Deno.removeSync(path.slice(0, path.lastIndexOf("/")), { recursive: true }),
    ],
  ] as const
) {
  Deno.test(`${what} removed at run time refuses posts and is logged once while the stream continues`, async () => {
    using folder = temporaryFolder();
    const path = `${folder.path}/channel/channel.db`;
    const args = [...SOURCE, `--data=${path}`];
    {
      await using program = await startProgram(args);
      await using viewer = await StreamClient.open(`${program.origin}/stream`);
      assert.equal((await post(program, "before")).status, 200);
      const before = await healthOf(program.pid);
      remove(path);
      const reason = "the data file was removed; the next start creates a new one";
      for (let times = 0; times < 2; times++) {
        const { status, detail } = await post(program, "lost");
        assert.deepEqual([status, detail], [503, `This could not be saved: ${reason}`]);
        assert.equal(await donate(program), 503);
      }
      assert.deepEqual(dataNotices(program), [
        `Chat and donations cannot be saved in "${path}": ${reason}`,
      ]);
      assert.deepEqual(await history(program), ["before"]);
      await viewer.next(10, 3_000);
      assert.ok((await healthOf(program.pid)).files <= before.files + 2);
    }
    await using program = await startProgram(args);
    assert.equal((await post(program, "anew")).status, 200);
    assert.deepEqual(await history(program), ["anew"]);
  });
}
