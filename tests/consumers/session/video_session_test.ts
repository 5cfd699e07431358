import assert from "node:assert/strict";
import { SOURCE } from "../../../src/media/rendition.ts";
import { Connection, type ConnectionOptions } from "./connection.ts";
import { SimulatedTracks } from "./simulated_tracks.ts";

/** Runs a connection whose camera feeds the tracks as well. */
async function run(
  options: ConnectionOptions,
  milliseconds: number,
  then: (connection: Connection, tracks: SimulatedTracks) => void | Promise<void>,
): Promise<void> {
  const tracks = new SimulatedTracks();
  await using connection = new Connection({
    evidence: "page",
    paintTakes: 1,
    ...options,
    video: tracks,
  });
  for (const track of tracks.all) track.epoch = Date.now() - connection.time.now;
  for (let i = 0; i < milliseconds; i++) {
    await connection.run(1);
    if (tracks.sequence < connection.sequence) {
      tracks.sequence = connection.sequence;
      for (const track of tracks.all) track.encode(tracks.sequence, connection.time.now);
    }
    for (const track of tracks.all) track.tick(connection.time.now);
  }
  await then(connection, tracks);
}

const isVideo = ({ bytes }: { readonly bytes: Uint8Array }) =>
  new TextDecoder("latin1").decode(bytes.subarray(0, 40)).startsWith("Content-Type: video/h264");

Deno.test("session that chose H.264 gets a JPEG at once, then packets, and says so", async () => {
  await run({ codec: "h264" }, 3000, ({ parts, session }) => {
    assert.ok(!isVideo(parts[0]));
    assert.ok(parts[0].at < 100);
    assert.ok(parts.slice(10).every(isVideo));
    const { codec, quality, scale, why, fps } = session.delivery;
    assert.deepEqual([codec, quality, scale, why], ["h264", 45, 1, "chosen"]);
    assert.ok(fps >= 27, `${fps}`);
  });
});

Deno.test("session on a narrow link gets H.264 because of the link, in order", async () => {
  await run({ capacity: 2e6 / 8 }, 8000, ({ parts, session, sequence }) => {
    const { codec, scale, why, delay } = session.delivery;
    assert.deepEqual([codec, scale, why], ["h264", 1, "link"]);
    assert.ok(delay! < 300, `${delay} ms`);
    assert.ok(parts.slice(-30).every(isVideo));
    assert.ok(parts.every(({ sequence }, i) => i === 0 || sequence >= parts[i - 1].sequence));
    assert.ok(parts.at(-1)!.sequence > sequence - 10);
  });
});

Deno.test("session on a wide link, or limited to fewer frames, gets no H.264", async () => {
  for (const options of [{}, { fps: 10, codec: "h264" as const }]) {
    await run(options, 1500, ({ parts }, tracks) => {
      assert.ok(parts.length > 5);
      assert.ok(!parts.some(isVideo));
      assert.ok(tracks.all.every(({ consumers }) => consumers.size === 0));
    });
  }
});

Deno.test("session leaves its track when it ends, and comes back for nothing", async () => {
  await run({ codec: "h264" }, 1000, async ({ session }, tracks) => {
    assert.equal(tracks.all[0].consumers.size, 1);
    session.abort("gone");
    session.decide();
    assert.equal(tracks.all[0].consumers.size, 0);
    await Promise.resolve();
  });
});

Deno.test("session with a filter gets bridges with it", async () => {
  const tracks = new SimulatedTracks();
  await using connection = new Connection({ evidence: "page", codec: "h264", video: tracks });
  connection.choices = { ...connection.choices, filter: "sepia" };
  const bridge = connection.session.decide()!;
  assert.deepEqual([bridge.codec, bridge.filter], ["jpeg", "sepia"]);
  assert.ok(connection.ladder.bytesOf(bridge) < connection.ladder.bytesOf(SOURCE) / 4);
});
