import assert from "node:assert/strict";
import { readClientMessage } from "../../../src/http/page_socket/client_message.ts";

const HEARD = { type: "heard", sequence: 1, ago: 0, buffered: 60, gaps: 0, offset: null };

for (
  const change of [
    { ago: 60_000 },
    { buffered: 60_000 },
    { offset: 60_000 },
    { offset: -60_000 },
  ]
) {
  const [[name, value]] = Object.entries(change);
  Deno.test(`a report of what was heard may have ${name} ${value}, and no more`, () => {
    const message = { ...HEARD, ...change };
    assert.deepEqual(readClientMessage(JSON.stringify(message)), message);
    const more = { ...HEARD, [name]: value * 1.001 };
    assert.equal(readClientMessage(JSON.stringify(more)), null);
  });
}
