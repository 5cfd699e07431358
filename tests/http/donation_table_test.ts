import assert from "node:assert/strict";
import { donationTable } from "../../src/http/donation_table.ts";
import { createFixture, done } from "../channel/fixture.ts";

Deno.test("donation table has no cell that a spreadsheet takes for a formula", () => {
  using fixture = createFixture();
  const messages = ["=1+1", "hi;=1+1", "a; @SUM(1)", "\uff1dcmd", "-2 | +3", "a-b; c=d"];
  for (const message of messages) {
    fixture.advance(60_000);
    done(fixture.donations.give({ viewer: null, name: "Ann", message }));
  }
  const [{ text }] = Array.from(donationTable(fixture.donations), done);
  const cells = text.trimEnd().split("\r\n").slice(1).map((line) => line.split(",").at(-1));
  assert.deepEqual(cells, [
    "'=1+1",
    "hi;'=1+1",
    "a;' @SUM(1)",
    "'\uff1dcmd",
    "'-2 |' +3",
    "a-b; c=d",
  ]);
});

Deno.test("donation table has every donation once, also over pages", () => {
  using fixture = createFixture();
  for (let i = 0; i < 401; i++) done(fixture.donations.give({ viewer: `${i}`, amount: i + 1 }));
  const pages = Array.from(donationTable(fixture.donations), (page) => done(page).text);
  assert.equal(pages.length, 3);
  const amounts = pages.join("").trimEnd().split("\r\n").slice(1).map((line) => line.split(",")[2]);
  assert.deepEqual(amounts, Array.from({ length: 401 }, (_, i) => `${i + 1}`));
});
