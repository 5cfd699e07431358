import assert from "node:assert/strict";
import fc from "fast-check";
import {
  environmentNameOf,
  flagOf,
  type Name,
  type Setting,
  SETTINGS,
} from "../../src/terminal/option_table.ts";
import { parseOptions } from "../../src/terminal/options.ts";
import { givenSettings } from "../../src/service/given_settings.ts";

function given(args: string[], env: Record<string, string> = {}) {
  return Object.fromEntries(givenSettings(args, env));
}

Deno.test("settings are found in every form that a command line may have", () => {
  assert.deepEqual(given(["-p", "9000"]), { port: ["9000"] });
  assert.deepEqual(given(["-p9000"]), { port: ["9000"] });
  assert.deepEqual(given(["--port=9000"]), { port: ["9000"] });
  assert.deepEqual(given(["9000", "--fps", "5"]), { port: ["9000"], fps: ["5"] });
  assert.deepEqual(given(["--fps", "5", "--", "9000"]), { port: ["9000"], fps: ["5"] });
  assert.deepEqual(given(["--title", "-x", "--title=a=b"]), { title: ["a=b"] });
  assert.deepEqual(given(["--allow-host=a.b,c.d", "--allow-host", "e.f"]), {
    allowHost: ["a.b,c.d", "e.f"],
  });
  assert.deepEqual(given(["--list-devices", "80"]), { port: ["80"], listDevices: ["yes"] });
});

Deno.test("a flag wins over the environment, an empty variable is none", () => {
  const env = { LIVESTREAM_FPS: "5", LIVESTREAM_PORT: "80", LIVESTREAM_TITLE: "", HOME: "/" };
  assert.deepEqual(given(["-f", "9"], env), { port: ["80"], fps: ["9"] });
});

/** Values that are sound, for settings of every kind. */
const VALUES: { readonly [N in Name]?: fc.Arbitrary<string> } = {
  port: fc.nat({ max: 65535 }).map(String),
  fps: fc.integer({ min: 1, max: 240 }).map(String),
  title: fc.string({ minLength: 1, maxLength: 50 }).filter((text) =>
    /\S/.test(text) && !text.startsWith("--")
  ),
  data: fc.constantFrom(":memory:", "a file", "-x", "/etc/%h/$HOME"),
  allowHost: fc.constantFrom("a.example", "b.example,c.example"),
  control: fc.constantFrom("gain=1", "brightness=-5,leds=0x3"),
  resolution: fc.constantFrom("640x480", "1280x720"),
};
const NAMES = Object.keys(VALUES) as Name[];

const use = fc.constantFrom(...NAMES).chain((name) =>
  VALUES[name]!.chain((text) => {
    const { short } = SETTINGS[name] as Setting;
    const forms = [[`${flagOf(name)}=${text}`], [flagOf(name), text]];
    if (short) forms.push([`-${short}`, text], [`-${short}${text}`]);
    return fc.constantFrom(...forms);
  })
);

Deno.test("what is found, written as flags, gives the same options", () => {
  const variables = fc.record(
    Object.fromEntries(NAMES.map((name) => [environmentNameOf(name), VALUES[name]!])),
    { requiredKeys: [] },
  );
  fc.assert(fc.property(fc.array(use), variables, (uses, env) => {
    const args = uses.flat();
    const flags = [...givenSettings(args, env)].flatMap(([name, texts]) =>
      texts.map((text) => `${flagOf(name)}=${text}`)
    );
    assert.deepEqual(parseOptions(flags, {}), parseOptions(args, env));
  }));
});
