import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { DatabaseSync } from "node:sqlite";
import { APPLICATION_ID, MIGRATIONS } from "../../src/store/schema.ts";
import { openStore, type Store } from "../../src/store/open.ts";
import { temporaryFolder } from "./temporary_folder.ts";

const message = (text: string) => ({
  at: 5,
  name: "Ann",
  hue: 7,
  text,
  author: "ann",
});

/** Opens, and gives what was told meanwhile. */
function open(path: string) {
  const notices: string[] = [];
  const clock = { wall: () => Date.UTC(2026, 10, 22, 13, 41, 8) };
  return { store: openStore(path, { onNotice: (notice) => notices.push(notice), clock }), notices };
}

/** A database with one message, closed. */
function begin(path: string): void {
  const store = openStore(path);
  store.chat.add(message("hello"), "1");
  store.close();
}

function texts(store: Store): string[] {
  return store.chat.before(1e9, 1e9).map(({ text }) => text);
}

Deno.test("openStore creates the file and its folders, for this user alone", () => {
  using folder = temporaryFolder();
  const { store, notices } = open(`${folder.path}/a/b/livestream.db`);
  store.chat.add(message("hello"), "1");
  assert.deepEqual(notices, []);
  if (Deno.build.os !== "windows") {
    const mode = (path: string) => Deno.statSync(`${folder.path}/${path}`).mode! & 0o777;
    assert.equal(mode("a"), 0o700);
    assert.equal(mode("a/b/livestream.db"), 0o600);
    assert.equal(mode("a/b/livestream.db-wal"), 0o600);
  }
  store.close();
  assert.deepEqual([...Deno.readDirSync(`${folder.path}/a/b`)].length, 1);
});

Deno.test("openStore finds everything again", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/livestream.db`;
  const first = openStore(path);
  const secret = first.secret;
  first.chat.add(message("hello"), "1");
  first.people.rename("ann", "Ann");
  first.close();
  const second = openStore(path);
  assert.deepEqual(second.secret, secret);
  assert.equal(second.secret.length, 32);
  assert.deepEqual(second.chat.get(1), { id: 1, supporter: false, ...message("hello") });
  assert.equal(second.people.nameOf("ann"), "Ann");
  second.close();
});

Deno.test("openStore makes a new secret for each file", () => {
  const [one, other] = [openStore(":memory:"), openStore(":memory:")];
  assert.notDeepEqual(one.secret, other.secret);
  one.close();
  other.close();
});

for (
  const [kind, damage] of [
    ["full of zeros", (path: string) => Deno.writeFileSync(path, new Uint8Array(8192))],
    ["that is no database", (path: string) => Deno.writeTextFileSync(path, "hello ".repeat(1000))],
    ["cut short", (path: string) => Deno.truncateSync(path, 20_000)],
    ["with a torn page", (path: string) => scribble(path, 4096 * 2 + 5, 300)],
    ["with a torn schema", (path: string) => scribble(path, 110, 300)],
    ["without its tables", (path: string) => dropTables(path)],
  ] as const
) {
  Deno.test(`openStore renames a file ${kind} and creates a new one`, () => {
    using folder = temporaryFolder();
    const path = `${folder.path}/livestream.db`;
    begin(path);
    damage(path);
    const damaged = Deno.readFileSync(path);
    const { store, notices } = open(path);
    const aside = `${path}.damaged-2026-11-22T13-41-08`;
    assert.deepEqual(notices, [
      `The data file "${path}" was damaged and is now "${aside}"; a new one was created`,
    ]);
    assert.equal(withoutTime(Deno.readFileSync(aside)), withoutTime(damaged));
    assert.deepEqual(texts(store), []);
    assert.equal(store.chat.add(message("again"), "1").id, 1);
    store.close();
    const { store: reopened, notices: none } = open(path);
    assert.deepEqual([texts(reopened), none], [["again"], []]);
    reopened.close();
  });
}

Deno.test("openStore keeps every damaged file with its log, even two in one second", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/livestream.db`;
  for (const content of ["one", "two"]) {
    Deno.writeTextFileSync(path, content.repeat(1000));
    Deno.writeTextFileSync(`${path}-wal`, `log of ${content}`);
    open(path).store.close();
  }
  const aside = "livestream.db.damaged-2026-11-22T13-41-08";
  assert.deepEqual(folder.list(), [
    "livestream.db",
    aside,
    `${aside}-2`,
    `${aside}-2-wal`,
    `${aside}-wal`,
  ]);
  assert.equal(Deno.readTextFileSync(`${folder.path}/${aside}-2-wal`), "log of two");
});

Deno.test("openStore continues after a kill that left a half-written log", () => {
  using folder = temporaryFolder();
  const [path, copy] = [`${folder.path}/livestream.db`, `${folder.path}/copy.db`];
  const store = openStore(path);
  store.chat.add(message("one"), "1");
  store.chat.add(message("two"), "2");
  Deno.copyFileSync(path, copy);
  Deno.copyFileSync(`${path}-wal`, `${copy}-wal`);
  store.close();
  Deno.truncateSync(`${copy}-wal`, Deno.statSync(`${copy}-wal`).size - 100);
  const { store: recovered, notices } = open(copy);
  assert.deepEqual([texts(recovered), notices], [["one"], []]);
  recovered.close();
});

