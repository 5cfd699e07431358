import { dirname } from "node:path";
import { type ChannelStore, type CommunityStore, StoreError } from "../channel/store.ts";
import { UserError } from "../errors.ts";
import { reasonOfFile } from "../file_failure.ts";
import { specialFile } from "../special_file.ts";
import { ChannelRecord } from "./channel_record.ts";
import { ChatLog } from "./chat_log.ts";
import { Database, MEMORY } from "./database.ts";
import { exists } from "./exists.ts";
import { failureOf, reasonOfFailure } from "./failure.ts";
import { Housekeeping } from "./housekeeping.ts";
import { Ledger } from "./ledger.ts";
import { lockHolder } from "./lock_holder.ts";
import { Names } from "./names.ts";
import { Rules } from "./rules.ts";
import { APPLICATION_ID, migrate, MIGRATIONS, versionOf } from "./schema.ts";

export interface StoreOptions {
  /**
   * Told, in a sentence for the streamer, when a damaged file was kept aside and when something
   * could not be kept while the server runs.
   */
  readonly onNotice?: (sentence: string) => void;
  /** Returns the file to use where another process uses the first; by default that is an error. */
  readonly otherwise?: () => string;
  /** Milliseconds since the Unix epoch. */
  readonly now?: () => number;
}

/** What is kept of the community and the channel, until it is closed. */
export interface Store extends CommunityStore {
  readonly channel: ChannelStore;
  /** Why things cannot be kept at present; `null` while they can. */
  readonly failing: string | null;
  /** How often something could not be kept or read. */
  readonly failures: number;
  /** Nothing can be kept or read afterwards. */
  close(): void;
}

const TOUCH = "REPLACE INTO settings VALUES ('opened', datetime())";

/** What else SQLite may have beside a database. */
const COMPANIONS = ["-wal", "-shm", "-journal"];

/**
 * Opens the file in which the community is kept, for this process alone. The file and its folder
 * are made if they are not there, for this user's eyes only. A damaged file is kept aside, under
 * a name with the date, and a new one begun, off air.
 *
 * @param path A file, or `:memory:` to keep nothing.
 * @throws {UserError} It cannot be read and written, another process uses it, or a newer version
 * of this program or another program made it.
 */
export function openStore(path: string, options: StoreOptions = {}): Store {
  const { onNotice = () => {}, now = Date.now } = options;
  const onFailure = (reason: string) =>
    onNotice(`Chat and donations cannot be kept in "${path}": ${reason}`);
  try {
    const store = tryOpen(path, onFailure);
    if (store) return store;
    const aside = keepAside(path, new Date(now()));
    onNotice(`The data file "${path}" was damaged: it is kept as "${aside}", a new one was begun`);
    const begun = tryOpen(path, onFailure);
    if (!begun) throw cannotOpen(path, "a new one is damaged as soon as it is written");
    // Nobody knows whether the camera was to be seen.
    begun.channel.setOnAir(false);
    return begun;
  } catch (error) {
    if (error instanceof UserError) throw error;
    const failure = failureOf(error);
    if (failure === "locked") return openOther(path, options);
    throw cannotOpen(
      path,
      failure ? reasonOfFailure(failure) : reasonOfFile(error, "write there"),
      error,
    );
  }
}

/** Opens another file than the one that another process uses. */
function openOther(path: string, { otherwise, ...options }: StoreOptions): Store {
  const holder = lockHolder(path);
  const user = holder === null ? "another program" : `process ${holder}`;
  if (!otherwise) throw cannotOpen(path, `${user} is using it`);
  const other = otherwise();
  options.onNotice?.(`The data file "${path}" is used by ${user}: "${other}" is used here`);
  return openStore(other, options);
}

