import assert from "node:assert/strict";
import { Hub } from "../../src/streams/hub.ts";
import { Channel } from "../../src/channel/channel.ts";
import { Preview } from "../../src/http/preview.ts";
import { Transmission } from "../../src/http/transmission.ts";
import { FORGETFUL_STORE } from "../support/forgetful_store.ts";
import { recordingLog } from "../support/recording_log.ts";

/** A transmission whose cards are numbered, and what it publishes. */
function setUp() {
  const hub = new Hub({
    transcoder: { transcode: () => Promise.resolve(null) },
    motion: { due: () => false, observe: () => {} },
  });
  const preview = new Preview();
  const log = recordingLog();
  const channel = new Channel({ title: "Tea", offAir: false, store: FORGETFUL_STORE, log });
  let cards = 0;
  const transmission = new Transmission({
    channel,
    preview,
    publish: (jpeg, capturedAt) => hub.publish(jpeg, capturedAt),
    drawCard: () => Promise.resolve(Uint8Array.of(100 + ++cards)),
    log,
  });
  return { hub, preview, channel, transmission, shown: () => hub.newest?.data[0] };
}

Deno.test("transmission keeps the time at which a frame came, for viewers and preview", () => {
  const { hub, preview, transmission } = setUp();
  transmission.take(Uint8Array.of(1), 1234);
  assert.deepEqual([hub.newest?.at, preview.newest?.at], [1234, 1234]);
});

Deno.test("transmission draws its card anew while that is shown, and not on air", async () => {
  const { channel, transmission, shown } = setUp();
  transmission.take(Uint8Array.of(1));
  await transmission.redrawCard();
  assert.equal(shown(), 1);
  channel.setOnAir(false);
  await transmission.follow();
  assert.equal(shown(), 101);
  await transmission.redrawCard();
  assert.equal(shown(), 102);
});
