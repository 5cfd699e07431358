import assert from "node:assert/strict";
import { StreamSessions } from "../../src/audience/stream_sessions.ts";
import { StreamConditions } from "../../src/consumers/session/conditions.ts";
import { Session } from "../../src/consumers/session/session.ts";
import { DEFAULT_CHOICES } from "../../src/consumers/session/choices.ts";
import { Stream } from "../../src/streams/stream.ts";
import { settle } from "../consumers/session/connection.ts";
import { SimulatedTracks } from "../consumers/session/simulated_tracks.ts";
import { tinyJpeg } from "../support/jpegs.ts";

/** A stream with a session that chose H.264, and tracks that follow it. */
function setUp() {
  let now = 100_000;
  const clock = { wall: () => now, monotonic: () => now };
  const tracks = new SimulatedTracks();
  const stream = new Stream({
    name: "program",
    // Every rendition is made at once.
    transcoder: {
      transcode({ renditions, onOutput }) {
        renditions.forEach((_, i) => onOutput(i, tinyJpeg()));
        return Promise.resolve(null);
      },
    },
    onPart: (part) => conditions.measured(part),
    clock,
  });
  const conditions: StreamConditions = new StreamConditions({
    ...{ source: { fps: 30 }, gaming: { quality: 80 }, video: tracks, clock },
  });
  const sessions = new StreamSessions(stream, conditions, clock);
  const session = new Session({
    ...{ id: null, page: "a page", conditions, clock, video: "h264" },
    choices: () => DEFAULT_CHOICES,
    onEnd: (session) => sessions.remove(session),
  });
  sessions.add(session);
  sessions.begin(session);
  const reader = session.body.getReader();
  const reading = (async () => {
    while (!(await reader.read()).done);
  })();
  return {
    ...{ session, sessions, tracks, stream },
    /** Lets time pass: with a frame each 33 ms, or none. */
    async wait(milliseconds: number, hasFrames: boolean) {
      for (const end = now + milliseconds; now < end; now += 33) {
        if (hasFrames) {
          stream.publish(tinyJpeg());
          tracks.sequence++;
          for (const track of tracks.all) track.encode(tracks.sequence, now);
        }
        for (const track of tracks.all) track.tick(now);
        const { sequence } = tracks;
        session.traffic.acknowledgePage({ sequence, ago: 0, arrived: { sequence, ago: 0 } });
        stream.tick();
        sessions.survey();
        await settle();
      }
    },
    async end() {
      session.close();
      await reading;
    },
  };
}

Deno.test("sessions with H.264 see a card at once, as a JPEG, and H.264 when frames flow again", async () => {
  const { session, tracks, wait, end } = setUp();
  const joined = () => tracks.all.reduce((sum, { consumers }) => sum + consumers.size, 0);
  await wait(2_000, true);
  assert.deepEqual([session.delivery.codec, joined()], ["h264", 1]);
  // The first frame of these is the card.
  await wait(330, false);
  assert.equal(session.delivery.codec, "h264");
  await wait(165, false);
  assert.deepEqual([session.delivery.codec, joined()], ["jpeg", 0]);
  const { frames } = session.traffic.totals;
  await wait(10_000, false);
  assert.deepEqual([session.delivery.codec, joined()], ["jpeg", 0]);
  assert.ok(session.traffic.totals.frames - frames >= 9);
  await wait(2_000, true);
  assert.equal(session.delivery.codec, "h264");
  await end();
});
