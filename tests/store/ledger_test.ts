import assert from "node:assert/strict";
import { Ledger } from "../../src/store/ledger.ts";
import { Names } from "../../src/store/names.ts";
import { migratedDatabase } from "./migrated.ts";

const donation = (author: string, cents: number) => (
  { at: 5, name: "Ann", amount: cents / 100, message: "", author, key: null }
);

Deno.test("Ledger keeps donations up to its limit, but all sums", () => {
  using database = migratedDatabase();
  const ledger = new Ledger(database, 10);
  for (let i = 0; i < 25; i++) ledger.add(donation("ann", 10));
  assert.equal(database.value("SELECT count(*) FROM donations"), 10);
  assert.equal(ledger.count(), 25);
  assert.deepEqual(ledger.givingOf("ann"), { donations: 25, amount: 2.5, lastAt: 5 });
});

Deno.test("Ledger keeps the most generous of too many supporters", () => {
  using database = migratedDatabase();
  const ledger = new Ledger(database, 10);
  for (let i = 1; i <= 1_000; i++) ledger.add(donation(`${(i * 7) % 1_000}`, (i * 7) % 1_000 + 1));
  assert.equal(database.value("SELECT count(*) FROM supporters"), 10);
  assert.deepEqual(ledger.supporters(3).map(({ author }) => author), ["999", "998", "997"]);
});

Deno.test("Ledger makes room for a supporter when one is removed", () => {
  using database = migratedDatabase();
  const ledger = new Ledger(database, 3);
  for (const cents of [1, 2, 3]) ledger.add(donation(`${cents}`, cents));
  assert.equal(ledger.removeSupporter("3"), true);
  assert.equal(ledger.removeSupporter("3"), false);
  ledger.add(donation("4", 4));
  ledger.add(donation("4", 4));
  assert.deepEqual(ledger.supporters(9).map(({ author }) => author), ["4", "2", "1"]);
  // What is there is counted anew at the next start.
  new Ledger(database, 3).add(donation("5", 5));
  assert.deepEqual(ledger.supporters(9).map(({ author }) => author), ["4", "5", "2"]);
});

Deno.test("Ledger keeps supporters' names even when other names fill the store", () => {
  using database = migratedDatabase();
  const [ledger, names] = [new Ledger(database), new Names(database, 10)];
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
  const ledger = new Ledger(database);
  for (let i = 0; i < 1_000; i++) ledger.add(donation("ann", 10));
  assert.equal(ledger.givingOf("ann")!.amount, 100);
});
