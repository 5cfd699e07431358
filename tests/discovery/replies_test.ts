import assert from "node:assert/strict";
import type { ResourceRecord } from "../../src/discovery/message.ts";
import { Replies } from "../../src/discovery/replies.ts";
import { ServiceRecords } from "../../src/discovery/service.ts";

Deno.test("replies look through their own records once, however much the asker knows", () => {
  let looks = 0;
  class CountingRecords extends ServiceRecords {
    override get all(): readonly ResourceRecord[] {
      looks++;
      return super.all;
    }
  }
  const service = { title: "Party", port: 8081, isSecure: false, path: "/" };
  const records = new CountingRecords(service, { host: 1, instance: 1 }, ["10.0.0.1"]);
  const sent: Uint8Array[] = [];
  const replies = new Replies({
    transport: {
      multicast: (_network, bytes) => void sent.push(bytes),
      unicast: () => assert.fail(),
    },
    clock: { monotonic: () => 0 },
    random: () => 0,
  });
  const known = (data: string) =>
    ({ name: "livestream.local", type: "A", ttl: 120, isUnique: true, data }) as const;
  const query = {
    ...{ id: 0, isResponse: false, isTruncated: false, authorities: [], additionals: [] },
    questions: [{ name: "livestream.local", type: "A", wantsUnicast: false }],
  };
  const network = { cidr: "10.0.0.1/24", addresses: ["10.0.0.1"] };
  const others = Array.from({ length: 60 }, (_, i) => known(`10.0.0.${100 + i}`));
  const from = { hostname: "10.0.0.7", port: 5353 };
  replies.answer({ ...query, answers: [...others, known("10.0.0.1")] }, network, from, records);
  assert.equal(sent.length, 0);
  assert.equal(looks, 1);
  replies.answer({ ...query, answers: others }, network, from, records);
  assert.equal(sent.length, 1);
});
