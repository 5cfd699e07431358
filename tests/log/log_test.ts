import assert from "node:assert/strict";
import fc from "fast-check";
import { createLogger, LOG_LEVELS, type LogFormat, type LogLevel } from "../../src/log/log.ts";

const NOON = new Date(2026, 10, 22, 12, 0, 5).getTime();

function recorder({ level = "debug", format = "text" }: { level?: LogLevel; format?: LogFormat }) {
  const lines: string[] = [];
  const clock = { now: 5_000 };
  const log = createLogger({
    level,
    format,
    write: (line) => lines.push(line),
    clock: { wall: () => NOON, monotonic: () => clock.now },
  });
  return { lines, log, clock };
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
  Deno.test(`log at ${level} leaves out lower levels`, () => {
    const { lines, log } = recorder({ level, format: "json" });
    for (const each of LOG_LEVELS) log[each](each);
    const written = lines.map((line) => JSON.parse(line).level);
    assert.deepEqual(written, LOG_LEVELS.slice(LOG_LEVELS.indexOf(level)));
  });
}

Deno.test("log in text escapes characters that would end the line or control the terminal", () => {
  const { lines, log } = recorder({});
  log.info("Line\n12:00:06 error: forged\r", { agent: "\x1b[2J\x9b31m\u202etxt.exe\u2028" });
  assert.deepEqual(lines, [
    "12:00:05 Line\\u000a12:00:06 error: forged\\u000d " +
    'agent="\\u001b[2J\\u009b31m\\u202etxt.exe\\u2028"\n',
  ]);
});

for (const format of ["text", "json"] as const) {
  Deno.test(`log in ${format} writes one line of plain text, whatever it gets`, () => {
    const unit = fc.oneof(fc.nat(0xff), fc.nat(0xffff)).map((code) => String.fromCharCode(code));
    const nasty = fc.string({ unit, maxLength: 60 });
    const field = fc.oneof(nasty, fc.anything({ withBigInt: true, withDate: true, maxDepth: 2 }));
    fc.assert(
      fc.property(nasty, fc.dictionary(nasty, field), (message, fields) => {
        const { lines, log } = recorder({ format });
        log.error(message, fields);
        assert.equal(lines.length, 1);
        assert.doesNotMatch(lines[0]!.slice(0, -1), /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u);
        assert(lines[0]!.endsWith("\n") && lines[0]!.isWellFormed());
        if (format === "json") assert.equal(typeof JSON.parse(lines[0]!), "object");
      }),
      { numRuns: 50 },
    );
  });
}

Deno.test("log cuts a long text, and says how long it was", () => {
  const { lines, log } = recorder({ format: "json" });
  log.warn("x".repeat(5_000_000), { agent: "y".repeat(3000), list: Array(1000).fill(1) });
  const { message, agent, list } = JSON.parse(lines[0]!);
  assert.equal(message, "x".repeat(1000) + "… (5000000 characters)");
  assert.equal(agent, "y".repeat(1000) + "… (3000 characters)");
  assert.equal(list.length, 50);
});

Deno.test("log writes the message of an error, and survives an object that contains itself", () => {
  const { lines, log } = recorder({ format: "json" });
  const own: Record<string, unknown> = {};
  own.own = own;
  log.error("Failed", { error: new TypeError("no such thing"), own, at: new Date(0), n: 1n });
  const { error, own: told, at, n } = JSON.parse(lines[0]!);
  assert.equal(error, "no such thing");
  assert.match(JSON.stringify(told), /…/);
  assert.equal(at, "1970-01-01T00:00:00.000Z");
  assert.equal(n, "1");
});

Deno.test("log does not let fields replace time, level or message", () => {
  const { lines, log } = recorder({ format: "json" });
  log.error("Real", { level: "debug", message: "forged", time: "never" });
  const { level, message, time } = JSON.parse(lines[0]!);
  assert.deepEqual([level, message, time], ["error", "Real", new Date(NOON).toISOString()]);
});

for (const format of ["text", "json"] as const) {
  Deno.test(`log in ${format} masks a secret that it was given to hide`, () => {
    const { lines, log } = recorder({ format });
    log.hide("correct horse & battery");
    log.warn('Wrong: "correct horse & battery"', {
      url: "/?x=correct%20horse%20%26%20battery",
      deep: { list: ["correct horse & battery"] },
      // Where it straddles the end of what is written.
      long: "y".repeat(990) + "correct horse & battery" + "y".repeat(100),
    });
    assert.match(lines[0]!, /\*\*\*/);
    assert.doesNotMatch(lines[0]!, /correct|horse|battery/);
  });
}

Deno.test("log shows the whole address of a viewer only at debug", () => {
  const quiet = recorder({ level: "info" });
  quiet.log.info("Locked out", { client: "192.168.1.77" });
  assert.deepEqual(quiet.lines, ["12:00:05 Locked out client=192.168.1.x\n"]);
  const chatty = recorder({ level: "debug" });
  chatty.log.info("Locked out", { client: "192.168.1.77" });
  assert.deepEqual(chatty.lines, ["12:00:05 Locked out client=192.168.1.77\n"]);
});

Deno.test("log writes no sixth repeat in a minute, but counts the repeats", () => {
  const { lines, log, clock } = recorder({ level: "info" });
  for (let i = 0; i < 46; i++) {
    log.warn(`Cannot transcode frame ${i}`);
    clock.now += 1000;
  }
  assert.equal(lines.length, 5);
  log.warn("Something else");
  assert.equal(lines.length, 6);
  clock.now += 14_000;
  log.settle();
  assert.deepEqual(lines.slice(6), [
    "12:00:05 warn: Cannot transcode frame 45 (repeated 41 times more in the last 60 s)\n",
  ]);
  assert.equal(log.counts.warn, 47);
});

Deno.test("log writes what it held back at its end", () => {
  const { lines, log, clock } = recorder({});
  for (let i = 0; i < 6; i++) log.error("Full");
  clock.now += 2000;
  log.flush();
  log.flush();
  assert.deepEqual(lines.slice(5), [
    "12:00:05 error: Full (repeated once more in the last 2 s)\n",
  ]);
});

Deno.test("log counts messages by level, except those below its own", () => {
  const { log } = recorder({ level: "info" });
  log.debug("a");
  log.info("b");
  for (let i = 0; i < 9; i++) log.error("c");
  assert.deepEqual(log.counts, { debug: 0, info: 1, warn: 0, error: 9 });
});

Deno.test("log leaves no timer behind that would keep the program running", async () => {
  const logModule = new URL("../../src/log/log.ts", import.meta.url).href;
  const code = `import { createLogger } from ${JSON.stringify(logModule)};
    const log = createLogger({ level: "info", format: "json" });
    for (let i = 0; i < 100; i++) log.warn("again");`;
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", code],
    env: { NO_COLOR: "1" },
    signal: AbortSignal.timeout(10_000),
  }).output();
  assert.equal(new TextDecoder().decode(stderr).match(/"message":"again"/g)?.length, 5);
});

Deno.test("log writes to standard error by default", async () => {
  const logModule = new URL("../../src/log/log.ts", import.meta.url).href;
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
  const logModule = new URL("../../src/log/log.ts", import.meta.url).href;
  const code = `import { createLogger } from ${JSON.stringify(logModule)};
    Deno.stderr.close();
    createLogger({ level: "info", format: "json" }).info("here");
    Deno.stdout.writeSync(new TextEncoder().encode("still running"));`;
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["eval", code] }).output();
  assert.equal(new TextDecoder().decode(stdout), "still running");
});
