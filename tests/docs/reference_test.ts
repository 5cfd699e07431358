import assert from "node:assert/strict";
import { FILTERS } from "../../src/media/rendition.ts";
import { DELAY, ENCODING, INSTRUMENTS, LAG, SOUND_DELAY } from "../../src/metrics/instruments.ts";
import {
  defaultTextOf,
  environmentNameOf,
  flagOf,
  type OptionDefinition,
} from "../../src/terminal/option_definition.ts";
import { OPTIONS } from "../../src/terminal/option_table.ts";
import { documentOf } from "./documents.ts";

/** Returns the lines of a page of `docs/`. */
const linesOf = (name: string): string[] => documentOf(name).split("\n");

Deno.test("options page lists every option with its default and help", () => {
  const rows = linesOf("options.md").filter((line) => line.startsWith("| `--"));
  const expected = Object.entries<OptionDefinition>(OPTIONS).map(([name, option]) => {
    const short = option.short ? `, \`-${option.short}\`` : "";
    const text = defaultTextOf(option);
    const flag = `\`${flagOf(name, option)}\`${short}`;
    const environment = `\`${environmentNameOf(name)}\``;
    return `| ${flag} | ${environment} |${text && ` ${text}`} | ${option.help} |`;
  });
  assert.deepEqual(rows, expected);
});

Deno.test("HTTP API page lists every filter", () => {
  const row = linesOf("http-api.md").find((line) => line.startsWith("| `filter`"));
  const names = FILTERS.map((filter) => `\`${filter}\``);
  assert.equal(row, `| \`filter\` | ${names.join(", ")} |`);
});

Deno.test("monitoring page lists every metric with its help", () => {
  const rows = linesOf("monitoring.md").flatMap((line) => {
    const [, name, help] = /^\| `([a-z0-9_]+)(?:\{[a-z, ]+\})?` \| (.+) \|$/.exec(line) ?? [];
    return name ? [[name, help]] : [];
  });
  const expected = [...INSTRUMENTS, ENCODING, DELAY, SOUND_DELAY, LAG].map((
    { name, help },
  ) => [name, help]);
  assert.deepEqual(rows.sort(), expected.sort());
});

Deno.test("HTTP API page lists every WebSocket message", async () => {
  const source = await Deno.readTextFile(new URL("../../src/live_messages.ts", import.meta.url));
  const types = new Set([...source.matchAll(/readonly type: "([a-z]+)"/g)].map(([, type]) => type));
  const lines = linesOf("http-api.md");
  const rows = lines.slice(lines.indexOf("## WebSocket")).flatMap((line) => {
    const [, cell] = /^\| (`[a-z]+`(?:, `[a-z]+`)*) \|/.exec(line) ?? [];
    return cell ? cell.replaceAll("`", "").split(", ") : [];
  });
  assert.deepEqual([...new Set(rows)].sort(), [...types].sort());
});

Deno.test("installation page names the package of this version", async () => {
  const { default: config } = await import("../../deno.json", { with: { type: "json" } });
  const names = linesOf("install.md").flatMap((line) =>
    line.match(/livestream_[\d.]+_amd64\.deb/g) ?? []
  );
  assert.deepEqual([...new Set(names)], [`livestream_${config.version}_amd64.deb`]);
});
