import assert from "node:assert/strict";
import { StoreError } from "../../src/channel/store.ts";
import { migratedDatabase } from "./migrated.ts";
import { temporaryFolder } from "./temporary_folder.ts";

const LARGE = "x".repeat(100_000);

/** A database on disk that takes so many pages and no more, as a full disk does. */
function smallDatabase(folder: string) {
  const failures: string[] = [];
  const database = migratedDatabase(`${folder}/a.db`, { onFailure: (it) => failures.push(it) });
  const limit = (pages: number) => database.exec(`PRAGMA max_page_count = ${pages}`);
  const insert = database.prepare("INSERT INTO settings VALUES (?, ?)");
  const add = (name: string, value: string) => database.transaction(() => insert.run(name, value));
  const count = () => database.value("SELECT count(*) FROM settings WHERE name <> 'secret'");
  limit(Number(database.value("PRAGMA page_count")) + 2);
  return { database, failures, limit, insert, add, count };
}

Deno.test("Database says that the disk is full, saves nothing of the transaction, and recovers", () => {
  using folder = temporaryFolder();
  const { database, failures, limit, add, count } = smallDatabase(folder.path);
  using _ = database;
  assert.throws(() => add("large", LARGE), {
    name: "StoreError",
    message: "This could not be saved: the disk is full",
  });
  assert.equal(count(), 0);
  add("small", "y");
  assert.equal(count(), 1);
  limit(1000);
  add("large", LARGE);
  assert.equal(count(), 2);
  assert.deepEqual(failures, ["the disk is full"]);
});

Deno.test("Database reports why it is failing, and how often it has", () => {
  using folder = temporaryFolder();
  const { database, add } = smallDatabase(folder.path);
  using _ = database;
  assert.deepEqual([database.failing, database.failures], [null, 0]);
  for (let i = 0; i < 3; i++) assert.throws(() => add("large", LARGE), StoreError);
  assert.deepEqual([database.failing, database.failures], ["the disk is full", 3]);
  add("small", "y");
  assert.deepEqual([database.failing, database.failures], [null, 3]);
});

Deno.test("Database reports a failure once, until something is saved again", () => {
  using folder = temporaryFolder();
  const { database, failures, insert, add } = smallDatabase(folder.path);
  using _ = database;
  for (let i = 0; i < 3; i++) assert.throws(() => add("large", LARGE), StoreError);
  assert.throws(() => insert.run("large", LARGE), StoreError);
  database.prepare("SELECT * FROM settings").all();
  assert.throws(() => add("large", LARGE), StoreError);
  assert.equal(failures.length, 1);
  add("small", "y");
  assert.throws(() => add("large", LARGE), StoreError);
  assert.equal(failures.length, 2);
});

Deno.test("Database applies all of a transaction or nothing, whatever is thrown", () => {
  using database = migratedDatabase();
  const insert = database.prepare("INSERT INTO settings VALUES (?, ?)");
  assert.throws(() =>
    database.transaction(() => {
      insert.run("a", "b");
      throw new RangeError("out");
    }), RangeError);
  assert.equal(database.value("SELECT count(*) FROM settings WHERE name = 'a'"), 0);
  database.transaction(() => insert.run("a", "b"));
  assert.equal(database.value("SELECT count(*) FROM settings WHERE name = 'a'"), 1);
});

Deno.test("Database says that there is no permission to write", () => {
  using database = migratedDatabase();
  database.exec("PRAGMA query_only = ON");
  const insert = database.prepare("INSERT INTO settings VALUES ('a', 'b')");
  assert.throws(() => insert.run(), {
    name: "StoreError",
    message: "This could not be saved: there is no permission to write to the data file",
  });
});

Deno.test("Database refuses everything once closed, without reporting a failure", () => {
  const failures: string[] = [];
  const database = migratedDatabase(":memory:", { onFailure: (it) => failures.push(it) });
  const get = database.prepare("SELECT 1");
  database.close();
  const reason = {
    name: "StoreError",
    message: "This could not be saved: the server is shutting down",
  };
  assert.throws(() => get.get(), reason);
  assert.throws(() => database.transaction(() => {}), reason);
  assert.deepEqual(failures, []);
});

