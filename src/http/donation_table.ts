// @ts-types="./std_csv.d.ts"
import { stringify } from "@std/csv/stringify";
import type { Donations } from "../channel/donations.ts";
import type { Outcome } from "../channel/refusal.ts";
import type { Donation } from "../live_messages.ts";

/** Donations read at once: about a millisecond. */
const PAGE = 200;

/** Excel takes a file without it for one in another encoding. */
const BYTE_ORDER_MARK = "\ufeff";

/**
 * What begins a formula (OWASP, "CSV Injection"), at the start of a cell or where a spreadsheet with another
 * separator than the comma starts a new one.
 */
const FORMULA = /(^|[;\t|])(\s*[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

/** Reads all donations as CSV (RFC 4180), oldest first. */
export function* donationTable(
  donations: Pick<Donations, "after">,
): Generator<Outcome<{ readonly text: string }>> {
  let last = 0;
  let head = BYTE_ORDER_MARK + stringify([["Time", "Name", "Amount", "Message"]]);
  while (true) {
    const read = donations.after(last, PAGE);
    if ("refused" in read) return yield read;
    const page = read.donations;
    yield { text: head + (page.length > 0 ? stringify(page.map(rowOf)) : "") };
    if (page.length < PAGE) return;
    head = "";
    last = page[page.length - 1].id;
  }
}

function rowOf({ at, name, amount, message }: Donation): (string | number | null)[] {
  return [new Date(at).toISOString(), plainCell(name), amount, plainCell(message)];
}

/** Keeps spreadsheets from taking what a viewer wrote for a formula. */
function plainCell(text: string): string {
  return text.replace(FORMULA, "$1'$2");
}
