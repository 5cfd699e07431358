import assert from "node:assert/strict";
import { createCommunity } from "../../src/channel/community.ts";
import { SYSTEM_CLOCK } from "../../src/clock.ts";
import { openStore } from "../../src/store/open.ts";
import { recordingLog } from "../support/recording_log.ts";
import { canMount, mountDisk } from "../support/disk.ts";

const ignore = !canMount();

Deno.test({
  name: "the store on a disk that fills up (needs root): no message is confirmed and lost",
  ignore,
  fn() {
    using disk = mountDisk(512);
    const path = `${disk.path}/livestream.db`;
    Deno.writeFileSync(`${disk.path}/filler`, new Uint8Array(100_000));
    const notices: string[] = [];
    const store = openStore(path, { onNotice: (notice) => notices.push(notice) });
    let monotonic = 0;
    const { chat } = createCommunity({
      store,
      log: recordingLog(),
      clock: { ...SYSTEM_CLOCK, monotonic: () => monotonic += 60_000 },
    });
    const post = (i: number) =>
      chat.post({ viewer: "ann", key: `${i}`, text: `${i} ${"x".repeat(450)}`, name: "Ann" });

    let confirmed = 0;
    while (!("refused" in post(confirmed))) confirmed++;
    assert.ok(confirmed > 10);
    const refused = post(confirmed);
    assert.ok("refused" in refused);
    assert.equal(refused.refused.reason, "This could not be saved: the disk is full");
    assert.ok(refused.refused.retryAfter);
    assert.deepEqual(notices, [
      `Chat and donations cannot be saved in "${path}": the disk is full`,
    ]);
    const expected = Array.from({ length: confirmed }, (_, i) => i + 1);
    assert.deepEqual(chat.newest(1e6).chat.map(({ id }) => id), expected);

    Deno.removeSync(`${disk.path}/filler`);
    assert.ok("message" in post(confirmed));
    store.close();
    const reopened = openStore(path);
    assert.equal(reopened.chat.before(1e9, 1e6).length, confirmed + 1);
    reopened.close();
  },
});

Deno.test({
  name: "openStore on a full disk (needs root) says so",
  ignore,
  fn() {
    using disk = mountDisk(64);
    Deno.writeFileSync(`${disk.path}/filler`, new Uint8Array(64 * 1024));
    assert.throws(() => openStore(`${disk.path}/livestream.db`), {
      name: "UserError",
      message: `Cannot open the data file "${disk.path}/livestream.db": the disk is full. ` +
        "Choose another file with --data",
    });
  },
});

Deno.test({
  name: "openStore on a disk that filled up since (needs root) says so",
  ignore,
  fn() {
    using disk = mountDisk(256);
    const path = `${disk.path}/livestream.db`;
    openStore(path).close();
    const filler = Deno.openSync(`${disk.path}/filler`, { write: true, create: true });
    assert.throws(() => {
      while (true) filler.writeSync(new Uint8Array(4096));
    });
    filler.close();
    assert.throws(() => openStore(path), /: the disk is full\. Choose another file with --data$/);
    Deno.removeSync(`${disk.path}/filler`);
    openStore(path).close();
  },
});

Deno.test({
  name: "openStore on a disk that may not be written to (needs root) says so",
  ignore,
  fn() {
    using disk = mountDisk(256);
    const path = `${disk.path}/livestream.db`;
    openStore(path).close();
    disk.writable(false);
    for (const file of [path, `${disk.path}/new/livestream.db`]) {
      assert.throws(() => openStore(file), {
        name: "UserError",
        message: `Cannot open the data file "${file}": the disk is read-only. ` +
          "Choose another file with --data",
      });
    }
  },
});
