/** What happens to real microphones, and that the picture does not mind. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { atOnce } from "../support/at_once.ts";
import { findProgram } from "../support/find_program.ts";
import { childrenRunning } from "../support/children_running.ts";
import { stateOf, untilHealth } from "../support/requests.ts";
import { SoundListener } from "../support/sound_listener.ts";
import { longestPause, StreamClient } from "../support/stream_client.ts";
import { startTalkingProgram, type TalkingProgram } from "../support/talking_program.ts";
import { until } from "../support/until.ts";

/** From the microphone's return to its sound at a page. Milliseconds. */
const BACK_MS = 3000;
/** A pause that would be seen, as far as a busy machine allows. Milliseconds. */
const PAUSE_MS = 1000;

/** A microphone, a page that hears it, and a viewer of the picture. */
class Scene implements AsyncDisposable {
  readonly #stack: AsyncDisposableStack;

  private constructor(
    readonly talking: TalkingProgram,
    readonly page: SoundListener,
    readonly viewer: StreamClient,
    /** What gives the picture. */
    readonly sources: readonly number[],
    stack: AsyncDisposableStack,
  ) {
    this.#stack = stack;
  }

  static async open(sample?: (seconds: number) => number): Promise<Scene> {
    await using stack = new AsyncDisposableStack();
    const talking = stack.use(
      await startTalkingProgram(["--source=test", "--resolution=320x240"], sample),
    );
    const { program } = talking;
    const page = stack.use(await SoundListener.open(program));
    page.listen(true);
    await page.hears(20, 20_000);
    await untilHealth(program, 200);
    const viewer = stack.use(await StreamClient.open(`${program.origin}/stream`));
    await viewer.until("some frames", () => viewer.parts.length > 30, 20_000);
    viewer.parts.length = 0;
    const sources = await childrenRunning(program.pid, /testsrc/);
    assert.equal(sources.length, 1);
    return new Scene(talking, page, viewer, sources, stack.move());
  }

  async untilState(wanted: "on" | "waiting"): Promise<void> {
    const state = async () => (await stateOf(this.talking.program)).sound.state;
    await until(`the sound to be ${wanted}`, state, (state) => state === wanted);
  }

  /** Asserts that the picture went on all the time, from the same ffmpeg. */
  async assertPictureUndisturbed(): Promise<void> {
    const { program } = this.talking;
    assert.deepEqual(await childrenRunning(program.pid, /testsrc/), this.sources);
    const pause = longestPause(this.viewer.parts);
    assert.ok(pause <= PAUSE_MS, `a pause of ${pause} ms`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

Deno.test({
  name: "faults of a microphone",
  ignore: Deno.build.os !== "linux" || findProgram("pulseaudio") === null,
  async fn(t) {
    await atOnce(t, {
      "unplugged and back, it is heard again within 3 s": async () => {
        await using scene = await Scene.open();
        const { talking: { microphone, pulse }, page } = scene;
        await microphone.unplug();
        await scene.untilState("waiting");
        const { count } = page;
        await delay(1000);
        assert.equal(page.count, count);
        const back = performance.now();
        await using again = await pulse.plugIn();
        again.feed();
        await page.hears(1, BACK_MS + 5000);
        const took = performance.now() - back;
        assert.ok(took <= BACK_MS, `${took} ms`);
        await scene.untilState("on");
        await scene.assertPictureUndisturbed();
      },
      "its ffmpeg killed, it is heard again within 3 s": async () => {
        await using scene = await Scene.open();
        const { talking: { program }, page } = scene;
        const [encoder, ...others] = await childrenRunning(program.pid, /opus/);
        assert.deepEqual(others, []);
        Deno.kill(encoder, "SIGKILL");
        const took = await page.hears(20, BACK_MS + 5000);
        assert.ok(took <= BACK_MS, `${took} ms`);
        assert.notDeepEqual(await childrenRunning(program.pid, /opus/), [encoder]);
        await scene.assertPictureUndisturbed();
      },
      "silent for a minute, it stays open, and is heard again at once": async () => {
        let isSilent = false;
        await using scene = await Scene.open((at) =>
          isSilent ? 0 : 0.25 * Math.sin(2 * Math.PI * 440 * at)
        );
        const { talking: { program }, page } = scene;
        const encoders = await childrenRunning(program.pid, /opus/);
        isSilent = true;
        await delay(60_000);
        assert.equal((await stateOf(program)).sound.state, "on");
        assert.deepEqual(await childrenRunning(program.pid, /opus/), encoders);
        isSilent = false;
        await page.hears(50);
        await scene.assertPictureUndisturbed();
      },
    });
  },
});
