import { dirname } from "node:path";
import {
  type ChannelStore,
  type CommunityStore,
  type SoundStore,
  StoreError,
} from "../channel/store.ts";
import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
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
import { ModeratorList } from "./moderator_list.ts";
import { Names } from "./names.ts";
import { Sanctions } from "./sanctions.ts";
import { SoundRecord } from "./sound_record.ts";
import { APPLICATION_ID, migrate, MIGRATIONS, versionOf } from "./schema.ts";
import { Values } from "./values.ts";

/** Options of {@linkcode openStore}. */
export interface StoreOptions {
  /** Called, with a sentence for the streamer, when a file was damaged and when saving fails. */
  readonly onNotice?: (sentence: string) => void;
  /** Returns another file, if the first is in use; without this, that is an error. */
  readonly otherwise?: () => string;
  /** Default: the system's clock. */
  readonly clock?: Pick<Clock, "wall">;
}

/** Stores the community and the channel, until it is closed. */
export interface Store extends CommunityStore {
  /** Stores the title, and whether the channel is on air. */
  readonly channel: ChannelStore;
  /** Stores how the streamer set the sound. */
  readonly sound: SoundStore;
  /** Why saving fails at present; `null` while it works. */
  readonly failing: string | null;
  /** How often saving or reading failed. */
  readonly failures: number;
  /** Closes the file; nothing can be saved or read afterwards. */
  close(): void;
}

const TOUCH = "REPLACE INTO settings VALUES ('opened', datetime())";

/** Endings of the other files that SQLite may create beside a database. */
const COMPANIONS = ["-wal", "-shm", "-journal"];

/**
 * Opens the data file for this process alone. Creates the file and its folder if they do not exist,
 * readable by this user only. Renames a damaged file, with the date, and creates a new one, off air.
 *
 * @param path A file, or `:memory:` to store nothing.
 * @throws {UserError} The file cannot be read and written, another process uses it, or it comes from
 * a newer version of this program or from another program.
 */
export function openStore(path: string, options: StoreOptions = {}): Store {
  const { onNotice = () => {}, clock = SYSTEM_CLOCK } = options;
  const onFailure = (reason: string) =>
    onNotice(`Chat and donations cannot be saved in "${path}": ${reason}`);
  try {
    const store = tryOpen(path, onFailure);
    if (store) return store;
    const aside = keepAside(path, new Date(clock.wall()));
    onNotice(`The data file "${path}" was damaged and is now "${aside}"; a new one was created`);
    const begun = tryOpen(path, onFailure);
    if (!begun) throw cannotOpen(path, "a new file is damaged as soon as it is written");
    // Whether the channel was on air is lost.
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

/** Opens another file in place of one that another process uses. */
function openOther(path: string, { otherwise, ...options }: StoreOptions): Store {
  const holder = lockHolder(path);
  const user = holder === null ? "another program" : `process ${holder}`;
  if (!otherwise) throw cannotOpen(path, `${user} is using it`);
  const other = otherwise();
  options.onNotice?.(`The data file "${path}" is in use by ${user}; using "${other}" instead`);
  return openStore(other, options);
}

/** Opens a database and upgrades it; returns `null` if it is damaged. */
function tryOpen(path: string, onFailure: (reason: string) => void): Store | null {
  if (path !== MEMORY) {
    refuseSpecial(path);
    makeFile(path);
    // SQLite would delete the log of a file that it cannot read.
    if (!mayBeDatabase(path)) return null;
  }
  const database = new Database(path, { onFailure });
  try {
    refuseForeign(path, database);
    database.takeOver();
    if (database.value("PRAGMA quick_check(1)") === "ok") {
      migrate(database);
      makeShrinkable(database);
      // Opening alone writes nothing, and would not notice a full disk.
      database.transaction(() => database.exec(TOUCH));
      // Empties the log: if someone deleted it, its content would be lost.
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
 * Makes the file able to shrink. Without room on the disk, or a folder for SQLite's temporary file, that
 * has to wait for another start.
 */
function makeShrinkable(database: Database): void {
  try {
    database.makeShrinkable();
  } catch (error) {
    const failure = failureOf(error);
    if (failure !== "full" && failure !== "unreachable") throw error;
  }
}

/** Builds the store; returns `null` if the secret is missing, on which every author depends. */
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
  // Finishes what was under way when the program last ended.
  housekeeping.wake();
  const changes = database.prepare("SELECT total_changes() AS changes");
  return {
    secret,
    chat,
    people: new Names(database),
    moderation: new Sanctions({ database, chat, onPurge: () => housekeeping.wake() }),
    moderators: new ModeratorList(database),
    room: new Values(database),
    donations: new Ledger(database, chat),
    channel: new ChannelRecord(database),
    sound: new SoundRecord(database),
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

/** Refuses a file from another program, or from a newer version of this one. */
function refuseForeign(path: string, database: Database): void {
  const isNew = database.value("SELECT count(*) FROM sqlite_schema") === 0;
  if (!isNew && database.value("PRAGMA application_id") !== APPLICATION_ID) {
    throw cannotOpen(path, "it is another program's database");
  }
  const version = versionOf(database);
  if (version > MIGRATIONS.length) {
    const formats = `its format is ${version}, this version supports up to ${MIGRATIONS.length}`;
    throw cannotOpen(path, `it was created by a newer version of this program (${formats})`);
  }
}

/** Refuses pipes, devices and the like, on which opening or reading could wait for ever. */
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

/** Returns whether a file is empty or begins like an SQLite database (its file format, 1.3.1). */
function mayBeDatabase(path: string): boolean {
  const magic = new Uint8Array(16);
  using file = Deno.openSync(path);
  const length = file.readSync(magic) ?? 0;
  return length === 0 || new TextDecoder().decode(magic) === "SQLite format 3\0";
}

/** Renames a damaged database; returns its new name. */
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
    `Cannot open the data file "${path}": ${reason}. Choose another file with --data`,
    1,
    { cause },
  );
}