/** Opens a database and brings it up to date; `null` if it is damaged. */
function tryOpen(path: string, onFailure: (reason: string) => void): Store | null {
  if (path !== MEMORY) {
    refuseSpecial(path);
    makeFile(path);
    // SQLite would remove the log of what it cannot read.
    if (!mayBeDatabase(path)) return null;
  }
  const database = new Database(path, { onFailure });
  try {
    refuseForeign(path, database);
    database.takeOver();
    if (database.value("PRAGMA quick_check(1)") === "ok") {
      migrate(database);
      makeShrinkable(database);
      // Opening writes nothing by itself, and would not notice a full disk.
      database.transaction(() => database.exec(TOUCH));
      // Empties the log: what only the log holds would be lost with it.
      database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      database.watchFiles();
      const store = joinStore(database);
      if (store) return store;
    }
  } catch (error) {
    const cause = error instanceof StoreError ? error.cause : error;
    if (failureOf(cause) !== "damaged") {
      database.close();
      throw cause;
    }
  }
  database.close();
  return null;
}

/**
 * Without room on the disk for it, or a folder for SQLite's temporary file, that has to wait for
 * another start.
 */
function makeShrinkable(database: Database): void {
  try {
    database.makeShrinkable();
  } catch (error) {
    const failure = failureOf(error);
    if (failure !== "full" && failure !== "unreachable") throw error;
  }
}

/** `null` without the secret, without which nobody would be who they were. */
function joinStore(database: Database): Store | null {
  const secret = database.value("SELECT value FROM settings WHERE name = 'secret'");
  if (!(secret instanceof Uint8Array)) return null;
  const chat = new ChatLog(database);
  const housekeeping = new Housekeeping({
    untidy: {
      purgeSome: (count) => chat.purgeSome(count),
      releasePages: (count) => database.releasePages(count),
      checkpoint: () => database.checkpoint(),
    },
  });
  // What was under way when the program last ended is finished.
  housekeeping.wake();
  const changes = database.prepare("SELECT total_changes() AS changes");
  return {
    secret,
    chat,
    people: new Names(database),
    moderation: new Rules({ database, chat, onPurge: () => housekeeping.wake() }),
    donations: new Ledger(database),
    channel: new ChannelRecord(database),
    revision: () => Number(changes.get()?.changes),
    get failing() {
      return database.failing;
    },
    get failures() {
      return database.failures;
    },
    close() {
      housekeeping.stop();
      database.close();
    },
  };
}

/** Leaves alone what another program, or a newer version of this one, made. */
function refuseForeign(path: string, database: Database): void {
  const isNew = database.value("SELECT count(*) FROM sqlite_schema") === 0;
  if (!isNew && database.value("PRAGMA application_id") !== APPLICATION_ID) {
    throw cannotOpen(path, "it is a database of another program");
  }
  const version = versionOf(database);
  if (version > MIGRATIONS.length) {
    const formats = `its format is ${version}, this version knows up to ${MIGRATIONS.length}`;
    throw cannotOpen(path, `a newer version of this program made it (${formats})`);
  }
}

/** Refuses pipes, devices and the like, on which opening or reading might wait for ever. */
function refuseSpecial(path: string): void {
  for (const companion of ["", ...COMPANIONS]) {
    const kind = specialFile(path + companion);
    if (kind === null) continue;
    throw cannotOpen(path, companion ? `"${path + companion}" is in its way: ${kind}` : kind);
  }
}

function makeFile(path: string): void {
  Deno.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  Deno.openSync(path, { write: true, create: true, mode: 0o600 }).close();
}

/** Whether a file is empty or begins as one of SQLite does (its file format, 1.3.1). */
function mayBeDatabase(path: string): boolean {
  const magic = new Uint8Array(16);
  using file = Deno.openSync(path);
  const length = file.readSync(magic) ?? 0;
  return length === 0 || new TextDecoder().decode(magic) === "SQLite format 3\0";
}

/** Gives a damaged database another name, which is returned. */
function keepAside(path: string, date: Date): string {
  const stamp = date.toISOString().slice(0, 19).replaceAll(":", "-");
  let aside = `${path}.damaged-${stamp}`;
  for (let i = 2; exists(aside); i++) aside = `${path}.damaged-${stamp}-${i}`;
  for (const companion of ["", ...COMPANIONS]) {
    if (exists(path + companion)) Deno.renameSync(path + companion, aside + companion);
  }
  return aside;
}

function cannotOpen(path: string, reason: string, cause?: unknown): UserError {
  return new UserError(
    `Cannot open the data file "${path}": ${reason}. Name another one with --data`,
    1,
    { cause },
  );
}
