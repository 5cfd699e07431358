import assert from "node:assert/strict";
import { Ledger } from "../../src/store/ledger.ts";
import { ChatLog } from "../../src/store/chat_log.ts";
import type { Database } from "../../src/store/database.ts";
import { Names } from "../../src/store/names.ts";
import { migratedDatabase } from "./migrated.ts";

const donation = (author: string, cents: number) => (
  { at: 5, name: "Ann", amount: cents / 100, message: "", author, key: null, hue: 0 }
);

const ledgerOf = (database: Database, limit?: number) =>
  new Ledger(database, new ChatLog(database), limit);

Deno.test("Ledger keeps donations up to its limit, but all sums", () => {
  using database = migratedDatabase();
  const ledger = ledgerOf(database, 10);
  for (let i = 0; i < 25; i++) ledger.add(donation("ann", 10));
  assert.equal(database.value("SELECT count(*) FROM donations"), 10);
  assert.equal(ledger.count(), 25);
  assert.deepEqual(ledger.givingOf("ann"), { donations: 25, amount: 2.5, lastAt: 5 });
});

Deno.test("Ledger keeps the most generous of too many supporters", () => {
  using database = migratedDatabase();
  const ledger = ledgerOf(database, 10);
  for (let i = 1; i <= 1_000; i++) ledger.add(donation(`${(i * 7) % 1_000}`, (i * 7) % 1_000 + 1));
  assert.equal(database.value("SELECT count(*) FROM supporters"), 10);
  assert.deepEqual(ledger.supporters(3).map(({ author }) => author), ["999", "998", "997"]);
});

Deno.test("Ledger makes room for a supporter when one is removed", () => {
  using database = migratedDatabase();
  const ledger = ledgerOf(database, 3);
  for (const cents of [1, 2, 3]) ledger.add(donation(`${cents}`, cents));
  assert.equal(ledger.removeSupporter("3"), true);
  assert.equal(ledger.removeSupporter("3"), false);
  ledger.add(donation("4", 4));
  ledger.add(donation("4", 4));
  assert.deepEqual(ledger.supporters(9).map(({ author }) => author), ["4", "2", "1"]);
  // What is there is counted anew at the next start.
  ledgerOf(database, 3).add(donation("5", 5));
  assert.deepEqual(ledger.supporters(9).map(({ author }) => author), ["4", "5", "2"]);
});

Deno.test("Ledger keeps supporters' names even when other names fill the store", () => {
  using database = migratedDatabase();
  const [ledger, names] = [ledgerOf(database), new Names(database, 10)];
  names.rename("ann", "Ann");
  ledger.add(donation("ann", 10));
  const shown = () => ledger.supporters(1)[0].name;
  names.rename("ann", "Anna");
  assert.equal(shown(), "Anna");
  for (let i = 0; i < 10; i++) names.rename(`other ${i}`, "Other");
  assert.equal(names.nameOf("ann"), null);
  assert.equal(shown(), "Ann");
});

Deno.test("Ledger sums cents without losing any", () => {
  using database = migratedDatabase();
  const ledger = ledgerOf(database);
  for (let i = 0; i < 1_000; i++) ledger.add(donation("ann", 10));
  assert.equal(ledger.givingOf("ann")!.amount, 100);
});

Deno.test("Ledger counts and sums the donations that are stored", () => {
  using database = migratedDatabase();
  const ledger = ledgerOf(database, 3);
  const totals = (author: string, cents: number) => {
    ledger.add(donation(author, cents));
    return ledger.totals();
  };
  assert.deepEqual(totals("ann", 150), { supporters: 1, donations: 1, amount: 1.5 });
  assert.deepEqual(totals("bob", 50), { supporters: 2, donations: 2, amount: 2 });
  ledger.add({ ...donation("", 0), author: null, amount: null });
  // The oldest makes room for the fourth.
  assert.deepEqual(totals("ann", 100), { supporters: 2, donations: 3, amount: 1.5 });
  database.exec("INSERT INTO sanctions VALUES ('bob', 'Bob', 0, NULL)");
  assert.deepEqual(ledger.totals(), { supporters: 1, donations: 2, amount: 1 });
  assert.deepEqual([ledger.givenAfter(0), ledger.givenAfter(3)], [1, 1]);
  assert.deepEqual(ledgerOf(database).totals(), ledger.totals());
});

Deno.test("Ledger removes a donation with its part of the sums", () => {
  using database = migratedDatabase();
  const ledger = ledgerOf(database);
  const [first, second] = [10, 30].map((cents) => ledger.add(donation("ann", cents)).donation.id);
  const removed = { id: first, author: "ann", at: 5, amount: 0.1, isSupporter: true };
  assert.deepEqual(ledger.remove(first), removed);
  assert.equal(ledger.remove(first), null);
  assert.deepEqual(ledger.givingOf("ann"), { donations: 1, amount: 0.3, lastAt: 5 });
  assert.deepEqual(ledger.totals(), { supporters: 1, donations: 1, amount: 0.3 });
  assert.equal(ledger.remove(second)?.isSupporter, false);
  assert.equal(ledger.givingOf("ann"), null);
  assert.deepEqual(ledger.totals(), { supporters: 0, donations: 0, amount: 0 });
});

Deno.test("Ledger subtracts nothing for a donation from before its donor left the list", () => {
  using database = migratedDatabase();
  const ledger = ledgerOf(database);
  const { donation: { id } } = ledger.add(donation("ann", 300));
  ledger.removeSupporter("ann");
  ledger.add(donation("ann", 500));
  assert.equal(ledger.remove(id)?.isSupporter, true);
  assert.deepEqual(ledger.givingOf("ann"), { donations: 1, amount: 5, lastAt: 5 });
  assert.deepEqual(ledger.totals(), { supporters: 1, donations: 1, amount: 5 });
});

Deno.test("Ledger stores a donation without an author, and its line, or neither", () => {
  using database = migratedDatabase();
  const chat = new ChatLog(database);
  const ledger = new Ledger(database, chat);
  const { message } = ledger.add({ ...donation("", 500), author: null, message: "Hi" });
  assert.deepEqual(message.gift, { donation: 1, amount: 5 });
  assert.deepEqual([message.author, message.supporter, message.text], ["", false, "Hi"]);
  assert.deepEqual(chat.gifts(9), [message]);
  database.exec("CREATE TRIGGER full BEFORE INSERT ON messages BEGIN SELECT raise(FAIL, 'x'); END");
  assert.throws(() => ledger.add(donation("ann", 1)));
  assert.equal(database.value("SELECT count(*) FROM donations"), 1);
  assert.equal(ledger.totals().donations, 1);
});
