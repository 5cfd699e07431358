import assert from "node:assert/strict";
import fc from "fast-check";
import {
  environmentNameOf,
  flagOf,
  type OptionDefinition,
} from "../../src/terminal/option_definition.ts";
import { type OptionName, OPTIONS } from "../../src/terminal/option_table.ts";
import { type EnvironmentVariables, parseOptions } from "../../src/terminal/options.ts";

function givenOptions(args: string[], env: EnvironmentVariables = {}) {
  const parsed = parseOptions(args, env);
  assert(parsed.action === "run");
  return parsed.given;
}

function given(args: string[], env?: EnvironmentVariables) {
  return Object.fromEntries(givenOptions(args, env));
}

Deno.test("given options are found in every form that a command line may have", () => {
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

Deno.test("given options are a flag's before the environment's, and an empty variable gives none", () => {
  const env = { LIVESTREAM_FPS: "5", LIVESTREAM_PORT: "80", LIVESTREAM_TITLE: "", HOME: "/" };
  assert.deepEqual(given(["-f", "9"], env), { port: ["80"], fps: ["9"] });
});

/** Valid values, for options of every kind. */
const VALUES: { readonly [N in OptionName]?: fc.Arbitrary<string> } = {
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
const NAMES = Object.keys(VALUES) as OptionName[];

const use = fc.constantFrom(...NAMES).chain((name) =>
  VALUES[name]!.chain((text) => {
    const { short } = OPTIONS[name] as OptionDefinition;
    const forms = [[`${flagOf(name)}=${text}`], [flagOf(name), text]];
    if (short) forms.push([`-${short}`, text], [`-${short}${text}`]);
    return fc.constantFrom(...forms);
  })
);

Deno.test("given options, written as flags, give the same options", () => {
  const variables = fc.record(
    Object.fromEntries(NAMES.map((name) => [environmentNameOf(name), VALUES[name]!])),
    { requiredKeys: [] },
  );
  fc.assert(fc.property(fc.array(use), variables, (uses, env) => {
    const args = uses.flat();
    const flags = [...givenOptions(args, env)].flatMap(([name, texts]) =>
      texts.map((text) => `${flagOf(name)}=${text}`)
    );
    assert.deepEqual(parseOptions(flags, {}), parseOptions(args, env));
  }));
});
