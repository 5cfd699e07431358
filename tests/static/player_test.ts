import assert from "node:assert/strict";
import { Backoff } from "../../static/js/backoff.js";
import { Player, type ScreenEvents } from "../../static/js/player.js";
import { FakeTime } from "../support/fake_time.ts";

const PICTURE = { quality: "source" };

/** Lets what was promised happen. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

function setUp({ prepare = () => Promise.resolve() } = {}) {
  const done: string[] = [];
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
    url: "/stream",
    prepare() {
      done.push("prepare");
      return prepare();
    },
    onStatus: (status, reason) => done.push(reason ? `${status}: ${reason}` : status),
    onPicture: () => {},
    backoff: new Backoff({ random: () => 1 }),
  });
  return {
    player,
    picture: () => events!.onPicture(PICTURE),
    end: (reason: string) => events!.onEnd(reason),
    /** What has been done since the last call. */
    done: () => done.splice(0),
  };
}

Deno.test("player plays once the first picture is there, and connects only once", () => {
  const { player, picture, done } = setUp();
  player.start();
  player.start();
  assert.deepEqual(done(), ["connecting", "open /stream"]);
  picture();
  picture();
  assert.deepEqual(done(), ["playing"]);
});

Deno.test("player prepares and reconnects after a wait that grows until a picture comes", async () => {
  using time = new FakeTime();
  const { player, picture, end, done } = setUp();
  player.start();
  picture();
  done();
  for (const wait of [1000, 2000, 4000, 5000, 5000]) {
    end("The server ended the stream");
    time.tick(wait - 1);
    assert.deepEqual(done(), ["reconnecting: The server ended the stream"]);
    time.tick(1);
    await settled();
    assert.deepEqual(done(), ["prepare", "open /stream"]);
  }
  picture();
  assert.deepEqual(done(), ["playing"]);
  end("Gone");
  time.tick(1000);
  await settled();
  assert.deepEqual(done(), ["reconnecting: Gone", "prepare", "open /stream"]);
});

Deno.test("player waits on while it cannot prepare", async () => {
  using time = new FakeTime();
  let away = true;
  const prepare = () => away ? Promise.reject(new Error("Away")) : Promise.resolve();
  const { player, end, done } = setUp({ prepare });
  player.start();
  end("Gone");
  done();
  time.tick(1000);
  await settled();
  assert.deepEqual(done(), ["prepare", "reconnecting: Gone"]);
  away = false;
  time.tick(2000);
  await settled();
  assert.deepEqual(done(), ["prepare", "open /stream"]);
});

Deno.test("player, stopped, frees the stream and does nothing more until it is started", async () => {
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
  await settled();
  assert.deepEqual(done(), []);
  player.start();
  await settled();
  assert.deepEqual(done(), ["connecting", "prepare", "open /stream"]);
});

Deno.test("player, stopped while it prepares, does not open the stream afterwards", async () => {
  using time = new FakeTime();
  const { player, end, done } = setUp();
  player.start();
  end("Gone");
  time.tick(1000);
  player.stop();
  await settled();
  assert.equal(done().filter((what) => what.startsWith("open")).length, 1);
});
