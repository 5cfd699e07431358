import assert from "node:assert/strict";
import { FILTERS } from "../src/media/rendition.ts";
import { DELAY, ENCODING, INSTRUMENTS, LAG } from "../src/metrics/instruments.ts";
import {
  defaultTextOf,
  environmentNameOf,
  flagOf,
  type OptionDefinition,
} from "../src/terminal/option_definition.ts";
import { OPTIONS } from "../src/terminal/option_table.ts";

const README = await Deno.readTextFile(new URL("../README.md", import.meta.url));

/** The lines of a section, up to the next heading. */
function section(title: string): string[] {
  const [, rest = ""] = README.split(`\n## ${title}\n`);
  return (rest.split("\n## ")[0] ?? "").split("\n");
}

Deno.test("README lists every option with its default and help", () => {
  const rows = section("Options").filter((line) => line.startsWith("| `--"));
  const expected = Object.entries<OptionDefinition>(OPTIONS).map(([name, option]) => {
    const short = option.short ? `, \`-${option.short}\`` : "";
    const text = defaultTextOf(option);
    const flag = `\`${flagOf(name)}\`${short}`;
    const environment = `\`${environmentNameOf(name)}\``;
    return `| ${flag} | ${environment} |${text && ` ${text}`} | ${option.help} |`;
  });
  assert.deepEqual(rows, expected);
});

Deno.test("README lists every filter", () => {
  const row = section("HTTP API").find((line) => line.startsWith("| `filter`"));
  const names = FILTERS.map((filter) => `\`${filter}\``);
  assert.equal(row, `| \`filter\` | ${names.join(", ")} |`);
});

Deno.test("README lists every metric with its help", () => {
  const rows = section("Monitoring").flatMap((line) => {
    const [, name, help] = /^\| `([a-z_]+)(?:\{[a-z, ]+\})?` \| (.+) \|$/.exec(line) ?? [];
    return name ? [[name, help]] : [];
  });
  const expected = [...INSTRUMENTS, ENCODING, DELAY, LAG].map(({ name, help }) => [name, help]);
  assert.deepEqual(rows.sort(), expected.sort());
});
