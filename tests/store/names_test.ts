import assert from "node:assert/strict";
import { Names } from "../../src/store/names.ts";
import { migratedDatabase } from "./migrated.ts";

Deno.test("Names keeps the newest names up to its limit", () => {
  using database = migratedDatabase();
  const names = new Names(database, 3);
  for (const author of ["a", "b", "c"]) names.rename(author, author.toUpperCase());
  names.rename("a", "Ann");
  names.rename("d", "D");
  assert.deepEqual(["a", "b", "c", "d"].map((author) => names.nameOf(author)), [
    "Ann",
    null,
    "C",
    "D",
  ]);
});
