import assert from "node:assert/strict";
import { createLogger, LOG_LEVELS, type LogFormat, type LogLevel } from "../src/log.ts";

const NOON = new Date(2026, 10, 22, 12, 0, 5).getTime();

function recorder({ level = "debug", format = "text" }: { level?: LogLevel; format?: LogFormat }) {
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  return { lines, log: createLogger({ level, format, write, now: () => NOON }) };
}

Deno.test("log in text has the clock, the level but for info, the message and the fields", () => {
  const { lines, log } = recorder({});
  log.info("Live", { viewers: 12, source: "test" });
  log.warn("Camera is gone");
  assert.deepEqual(lines, [
    "12:00:05 Live viewers=12 source=test\n",
    "12:00:05 warn: Camera is gone\n",
  ]);
});

Deno.test("log in text quotes values that would read as two, and keeps to one line", () => {
  const { lines, log } = recorder({});
  log.error("Failed", { reason: "no such\nfile", empty: "", pair: "a=b", none: undefined });
  assert.deepEqual(lines, [
    '12:00:05 error: Failed reason="no such\\nfile" empty="" pair="a=b" none=undefined\n',
  ]);
});

Deno.test("log in json writes one object a line", () => {
  const { lines, log } = recorder({ format: "json" });
  log.info('Say "hi"\nthere', { viewers: 12 });
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? "", /^[^\n]+\n$/);
  assert.deepEqual(JSON.parse(lines[0] ?? ""), {
    time: new Date(NOON).toISOString(),
    level: "info",
    message: 'Say "hi"\nthere',
    viewers: 12,
  });
});

for (const level of LOG_LEVELS) {
  Deno.test(`log at ${level} leaves out what is below it`, () => {
    const { lines, log } = recorder({ level, format: "json" });
    for (const each of LOG_LEVELS) log[each](each);
    const written = lines.map((line) => JSON.parse(line).level);
    assert.deepEqual(written, LOG_LEVELS.slice(LOG_LEVELS.indexOf(level)));
  });
}

Deno.test("log writes to standard error by default", async () => {
  const logModule = new URL("../src/log.ts", import.meta.url).href;
  const code = `import { createLogger } from ${JSON.stringify(logModule)};
    createLogger({ level: "info", format: "json" }).info("here");`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", code],
    env: { NO_COLOR: "1" },
  }).output();
  assert.equal(stdout.length, 0);
  assert.match(new TextDecoder().decode(stderr), /"message":"here"\}\n$/);
});

Deno.test("log survives a closed standard error", async () => {
  const logModule = new URL("../src/log.ts", import.meta.url).href;
  const code = `import { createLogger } from ${JSON.stringify(logModule)};
    Deno.stderr.close();
    createLogger({ level: "info", format: "json" }).info("here");
    Deno.stdout.writeSync(new TextEncoder().encode("still running"));`;
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["eval", code] }).output();
  assert.equal(new TextDecoder().decode(stdout), "still running");
});