Deno.test("Database says that the file is damaged when it reads a torn page", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  {
    using database = migratedDatabase(path);
    const insert = database.prepare("INSERT INTO settings VALUES (?, ?)");
    database.transaction(() => {
      for (let i = 0; i < 100; i++) insert.run(`${i}`, "x".repeat(3_000));
    });
  }
  using database = migratedDatabase(path);
  const bytes = Deno.readFileSync(path);
  Deno.writeFileSync(path, bytes.fill(0xa5, 3 * 4096, 40 * 4096));
  const all = database.prepare("SELECT * FROM settings");
  assert.throws(() => all.all(), {
    name: "StoreError",
    message: "This could not be saved: the data file is damaged",
  });
});

Deno.test("Database waits at each commit until its write-ahead log is on the disk", () => {
  using folder = temporaryFolder();
  using database = migratedDatabase(`${folder.path}/a.db`);
  assert.equal(database.value("PRAGMA journal_mode"), "wal");
  // https://sqlite.org/pragma.html#pragma_synchronous: 2 is FULL.
  assert.equal(database.value("PRAGMA synchronous"), 2);
});

Deno.test("Database passes errors in a statement on", () => {
  using database = migratedDatabase();
  assert.throws(() => database.prepare("SELEKT 1"), /syntax error/);
});

for (const removed of ["a.db", "a.db-wal"]) {
  Deno.test(`Database saves nothing more when its ${removed} was removed, but still reads`, () => {
    using folder = temporaryFolder();
    const failures: string[] = [];
    const database = migratedDatabase(`${folder.path}/a.db`, {
      onFailure: (it) => failures.push(it),
    });
    using _ = database;
    database.watchFiles();
    const insert = database.prepare("INSERT INTO settings VALUES (?, ?)");
    const get = database.prepare("SELECT value FROM settings WHERE name = ?");
    database.transaction(() => insert.run("a", "b"));
    Deno.removeSync(`${folder.path}/${removed}`);
    const refused = { name: "StoreError", message: /: the data file was removed; / };
    assert.throws(() => database.transaction(() => insert.run("c", "d")), refused);
    assert.throws(() => insert.run("c", "d"), refused);
    assert.deepEqual([get.get("a")?.value, get.get("c")], ["b", undefined]);
    assert.equal(failures.length, 1);
  });
}

Deno.test("Database treats a number beyond all counts as damage", () => {
  using database = migratedDatabase();
  const get = database.prepare("SELECT 9007199254740993");
  assert.throws(() => get.get(), { name: "StoreError", message: /: the data file is damaged$/ });
});

Deno.test("Database works, and notices that its file was removed, without permission to read and write", async () => {
  using folder = temporaryFolder();
  const program = `
    import { openStore } from "${new URL("../../src/store/open.ts", import.meta.url)}";
    const path = "${folder.path}/a.db";
    const store = openStore(path);
    for (const name of ["read", "write"]) Deno.permissions.revokeSync({ name });
    store.people.rename("ann", "Ann");
    await Deno.stdout.write(new TextEncoder().encode("kept"));
    await Deno.stdin.read(new Uint8Array(1));
    try {
      store.people.rename("ann", "Bea");
    } catch (error) {
      await Deno.stdout.write(new TextEncoder().encode(error.message));
    }
    store.close();
  `;
  Deno.writeTextFileSync(`${folder.path}/program.ts`, program);
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-check", "--no-prompt", "--allow-read", "--allow-write", "--allow-ffi"],
      `${folder.path}/program.ts`,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  assert.equal((await reader.read()).value, "kept");
  Deno.removeSync(`${folder.path}/a.db`);
  const writer = process.stdin.getWriter();
  await writer.write(new Uint8Array(1));
  await writer.close();
  assert.match(
    (await reader.read()).value!,
    /^This could not be saved: the data file was removed; /,
  );
  await reader.cancel();
  assert.equal((await process.status).code, 0);
});

