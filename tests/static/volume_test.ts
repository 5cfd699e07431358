import assert from "node:assert/strict";
import { FakeTime } from "../support/fake_time.ts";
import "../support/page_texts.ts";
import { Volume } from "../../static/js/volume.js";
import type { SoundPlayer } from "../../static/js/sound/sound_player.js";
import type { ShownVolume } from "../../static/js/volume_view.js";

/** A volume control whose page, player and memory are in the test's hands. */
function setUp({ remembered = {}, failure = "" }: {
  readonly remembered?: Readonly<Record<string, string>>;
  readonly failure?: string;
} = {}) {
  const memory = new Map(Object.entries(remembered));
  const calls: string[] = [];
  const errors: string[] = [];
  let loads = 0;
  let changed = () => {};
  class Player {
    state = "silent";
    volume = 1;
    statistics = null;
    constructor({ onChange }: { readonly onChange: () => void }) {
      changed = onChange;
    }
    listen() {
      calls.push(`listen at ${this.volume}`);
      return failure ? Promise.reject(new Error(failure)) : Promise.resolve();
    }
    hush() {
      calls.push("hush");
    }
    stop() {
      calls.push("stop");
    }
    hear() {}
    lost() {}
    reconnected() {}
  }
  let player: Player | undefined;
  const acts: Record<string, (level: number) => void> = {};
  let shown: ShownVolume | null = null;
  const volume = new Volume({
    socket: {} as never,
    notices: { error: (message: string) => errors.push(message) },
    load: () => {
      loads++;
      return Promise.resolve({
        SoundPlayer: function (options: { readonly onChange: () => void }) {
          return player = new Player(options);
        } as unknown as typeof SoundPlayer,
        PictureAge: class {} as never,
      });
    },
    view: {
      onPrepare: (act: () => void) => acts.prepare = act,
      onGesture: (act: () => void) => acts.gesture = act,
      onToggle: (act: () => void) => acts.toggle = act,
      onHear: (act: () => void) => acts.hear = act,
      onLevel: (act: (level: number) => void) => acts.level = act,
      reveal() {},
      show: (volume: ShownVolume) => shown = volume,
    },
    memory: {
      recall: (name: string) => memory.get(name) ?? null,
      remember: (name: string, value: string) => void memory.set(name, value),
    },
  });
  return {
    volume,
    memory,
    calls,
    errors,
    acts,
    get loads() {
      return loads;
    },
    get shown(): ShownVolume {
      assert(shown);
      return shown;
    },
    /** Lets the player say that its state changed. */
    async become(state: string) {
      await settled();
      assert(player);
      player.state = state;
      changed();
    },
  };
}

