import assert from "node:assert/strict";
import type { Refusal } from "../../src/net/connections/connection_keeper.ts";
import { createAdmission } from "../../src/http/admission.ts";
import { HttpProblem } from "../../src/http/problem.ts";
import { RequestPace } from "../../src/http/request_pace.ts";
import { WaitingRoom } from "../../src/http/waiting_room.ts";

const REMOTE = { hostname: "192.0.2.1", port: 1 };

/** Creates an admission for malformed requests, such as those with an invalid Host. */
function admitSenseless(refusal: Refusal | null) {
  const waitingRoom = new WaitingRoom();
  const { admit } = createAdmission({
    connections: { refusalOf: () => refusal, pardon: () => {}, isLost: () => false },
    pace: new RequestPace({ monotonic: () => 0 }),
    waitingRoom,
    senderOf: () => ({
      capacityKey: REMOTE.hostname,
      guessKeys: { own: REMOTE.hostname, shared: null },
      isForwarded: false,
      isTrusted: false,
      isRelayed: false,
    }),
    isStreamer() {
      throw new HttpProblem(
        400,
        "The Host header must be the server's name, with or without its port",
      );
    },
  });
  return { admit: () => admit(new Request("http://localhost/"), REMOTE), waitingRoom };
}

Deno.test("a malformed request is refused with its connection, like any other", async () => {
  const { admit } = admitSenseless("descriptors");
  await assert.rejects(async () => await admit(), (error) => {
    assert(error instanceof HttpProblem);
    assert.deepEqual([error.status, error.headers.connection], [503, "close"]);
    return true;
  });
});

Deno.test("malformed requests wait for their turn", async () => {
  const { admit, waitingRoom } = admitSenseless(null);
  for (let i = 0; i < 200; i++) assert.equal(admit(), null);
  const waiting = admit();
  assert(waiting instanceof Promise);
  waitingRoom.close();
  await waiting;
});