for (const cut of ["a.db", "a.db-wal"]) {
  Deno.test(`Database saves nothing more when its ${cut} was truncated, and reports that`, () => {
    using folder = temporaryFolder();
    const path = `${folder.path}/a.db`;
    const failures: string[] = [];
    const database = migratedDatabase(path, { onFailure: (it) => failures.push(it) });
    using _ = database;
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    const insert = database.prepare("INSERT INTO settings VALUES (?, ?)");
    database.transaction(() => insert.run("a", "b"));
    database.watchFiles();
    // What is in the log by now, the watch has to have noticed.
    database.transaction(() => insert.run("c", "d"));
    assert.equal(database.failing, null);
    const size = Deno.statSync(`${folder.path}/${cut}`).size;
    Deno.truncateSync(`${folder.path}/${cut}`, size - 1);
    const reason =
      "another program truncated the data file; the next start uses what is left of it";
    assert.equal(database.failing, reason);
    const message = `This could not be saved: ${reason}`;
    for (const key of ["e", "f"]) {
      assert.throws(() => database.transaction(() => insert.run(key, "x")), { message });
      assert.throws(() => insert.run(key, "x"), { message });
    }
    assert.throws(() => database.checkpoint(), { message });
    assert.deepEqual(failures, [reason]);
    assert.equal(Deno.statSync(`${folder.path}/${cut}`).size, size - 1);
  });
}

Deno.test("Database reports nothing when it changes its files itself", () => {
  using folder = temporaryFolder();
  const failures: string[] = [];
  const database = migratedDatabase(`${folder.path}/a.db`, {
    onFailure: (it) => failures.push(it),
  });
  using _ = database;
  database.exec("PRAGMA journal_size_limit = 100000");
  database.watchFiles();
  const insert = database.prepare("INSERT INTO settings VALUES (?, ?)");
  const remove = database.prepare("DELETE FROM settings WHERE name <> ?");
  const sizes = () =>
    ["a.db", "a.db-wal"].map((name) => Deno.statSync(`${folder.path}/${name}`).size);
  for (let round = 0; round < 3; round++) {
    database.transaction(() => {
      for (let i = 0; i < 30; i++) insert.run(`${i}`, LARGE);
    });
    database.checkpoint();
    const before = sizes();
    database.transaction(() => remove.run("secret"));
    while (database.releasePages(50));
    database.checkpoint();
    database.transaction(() => insert.run("last", "x"));
    const after = sizes();
    assert.ok(after[0] < before[0] && after[1] < before[1], `${before} ${after}`);
    database.transaction(() => remove.run("secret"));
  }
  assert.deepEqual([database.failing, database.failures, failures], [null, 0, []]);
});

Deno.test("Database releases unused pages, a limited number at a time", () => {
  using folder = temporaryFolder();
  using database = migratedDatabase(`${folder.path}/a.db`);
  const insert = database.prepare("INSERT INTO settings VALUES (?, ?)");
  // Migrations leave some.
  while (database.releasePages(100));
  database.transaction(() => insert.run("large", LARGE));
  const pages = Number(database.value("PRAGMA page_count"));
  database.prepare("DELETE FROM settings WHERE name = 'large'").run();
  const free = Number(database.value("PRAGMA freelist_count"));
  assert.ok(free >= 24, `${free}`);
  assert.equal(database.releasePages(10), true);
  assert.equal(database.value("PRAGMA freelist_count"), free - 10);
  assert.equal(database.releasePages(1_000), true);
  assert.ok(Number(database.value("PRAGMA page_count")) <= pages - free);
  assert.equal(database.releasePages(10), false);
});

Deno.test("Database waits for the disk again after a repeatable transaction, even a failed one", () => {
  using folder = temporaryFolder();
  using database = migratedDatabase(`${folder.path}/a.db`);
  database.repeatable(() => assert.equal(database.value("PRAGMA synchronous"), 1));
  assert.throws(() =>
    database.repeatable(() => {
      throw new RangeError("out");
    }), RangeError);
  assert.equal(database.value("PRAGMA synchronous"), 2);
});

Deno.test("Database reports in its own words why a repeatable transaction fails", () => {
  using folder = temporaryFolder();
  const database = migratedDatabase(`${folder.path}/a.db`);
  database.close();
  assert.throws(() => database.repeatable(() => {}), StoreError);
});
