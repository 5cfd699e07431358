import assert from "node:assert/strict";
import {
  defaultTextOf,
  environmentNameOf,
  type OptionDefinition,
} from "../../src/terminal/option_definition.ts";
import { OPTIONS } from "../../src/terminal/option_table.ts";
import { parseOptions } from "../../src/terminal/options.ts";

const FILE = await Deno.readTextFile(new URL("../../contrib/livestream.env", import.meta.url));

/** Options that make the program print something and exit, or that need a terminal or a desktop. */
const NOT_FOR_SERVICES = ["listDevices", "licenses", "open", "studioQr"];

/** Returns the default as a variable has it; an empty one sets nothing. */
function defaultValueOf(option: OptionDefinition): string {
  const text = option.initial === false ? "no" : defaultTextOf(option);
  return JSON.stringify(option.read(text)) === JSON.stringify(option.initial) ? text : "";
}

Deno.test("environment file lists every option with its help and default", () => {
  const entries = [...FILE.matchAll(/((?:^# .+\n)+)^#(LIVESTREAM_\w+=.*)$/gm)]
    .map(([, comment, setting]) => [comment.replaceAll(/^# /gm, "").trimEnd(), setting]);
  const expected = Object.entries<OptionDefinition>(OPTIONS)
    .filter(([name]) => !NOT_FOR_SERVICES.includes(name))
    .map(([name, option]) => {
      const text = defaultTextOf(option);
      return [
        `${option.help}${text && ` (default: ${text})`}`,
        `${environmentNameOf(name)}=${defaultValueOf(option)}`,
      ];
    });
  assert.deepEqual(entries, expected);
});

Deno.test("environment file changes nothing until it is edited", () => {
  assert.deepEqual(FILE.split("\n").filter((line) => !/^(#|$)/.test(line)), []);
  const settings = [...FILE.matchAll(/^#(LIVESTREAM_\w+)=(.*)$/gm)];
  const env = Object.fromEntries(settings.map(([, name, value]) => [name, value]));
  const [plain, uncommented] = [{}, env].map((each) => parseOptions([], each));
  assert.ok(plain.action === "run" && uncommented.action === "run");
  assert.deepEqual({ ...uncommented.options, isFpsGiven: false }, plain.options);
});