Deno.test("openStore treats an empty file as a new one", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/livestream.db`;
  Deno.writeTextFileSync(path, "");
  const { store, notices } = open(path);
  assert.deepEqual([texts(store), notices], [[], []]);
  store.close();
});

Deno.test("openStore refuses a file from a newer version", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/livestream.db`;
  begin(path);
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
  database.close();
  const before = Deno.readFileSync(path);
  const formats = `its format is ${MIGRATIONS.length + 1}, this version supports up to ` +
    `${MIGRATIONS.length}`;
  assert.throws(() => openStore(path), {
    name: "UserError",
    message: `Cannot open the data file "${path}": it was created by a newer version of this ` +
      `program (${formats}). Choose another file with --data`,
  });
  assert.deepEqual(Deno.readFileSync(path), before);
});

Deno.test("openStore refuses a file from another program", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/other.db`;
  const database = new DatabaseSync(path);
  database.exec("CREATE TABLE bookmarks (url TEXT)");
  database.close();
  const before = Deno.readFileSync(path);
  assert.throws(() => openStore(path), /: it is another program's database\. Choose another/);
  assert.deepEqual(Deno.readFileSync(path), before);
  assert.deepEqual(folder.list(), ["other.db"]);
});

for (const lock of ["BEGIN EXCLUSIVE", "BEGIN IMMEDIATE"]) {
  Deno.test(`openStore says that another program is using the file: ${lock}`, () => {
    using folder = temporaryFolder();
    const path = `${folder.path}/livestream.db`;
    begin(path);
    const other = new DatabaseSync(path);
    other.exec(lock);
    assert.throws(() => openStore(path), {
      name: "UserError",
      message: `Cannot open the data file "${path}": another program is using it. ` +
        "Choose another file with --data",
    });
    other.exec("COMMIT");
    other.close();
    const { store, notices } = open(path);
    assert.deepEqual([texts(store), notices], [["hello"], []]);
    store.close();
  });
}

Deno.test("openStore lets no second server use the file", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/livestream.db`;
  const first = openStore(path);
  assert.throws(() => openStore(path), /another program is using/);
  const other = new DatabaseSync(path);
  assert.throws(() => other.exec("DELETE FROM messages"), /locked/);
  other.close();
  assert.equal(first.chat.add(message("hello"), "1").id, 1);
  first.close();
  openStore(path).close();
});

Deno.test("openStore says that a part of the path is a file", () => {
  using folder = temporaryFolder();
  Deno.writeTextFileSync(`${folder.path}/file`, "");
  for (const path of [`${folder.path}/file/livestream.db`, `${folder.path}/file/a/livestream.db`]) {
    assert.throws(() => openStore(path), {
      name: "UserError",
      message: `Cannot open the data file "${path}": a part of its path is a file, ` +
        "not a folder. Choose another file with --data",
    });
  }
});

Deno.test("openStore says that the path is a folder", () => {
  using folder = temporaryFolder();
  assert.throws(
    () => openStore(folder.path),
    /: it is a folder\. Choose another file with --data$/,
  );
});

Deno.test({
  name: "openStore opens no named pipe, neither as the file nor beside it",
  ignore: Deno.build.os === "windows",
  fn() {
    using folder = temporaryFolder();
    const path = `${folder.path}/livestream.db`;
    for (const pipe of ["", "-wal", "-journal", "-shm"]) {
      const { success } = new Deno.Command("mkfifo", { args: [path + pipe] }).outputSync();
      assert.ok(success);
      const reason = pipe
        ? `"${path + pipe}" is in its way: it is a named pipe`
        : "it is a named pipe";
      assert.throws(() => openStore(path), {
        name: "UserError",
        message: `Cannot open the data file "${path}": ${reason}. Choose another file with --data`,
      });
      assert.deepEqual(folder.list(), [`livestream.db${pipe}`]);
      Deno.removeSync(path + pipe);
    }
  },
});

Deno.test("openStore soon deletes the messages of a banned author, and shrinks the file", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/livestream.db`;
  let store = openStore(path);
  for (let i = 0; i < 300; i++) {
    store.chat.add({ ...message("x".repeat(2_000)), author: "rude" }, `${i}`);
    if (i % 100 === 0) store.chat.add(message(`kind ${i}`), `${i}`);
  }
  const kind = ["kind 0", "kind 100", "kind 200"];
  const ban = { author: "rude", name: "Rude", at: 5, until: null };
  assert.equal(store.moderation.ban(ban), 303);
  assert.equal(store.chat.isPurging, true);
  store.close();
  const before = Deno.statSync(path).size;
  // What was cut short by the end of the program is finished after the next start.
  store = openStore(path);
  assert.deepEqual([store.chat.isPurging, texts(store)], [true, kind]);
  while (store.chat.isPurging || Deno.statSync(path).size > before / 4) {
    await delay(10);
  }
  assert.deepEqual(texts(store), kind);
  assert.deepEqual(store.chat.find("rude", "7"), { message: null });
  store.close();
});

function scribble(path: string, offset: number, length: number): void {
  using file = Deno.openSync(path, { write: true });
  file.seekSync(offset, Deno.SeekMode.Start);
  file.writeSync(new Uint8Array(length).fill(0xa5));
}

/** Blanks the time of the last opening, which is written before a missing table is noticed. */
function withoutTime(file: Uint8Array): string {
  const bytes = new TextDecoder("latin1").decode(file);
  return bytes.replace(/(?<=opened)\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "");
}

function dropTables(path: string): void {
  const database = new DatabaseSync(path);
  assert.equal(database.prepare("PRAGMA application_id").get()!.application_id, APPLICATION_ID);
  database.exec("DROP TABLE messages");
  database.close();
}
