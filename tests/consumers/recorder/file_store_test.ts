import assert from "node:assert/strict";
import { FileStore } from "../../../src/consumers/recorder/file_store.ts";
import type { StoredFrame } from "../../../src/consumers/recorder/frame_store.ts";
import { FILE_HEADER_BYTES, openRingFile } from "../../../src/consumers/recorder/ring_file.ts";
import { UserError } from "../../../src/errors.ts";
import { recordingLog } from "../../support/recording_log.ts";

const SIZE = FILE_HEADER_BYTES + 100_000;

/** A JPEG as far as the store looks. */
function jpegOf(number: number, length = 30_000): Uint8Array<ArrayBuffer> {
  return new Uint8Array(length).fill(number).with(0, 0xff).with(1, 0xd8) as Uint8Array<ArrayBuffer>;
}

async function inFolder(run: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("rewind file is allocated from the start, private, and empty at the end", () =>
  inFolder(async (folder) => {
    const path = `${folder}/ring`;
    const store = new FileStore(openRingFile(path, SIZE), recordingLog());
    const { size, blocks, mode } = await Deno.stat(path);
    assert.equal(size, SIZE);
    if (Deno.build.os === "linux") assert(blocks! * 512 >= SIZE);
    if (Deno.build.os !== "windows") assert.equal(mode! & 0o777, 0o600);
    await store[Symbol.asyncDispose]();
    assert.equal((await Deno.stat(path)).size, 0);
  }));

Deno.test({
  name: "rewind file is refused while another server uses it, and left as it is",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder((folder) => {
      const path = `${folder}/ring`;
      const first = openRingFile(path, SIZE);
      assert.throws(() => openRingFile(path, SIZE), (error) =>
        error instanceof UserError && error.message.includes("another program is using it"));
      assert.equal(Deno.statSync(path).size, SIZE);
      first.close();
      openRingFile(path, SIZE).close();
    }),
});

Deno.test("rewind file gives back each frame while it is kept or held, before and after it is written", () =>
  inFolder(async (folder) => {
    const path = `${folder}/ring`;
    await using store = new FileStore(openRingFile(path, SIZE), recordingLog());
    const kept: [number, StoredFrame][] = [];
    const held = [];
    for (let number = 1; number <= 40; number++) {
      let stored = store.add(jpegOf(number));
      while (stored === "full") {
        const [of, oldest] = kept.shift()!;
        oldest.free();
        if (of !== 3) assert.equal(await oldest.read(), null);
        stored = store.add(jpegOf(number));
      }
      assert(typeof stored !== "string", String(stored));
      kept.push([number, stored]);
      if (number === 3) held.push([number, stored.hold()] as const);
      const all = await Promise.all(kept.map(async ([n, one]) => [n, await one.read()] as const));
      for (const [n, jpeg] of all) assert.equal(jpeg?.[9], n);
      for (const [n, one] of held) assert.equal((await one.read())?.[9], n);
    }
    const [, one] = held[0];
    one.release();
    one.release();
    assert.equal(await one.read(), null);
  }));

Deno.test("rewind file that cannot be written loses frames, says so once, and goes on", () =>
  inFolder(async (folder) => {
    const log = recordingLog();
    const file = openRingFile(`${folder}/ring`, SIZE);
    const store = new FileStore(file, log);
    const broken = { seek: () => Promise.reject(new Error("Input/output error (os error 5)")) };
    const failing = new FileStore({ ...file, writer: broken as unknown as Deno.FsFile }, log);
    const frames = [failing.add(jpegOf(1)), failing.add(jpegOf(2))] as StoredFrame[];
    for (let i = 0; i < 10; i++) await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve, 0));
    for (const frame of frames) assert.equal(await frame.read(), null);
    assert.match(JSON.stringify(log), /Cannot write to the rewind file/);
    await store[Symbol.asyncDispose]();
  }));

Deno.test("rewind file takes over what an earlier run left, and nothing else", () =>
  inFolder(async (folder) => {
    const refused = (path: string, reason: RegExp) =>
      assert.throws(() => openRingFile(path, SIZE), (error) => {
        assert(error instanceof UserError);
        assert.match(error.message, reason);
        return true;
      });
    const earlier = openRingFile(`${folder}/earlier`, SIZE);
    await Deno.copyFile(`${folder}/earlier`, `${folder}/ring`);
    earlier.close();
    openRingFile(`${folder}/ring`, SIZE).close();

    await Deno.writeTextFile(`${folder}/letter`, "Dear Anna");
    refused(`${folder}/letter`, /other content/);
    assert.equal(await Deno.readTextFile(`${folder}/letter`), "Dear Anna");
    refused(folder, /it is a folder/);
    refused(`${folder}/none/ring`, /no such file/);
    if (Deno.build.os === "windows") return;
    await Deno.symlink(`${folder}/ring`, `${folder}/link`);
    refused(`${folder}/link`, /it is a link/);
    await Deno.link(`${folder}/ring`, `${folder}/hard`);
    refused(`${folder}/hard`, /other names/);
    refused("/dev/null", /no regular file|\/dev/);
  }));

Deno.test("rewind file larger than the disk is refused, and leaves nothing behind", {
  ignore: Deno.build.os !== "linux",
}, () =>
  inFolder(async (folder) => {
    assert.throws(() => openRingFile(`${folder}/ring`, 1e15), UserError);
    assert.equal((await Deno.stat(`${folder}/ring`)).size, 0);
  }));
