import assert from "node:assert/strict";
import fc from "fast-check";
import { hostNameOf, instanceLabel } from "../../src/discovery/names.ts";
import { readMessage, writeMessage } from "../../src/discovery/message.ts";
import { ServiceRecords } from "../../src/discovery/service.ts";

Deno.test("names get a number if they are taken", () => {
  assert.equal(hostNameOf("livestream", 1), "livestream.local");
  assert.equal(hostNameOf("livestream", 12), "livestream-12.local");
  assert.equal(instanceLabel("Dr. Who", 1), "Dr․ Who");
  assert.equal(instanceLabel("Dr. Who", 2), "Dr․ Who (2)");
});

Deno.test("names fit into a label, and records survive the wire, whatever the title", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), fc.integer({ min: 1, max: 999 }), (
      title,
      number,
    ) => {
      const label = instanceLabel(title, number);
      const { length } = new TextEncoder().encode(label);
      assert.ok(length > 0 && length <= 63, `${length}`);
      const service = { title, port: 8081, isSecure: false, path: "/" };
      const records = new ServiceRecords(service, { host: number, instance: number }, ["10.0.0.1"]);
      const read = readMessage(writeMessage({ isResponse: true, answers: records.all }))!;
      assert.deepEqual(
        read.answers.map(({ name, type }) => `${name} ${type}`),
        records.all.map(({ name, type }) => `${name} ${type}`),
      );
      assert.equal(read.answers.find(({ type }) => type === "PTR")!.data, records.instance);
    }),
  );
});
