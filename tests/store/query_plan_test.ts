import assert from "node:assert/strict";
import { ChannelRecord } from "../../src/store/channel_record.ts";
import { ChatLog } from "../../src/store/chat_log.ts";
import type { Database } from "../../src/store/database.ts";
import type { Statement } from "../../src/store/statement.ts";
import { ModeratorList } from "../../src/store/moderator_list.ts";
import { Ledger } from "../../src/store/ledger.ts";
import { Names } from "../../src/store/names.ts";
import { Sanctions } from "../../src/store/sanctions.ts";
import { migratedDatabase } from "./migrated.ts";

/**
 * Statements that read a whole table, which no viewer can make large: bans and moderators are the streamer's own,
 * purges are as many as bans of the last seconds, and sequences as many as tables.
 */
const WHOLE = new Set([
  "SELECT * FROM sanctions",
  "SELECT * FROM purges",
  "SELECT author, name FROM moderators ORDER BY id",
  "SELECT count(*) AS count FROM sanctions CROSS JOIN supporters USING (author) WHERE until IS NULL",
  "SELECT count(*) AS count, total(cents) AS cents " +
  "FROM sanctions CROSS JOIN donations USING (author) WHERE until IS NULL",
  "SELECT seq FROM sqlite_sequence WHERE name = 'donations'",
]);

/** What everything in the store prepares, in one line each. */
function statements(database: Database): string[] {
  const prepared: string[] = [];
  const recording = new Proxy(database, {
    get(target, name) {
      if (name === "prepare") {
        return (sql: string): Statement => {
          prepared.push(sql.replace(/\s+/g, " ").trim());
          return target.prepare(sql);
        };
      }
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const chat = new ChatLog(recording);
  new Ledger(recording, new ChatLog(database));
  new ChannelRecord(recording);
  new ModeratorList(recording);
  new Names(recording);
  new Sanctions({ database: recording, chat, onPurge: () => {} });
  return prepared;
}

const plansOf = (database: Database, sql: string) =>
  database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all().map(({ detail }) => String(detail));

/** Steps of a plan whose cost grows with the table: sorting, and scans that no limit ends. */
function slowSteps(database: Database, sql: string): string[] {
  const isBounded = (step: string) =>
    !step.includes("USE TEMP B-TREE") &&
    // In the order of an index, a scan ends at the limit.
    (!/^SCAN /.test(step) || (/ USING (COVERING )?INDEX /.test(step) && /\bLIMIT\b/.test(sql)));
  return plansOf(database, sql).filter((step) => !isBounded(step));
}

Deno.test("every statement of the store uses an index and needs no sorting", () => {
  using database = migratedDatabase();
  const all = statements(database);
  assert.ok(all.length > 25, `${all.length}`);
  for (const sql of all) {
    if (!WHOLE.has(sql)) assert.deepEqual(slowSteps(database, sql), [], sql);
  }
});

Deno.test("the query plan reveals a statement that reads or sorts a whole table", () => {
  using database = migratedDatabase();
  for (
    const sql of [
      "SELECT * FROM messages WHERE text = ?",
      "SELECT * FROM messages ORDER BY name LIMIT 1",
      "DELETE FROM messages WHERE at < ?",
      "SELECT count(*) FROM supporters",
      "UPDATE people SET name = ''",
    ]
  ) assert.notDeepEqual(slowSteps(database, sql), [], sql);
});
