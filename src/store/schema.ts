import type { Database } from "./database.ts";

/** Marks a database as one of this program: "LIVE" in ASCII. */
export const APPLICATION_ID = 0x4c495645;

/**
 * The steps from each version of the schema to the next, from an empty file on. Released steps never
 * change. `author` is '' if there is none.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE settings (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE people (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    author TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
  ) STRICT;

  CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    author TEXT NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    hue INTEGER NOT NULL,
    text TEXT NOT NULL,
    supporter INTEGER NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE UNIQUE INDEX messages_by_key ON messages (author, key);

  CREATE TABLE sanctions (
    author TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    until INTEGER
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE donations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    author TEXT NOT NULL,
    key TEXT,
    name TEXT NOT NULL,
    cents INTEGER,
    message TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX donations_by_key ON donations (author, key) WHERE key IS NOT NULL;

  CREATE TABLE supporters (
    author TEXT PRIMARY KEY,
    donations INTEGER NOT NULL,
    cents INTEGER NOT NULL,
    last_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX supporters_by_rank ON supporters (cents, donations, last_at);

  INSERT INTO settings VALUES ('secret', randomblob(32));
  `,
  // Deleted messages leave the table that history is read from; only their keys stay. Supporters
  // keep their names when those of other people are forgotten.
  `
  CREATE TABLE message_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    author TEXT NOT NULL,
    key TEXT NOT NULL
  ) STRICT;
  INSERT INTO message_keys SELECT id, author, key FROM messages;
  CREATE UNIQUE INDEX message_keys_by_key ON message_keys (author, key);

  ALTER TABLE messages RENAME TO all_messages;
  CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    author TEXT NOT NULL,
    name TEXT NOT NULL,
    hue INTEGER NOT NULL,
    text TEXT NOT NULL,
    supporter INTEGER NOT NULL
  ) STRICT;
  INSERT INTO messages SELECT id, at, author, name, hue, text, supporter
    FROM all_messages WHERE NOT deleted;
  CREATE INDEX messages_by_author ON messages (author);
  DROP TABLE all_messages;

  ALTER TABLE supporters ADD COLUMN name TEXT;
  UPDATE supporters SET name = (SELECT name FROM people WHERE people.author = supporters.author);

  CREATE TABLE purges (author TEXT PRIMARY KEY, up_to INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
  // Donations stand among the messages. Whether an author is a supporter is read from the supporters,
  // so that their earlier messages show it, too.
  `
  ALTER TABLE messages DROP COLUMN supporter;
  ALTER TABLE messages ADD COLUMN gift INTEGER;
  ALTER TABLE messages ADD COLUMN gift_cents INTEGER;
  CREATE INDEX messages_by_gift ON messages (gift) WHERE gift IS NOT NULL;
  CREATE INDEX donations_by_author ON donations (author, cents);
  ALTER TABLE supporters ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
  `,
  // Roles, the message that one answers, and the authors that it names, with spaces between them.
  `
  ALTER TABLE messages ADD COLUMN role TEXT;
  ALTER TABLE messages ADD COLUMN reply_to INTEGER;
  ALTER TABLE messages ADD COLUMN mentions TEXT NOT NULL DEFAULT '';

  CREATE TABLE moderators (
    id INTEGER PRIMARY KEY,
    author TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
  ) STRICT;
  `,
];

/** Returns the schema's version in a database; 0 for a new one. */
export function versionOf(database: Database): number {
  return Number(database.value("PRAGMA user_version"));
}

/** Upgrades a database to the newest version, each step completely or not at all. */
export function migrate(database: Database, migrations = MIGRATIONS): void {
  for (let version = versionOf(database); version < migrations.length; version++) {
    database.transaction(() => {
      database.exec(migrations[version]);
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
      database.exec(`PRAGMA user_version = ${version + 1}`);
    });
  }
}
