import assert from "node:assert/strict";
import { Ledger } from "../../src/store/ledger.ts";
import { migratedDatabase } from "./migrated.ts";

const donation = (author: string, cents: number) => (
  { at: 5, name: "Ann", amount: cents / 100, message: "", author, key: null }
);

Deno.test("Ledger keeps so many donations, but all of their sums", () => {
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

Deno.test("Ledger sums cents without losing any", () => {
  using database = migratedDatabase();
  const ledger = new Ledger(database);
  for (let i = 0; i < 1_000; i++) ledger.add(donation("ann", 10));
  assert.equal(ledger.givingOf("ann")!.amount, 100);
});
