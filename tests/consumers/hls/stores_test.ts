import assert from "node:assert/strict";
import { FolderStore, startFolderWorker } from "../../../src/consumers/hls/folder_store.ts";
import { HttpStore } from "../../../src/consumers/hls/http_store.ts";
import type { HttpRequest } from "../../../src/outgoing/http_client.ts";
import { temporaryFolder } from "../../store/temporary_folder.ts";

const BYTES = Uint8Array.of(1, 2, 3);

Deno.test("a folder gets whole files, loses those of earlier runs, and keeps what is not ours", async () => {
  using parent = temporaryFolder();
  const path = `${parent.path}/live`;
  Deno.mkdirSync(path);
  const earlier = ["01234567-low-7.m4s", "01234567-high-init0.mp4", "low.m3u8", "high.m3u8.part"];
  const others = ["mine.m3u8", "0123456-low-7.m4s", "01234567-low-7.m4s.bak"];
  for (const name of [...earlier, ...others]) Deno.writeTextFileSync(`${path}/${name}`, "");
  const store = new FolderStore(path, startFolderWorker(path));
  const names = () => [...Deno.readDirSync(path)].map(({ name }) => name).sort();
  await store.put("89abcdef-low-1.m4s", BYTES);
  assert.deepEqual(names(), [...others, "89abcdef-low-1.m4s"].sort());
  assert.deepEqual(Deno.readFileSync(`${path}/89abcdef-low-1.m4s`), BYTES);
  await store.remove("89abcdef-low-1.m4s");
  await store.remove("89abcdef-low-1.m4s");
  assert.deepEqual(names(), others.sort());
  store.close();
  await assert.rejects(store.put("x", BYTES), /the program is ending/);
});

Deno.test("a folder that is not there is made, also when somebody removes it", async () => {
  using parent = temporaryFolder();
  const path = `${parent.path}/live/there`;
  const store = new FolderStore(path, startFolderWorker(path));
  await store.put("one", BYTES);
  Deno.removeSync(path, { recursive: true });
  await assert.rejects(store.put("two", BYTES), /there is no such file/);
  await store.put("two", BYTES);
  assert.deepEqual([...Deno.readDirSync(path)].map(({ name }) => name), ["two"]);
  store.close();
});

Deno.test("a folder that cannot be opened is opened by a later try", async () => {
  using parent = temporaryFolder();
  const path = `${parent.path}/live`;
  Deno.writeTextFileSync(path, "a file");
  const store = new FolderStore(path, startFolderWorker(path));
  await assert.rejects(store.put("one", BYTES), /is a file, not a folder/);
  Deno.removeSync(path);
  await store.put("one", BYTES);
  store.close();
});

/** A store at a server that answers so. */
function serverStore(status: number) {
  const requests: HttpRequest[] = [];
  const url = new URL("https://me:XQZJ@media.example/a%20b/");
  const store = new HttpStore(url, {
    request(request) {
      requests.push(request);
      return Promise.resolve({ status, retryAfter: null });
    },
  });
  return { store, requests };
}

Deno.test("a server gets files with what they are and how long they may be kept", async () => {
  const { store, requests } = serverStore(201);
  await store.put("89abcdef-low-1.m4s", BYTES);
  await store.put("low.m3u8", BYTES);
  await store.remove("89abcdef-low-1.m4s");
  assert.equal(store.name, "https://media.example");
  const [segment, playlist, removal] = requests;
  assert.equal(segment.url.href, "https://me:XQZJ@media.example/a%20b/89abcdef-low-1.m4s");
  assert.deepEqual([segment.method, segment.body], ["PUT", BYTES]);
  assert.deepEqual(segment.headers, {
    "Content-Type": "video/iso.segment",
    "Cache-Control": "public, max-age=86400, immutable",
  });
  assert.equal(playlist.headers?.["Cache-Control"], "public, max-age=1");
  assert.deepEqual([removal.method, removal.url.pathname, removal.body], [
    "DELETE",
    "/a%20b/89abcdef-low-1.m4s",
    undefined,
  ]);
});

Deno.test("what a server answers is explained, without the address", async () => {
  const reasons: readonly (readonly [number, RegExp])[] = [
    [401, /check user name, password/],
    [403, /check user name, password/],
    [404, /no such folder/],
    [405, /does not allow PUT/],
    [413, /no files that large/],
    [301, /HTTP 301/],
    [500, /HTTP 500/],
  ];
  for (const [status, reason] of reasons) {
    const { store } = serverStore(status);
    await assert.rejects(store.put("low.m3u8", BYTES), (error: Error) => {
      assert.match(error.message, reason);
      assert.doesNotMatch(error.message, /XQZJ|media/);
      return true;
    });
    // A server may forget old files by itself.
    await store.remove("low.m3u8");
  }
});
