import assert from "node:assert/strict";
import { VideoChoice } from "../../static/js/video_choice.js";

/** The choice of a page whose server encodes H.264, in a browser that plays it. */
function setUp({ saveData = false, video = "h264", remembered = new Map<string, string>() } = {}) {
  const localStorage = {
    getItem: (name: string) => remembered.get(name) ?? null,
    setItem: (name: string, value: string) => remembered.set(name, value),
  };
  const globals = {
    document: { documentElement: { dataset: { video } } },
    navigator: { connection: { saveData } },
    localStorage,
    VideoDecoder: class {},
  };
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  return new VideoChoice();
}

Deno.test("pages ask for H.264 when the connection needs it", () => {
  assert.equal(setUp().query, "&video=h264&codec=auto");
});

Deno.test("pages on a metered connection ask for H.264, unless the viewer chose JPEG", () => {
  const choice = setUp({ saveData: true });
  assert.equal(choice.query, "&video=h264&codec=h264");
  choice.choose("jpeg");
  assert.equal(choice.query, "&video=h264&codec=jpeg");
});

Deno.test("pages of a server without H.264 ask for nothing", () => {
  const choice = setUp({ saveData: true, video: "off" });
  assert.equal(choice.query, "");
  assert.equal(choice.screenOptions({ filter: () => "none", restart() {} }), null);
});

Deno.test("browsers remember the choice, and nothing else", () => {
  const remembered = new Map<string, string>();
  setUp({ remembered }).choose("h264");
  assert.equal(setUp({ remembered }).query, "&video=h264&codec=h264");
  remembered.forEach((_, name) => remembered.set(name, "av1"));
  assert.equal(setUp({ remembered }).chosen, "auto");
});

Deno.test("a page whose browser cannot play H.264 goes on with JPEG until the viewer chooses", () => {
  const choice = setUp();
  let restarts = 0;
  const options = choice.screenOptions({ filter: () => "none", restart: () => restarts++ })!;
  assert.equal(options.path(), "webcodecs");
  options.onFailure();
  assert.deepEqual([restarts, choice.query, options.path()], [1, "&video=h264&codec=jpeg", null]);
  choice.choose("auto");
  assert.deepEqual([choice.query, options.path()], ["&video=h264&codec=auto", "webcodecs"]);
  choice.needsJpeg = true;
  assert.deepEqual([choice.query, options.path()], ["&video=h264&codec=jpeg", null]);
});