/** Lets everything run that waits for the loaded player. */
async function settled() {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

Deno.test("a stream without sound has no volume", async () => {
  const { volume, shown, acts, calls } = setUpShown("off");
  acts.toggle(0);
  volume.step(1);
  await settled();
  assert.equal(shown().state, "none");
  assert.deepEqual(calls, []);
});

function setUpShown(
  channel: "off" | "on" | "waiting" | "muted",
  options?: Parameters<typeof setUp>[0],
) {
  const page = setUp(options);
  page.volume.show(channel, true);
  return { ...page, page, shown: () => page.shown };
}

Deno.test("the sound is off at first, and the player is not even loaded", async () => {
  using _time = new FakeTime();
  const { page, shown } = setUpShown("on");
  await settled();
  assert.equal(shown().state, "off");
  assert.equal(page.loads, 0);
});

Deno.test("turned on, it plays at the remembered volume, and is on at the next visit", async () => {
  const { acts, calls, memory, shown } = setUpShown("on", { remembered: { volume: "50" } });
  acts.toggle(0);
  await settled();
  assert.deepEqual(calls, ["listen at 0.25"]);
  assert.equal(shown().state, "on");
  assert.equal(memory.get("sound"), "on");
  const next = setUpShown("on", { remembered: Object.fromEntries(memory) });
  await settled();
  assert.deepEqual(next.calls, ["listen at 0.25"]);
});

Deno.test("volumes that cannot be are forgotten", async () => {
  for (const volume of ["", "loud", "0", "-5", "101", "NaN"]) {
    const { calls } = setUpShown("on", { remembered: { sound: "on", volume } });
    await settled();
    assert.deepEqual(calls, ["listen at 1"], volume);
  }
});

Deno.test("pause, off air and a kick silence it, and the return brings it back", async () => {
  const { volume, calls } = setUpShown("on", { remembered: { sound: "on" } });
  await settled();
  volume.show("on", false);
  volume.show("on", false);
  volume.show("on", true);
  await settled();
  assert.deepEqual(calls, ["listen at 1", "stop", "listen at 1"]);
});

Deno.test("once the streamer mutes the sound, nothing of it is heard any more", async () => {
  const { volume, calls } = setUpShown("on", { remembered: { sound: "on" } });
  await settled();
  volume.show("muted", true);
  volume.show("muted", true);
  assert.deepEqual(calls, ["listen at 1", "hush"]);
});

Deno.test("turned off while the player loads, it stays silent", async () => {
  const { acts, calls } = setUpShown("on");
  acts.toggle(0);
  acts.toggle(0);
  await settled();
  assert.deepEqual(calls, []);
});

Deno.test("keys change the volume by 5 %, not beyond 100 %, and 0 % turns the sound off", async () => {
  const { volume, acts, memory, shown } = setUpShown("on", { remembered: { volume: "92" } });
  volume.step(-1);
  assert.equal(shown().state, "off", "quieter than off");
  volume.step(1);
  assert.deepEqual([shown().state, shown().level], ["on", 92]);
  volume.step(1);
  volume.step(1);
  assert.equal(shown().level, 100);
  volume.step(-1);
  assert.equal(memory.get("volume"), "95");
  acts.level(0);
  assert.deepEqual([shown().state, memory.get("sound"), memory.get("volume")], [
    "off",
    "off",
    "95",
  ]);
  acts.level(40);
  assert.deepEqual([shown().state, shown().level], ["on", 40]);
  await settled();
});

Deno.test("sound that the browser blocks starts with the viewer's first gesture", async () => {
  const { page, volume, acts, calls, shown } = setUpShown("on", { remembered: { sound: "on" } });
  await page.become("blocked");
  assert.deepEqual([shown().state, shown().isOffered], ["off", true]);
  assert.equal(volume.hasJustUnblocked, false);
  acts.gesture(0);
  assert.equal(volume.hasJustUnblocked, true, "the click must not pause the picture too");
  await page.become("playing");
  assert.deepEqual(calls, ["listen at 1", "listen at 1"]);
  assert.deepEqual([shown().state, shown().isOffered], ["on", false]);
  acts.gesture(0);
  await settled();
  assert.equal(calls.length, 2, "once is enough");
});

Deno.test("viewers who have not decided are invited for 8 s, others never", () => {
  using time = new FakeTime();
  const { shown, volume } = setUpShown("muted");
  assert.equal(shown().isOffered, false, "there is nothing to hear");
  volume.show("waiting", true);
  assert.equal(shown().isOffered, false, "there is nothing to hear");
  volume.show("on", true);
  assert.equal(shown().isOffered, true);
  time.tick(7999);
  assert.equal(shown().isOffered, true);
  time.tick(1);
  assert.equal(shown().isOffered, false);
  volume.show("on", true);
  assert.equal(shown().isOffered, false, "only once");
  assert.equal(setUpShown("on", { remembered: { sound: "off" } }).shown().isOffered, false);
});

Deno.test("it says why there is no sound: muted, or none comes", async () => {
  const { page, volume, shown } = setUpShown("muted", { remembered: { sound: "on" } });
  assert.equal(shown().note, "The streamer has muted the sound");
  volume.show("waiting", true);
  assert.equal(shown().note, "No sound from the streamer at the moment");
  volume.show("on", true);
  await page.become("playing");
  assert.equal(shown().note, "");
  await page.become("waiting");
  assert.equal(shown().note, "No sound from the streamer at the moment");
  volume.toggle();
  assert.equal(shown().note, "", "the viewer does not listen");
});

Deno.test("sound that cannot play says why and is off", async () => {
  const { acts, errors, calls, shown } = setUpShown("on", { failure: "Broken" });
  acts.toggle(0);
  await settled();
  assert.deepEqual(errors, ["The sound does not play: Broken"]);
  assert.equal(shown().state, "off");
  assert.equal(calls.at(-1), "stop");
});
