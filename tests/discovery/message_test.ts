import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  compareRecords,
  readMessage,
  type ResourceRecord,
  writeMessage,
} from "../../src/discovery/message.ts";

function record(type: string, data: unknown, isUnique = false): ResourceRecord {
  return { name: "livestream.local", type, ttl: 120, isUnique, data };
}

Deno.test("message of a query shows which questions want unicast", () => {
  const query = Buffer.from(
    "000000000002000000000000" + "016105" + Buffer.from("local").toString("hex") + "0000018001" +
      "c00c001c0001",
    "hex",
  );
  assert.deepEqual(readMessage(query)?.questions, [
    { name: "a.local", type: "A", wantsUnicast: true },
    { name: "a.local", type: "AAAA", wantsUnicast: false },
  ]);
});

Deno.test("message that is truncated, too long or no query is refused", () => {
  assert.equal(readMessage(new Uint8Array(11)), null);
  assert.equal(readMessage(new Uint8Array(9001)), null);
  // An update (RFC 2136).
  assert.equal(readMessage(Uint8Array.from([0, 0, 0x28, ...new Array(9).fill(0)])), null);
  assert.notEqual(readMessage(new Uint8Array(12)), null);
});

Deno.test("message of more than 64 questions and records is refused", () => {
  const question = { name: "a.local", type: "A", wantsUnicast: false };
  for (const kind of ["answers", "authorities", "additionals"] as const) {
    for (const [records, isRead] of [[32, true], [33, false]] as const) {
      const bytes = writeMessage({
        questions: Array(32).fill(question),
        [kind]: Array(records).fill(record("A", "10.0.0.1")),
      });
      assert.equal(readMessage(bytes) !== null, isRead);
    }
  }
});

Deno.test("message with a loop in a name is refused", () => {
  const bytes = new Uint8Array(18);
  bytes.set([0, 1], 4);
  bytes.set([0xc0, 12, 0, 1, 0, 1], 12);
  assert.equal(readMessage(bytes), null);
});

// RFC 6762 section 8.2.1.
for (
  const [name, one, other] of [
    ["the later address", [record("A", "169.254.200.50")], [record("A", "169.254.99.200")]],
    ["the later type", [record("AAAA", "::1")], [record("A", "255.0.0.1")]],
    ["the longer list", [record("A", "1.1.1.1"), record("A", "1.1.1.2")], [record("A", "1.1.1.1")]],
    ["the later data, not the longer", [record("TXT", ["b"])], [record("TXT", ["a", "aa"])]],
  ] as const
) {
  Deno.test(`message comparison prefers ${name}`, () => {
    assert.ok(compareRecords(one, other) > 0);
    assert.ok(compareRecords(other, one) < 0);
  });
}

Deno.test("message comparison ignores order and whether records are unique", () => {
  const [one, other] = [record("A", "1.1.1.1"), record("AAAA", "::1")];
  assert.equal(compareRecords([one, other], [{ ...other, isUnique: true, ttl: 3 }, one]), 0);
});
