import assert from "node:assert/strict";
import { Backoff } from "../../static/js/backoff.js";
import { Player, type ScreenEvents } from "../../static/js/player.js";
import { FakeTime } from "../support/fake_time.ts";

const PICTURE = {
  codec: "jpeg",
  quality: "source",
  sequence: 1,
  at: null,
  received: null,
} as const;

function setUp() {
  const done: string[] = [];
  let connections = 0;
  let events: ScreenEvents | null = null;
  const player = new Player({
    screen: {
      open(url, own) {
        done.push(`open ${url}`);
        events = own;
      },
      lost() {},
      close() {
        done.push("close");
        events = null;
      },
    },
    url: () => `/stream?live=${++connections}`,
    onStatus: (status, reason) => done.push(reason ? `${status}: ${reason}` : status),
    onPicture: () => {},
    backoff: new Backoff({ random: () => 1 }),
  });
  return {
    player,
    picture: () => events!.onPicture(PICTURE),
    end: (reason: string, status = 0) => events!.onEnd({ reason, status }),
    /** What has been done since the last call. */
    done: () => done.splice(0),
  };
}

Deno.test("player plays from the first frame, and connects only once", () => {
  const { player, picture, done } = setUp();
  player.start();
  player.start();
  assert.deepEqual(done(), ["connecting", "open /stream?live=1"]);
  picture();
  picture();
  assert.deepEqual(done(), ["playing"]);
});

Deno.test("player reconnects under a new name after waits that grow until a frame arrives", () => {
  using time = new FakeTime();
  const { player, picture, end, done } = setUp();
  player.start();
  picture();
  done();
  let connection = 1;
  for (const wait of [1000, 2000, 4000, 5000, 5000]) {
    end("The server ended the stream");
    time.tick(wait - 1);
    assert.deepEqual(done(), ["reconnecting: The server ended the stream"]);
    time.tick(1);
    assert.deepEqual(done(), [`open /stream?live=${++connection}`]);
  }
  picture();
  assert.deepEqual(done(), ["playing"]);
  end("Gone");
  time.tick(1000);
  assert.deepEqual(done(), ["reconnecting: Gone", "open /stream?live=7"]);
});

Deno.test("player, stopped, closes the stream and does nothing until it is started", () => {
  using time = new FakeTime();
  const { player, picture, end, done } = setUp();
  player.start();
  picture();
  end("Gone");
  done();
  player.stop();
  player.stop();
  assert.deepEqual(done(), ["close", "stopped"]);
  time.tick(60_000);
  assert.deepEqual(done(), []);
  player.start();
  assert.deepEqual(done(), ["connecting", "open /stream?live=2"]);
});

Deno.test("player, restarted, reconnects at once and only once", () => {
  using time = new FakeTime();
  const { player, picture, end, done } = setUp();
  player.restart();
  assert.deepEqual(done(), [], "a stopped one stays so");
  player.start();
  picture();
  end("Gone");
  done();
  player.restart();
  assert.deepEqual(done(), ["close", "open /stream?live=2"]);
  time.tick(60_000);
  assert.deepEqual(done(), []);
});

Deno.test("player distinguishes a full server from a lost one and tries again", () => {
  using time = new FakeTime();
  const { player, end, done } = setUp();
  player.start();
  done();
  end("As many are watching as the server allows", 503);
  time.tick(5000);
  assert.deepEqual(done(), [
    "full: As many are watching as the server allows",
    "open /stream?live=2",
  ]);
});

Deno.test("player stops trying once refused, until it is started again", () => {
  using time = new FakeTime();
  const { player, end, done } = setUp();
  player.start();
  done();
  end("The streamer does not let you watch", 403);
  time.tick(60_000);
  assert.deepEqual(done(), ["refused: The streamer does not let you watch"]);
  player.stop();
  player.start();
  assert.deepEqual(done(), ["close", "stopped", "connecting", "open /stream?live=2"]);
});
