import assert from "node:assert/strict";
import { productCommand } from "../support/product_command.ts";
import { type ProgramEnd, runProgram, startProgram } from "../support/program.ts";

/** Asserts that the program ended with this code and one readable sentence. */
function assertEnd(end: ProgramEnd, code: number, sentence: RegExp): void {
  const { stderr } = end;
  assert.equal(end.code, code, stderr);
  assert.equal(end.stdout, "");
  assert.match(stderr, /^[^\n]+\n$/, "more or less than one line");
  assert.doesNotMatch(stderr, /at file:\/\/|Uncaught|Error:/);
  assert.match(stderr, sentence);
}

const ANY_PORT = "--port=0";

Deno.test("port in use ends the program with a remedy", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  const args = ["--host=127.0.0.1", `--port=${port}`, "--source=test"];
  const other = port < 65535 ? port + 1 : port - 1;
  assertEnd(
    await runProgram(args),
    1,
    new RegExp(`^Port ${port} is in use\\. .* use --port ${other}$`, "m"),
  );
});

Deno.test("address of another machine ends the program with a remedy", async () => {
  const end = await runProgram([ANY_PORT, "--host=192.0.2.1", "--source=test"]);
  assertEnd(end, 1, /^192\.0\.2\.1 is not an address of this machine \(--host\)$/m);
});

for (
  const [what, args, sentence] of [
    ["an unknown option", ["--colour"], /"--colour"/],
    ["a nearly right option", ["--sorce", "test"], /--source\?/],
    [
      "a value of the wrong kind",
      ["--port", "many"],
      /^--port must be a whole number .*: "many"$/m,
    ],
    ["an option without its value", ["--source"], /^Give --source a value/],
  ] as const
) {
  Deno.test(`${what} ends the program with code 2 and a hint`, async () => {
    assertEnd(await runProgram(args), 2, sentence);
  });
}

for (
  const [what, args, sentence] of [
    ["file", ["--source=no/such/clip.mp4"], /^Cannot open file "clip\.mp4": it does not exist$/m],
    [
      "camera",
      ["--source=/dev/video61"],
      /^Cannot find camera "\/dev\/video61": .*(there is|plug)/i,
    ],
    ["camera by name", ["--source=Nobody's"], /^Cannot find camera "Nobody's": .*(there is|plug)/i],
    ["ffmpeg", ["--source=test", "--ffmpeg=/no/such/ffmpeg"], /^Cannot find ffmpeg: install it/],
    ["ffmpeg for auto", ["--ffmpeg=/no/such/ffmpeg"], /^Cannot find ffmpeg: install it/],
    [
      "ffmpeg to list",
      ["--list-devices", "--ffmpeg=/no/such/ffmpeg"],
      /^Cannot find ffmpeg: install/,
    ],
  ] as const
) {
  Deno.test(`missing ${what} ends the program with a remedy`, async () => {
    const address = ["--host=127.0.0.1", ANY_PORT];
    assertEnd(await runProgram([...address, ...args]), 1, sentence);
  });
}

Deno.test("address passed to another option is masked, as it may contain a password", async () => {
  const address = "rtsp://admin:QZJX/KVWQ@camera/PLMN?token=HGFD";
  for (const option of ["ffmpeg", "cert", "allow-origin", "donate-url", "host"]) {
    const { code, stderr } = await runProgram([
      ANY_PORT,
      "--source=test",
      `--${option}=${address}`,
    ]);
    assert.notEqual(code, 0, option);
    assert.doesNotMatch(stderr, /QZJX|KVWQ|PLMN|HGFD/, option);
  }
});

Deno.test("misspelt environment variables are logged at start without their values", async () => {
  const env = { LIVESTREAM_PASWORD: "open-sesame", LIVESTREAM_TITLE: "Bird box" };
  await using program = await startProgram(["--source=test", "--resolution=320x240"], { env });
  const warnings = program.output().split("\n").filter((line) => line.includes("is not an option"));
  assert.equal(warnings.length, 1, program.output());
  assert.match(
    warnings[0],
    /LIVESTREAM_PASWORD is not an option: did you mean LIVESTREAM_PASSWORD\?/,
  );
  assert.doesNotMatch(program.output(), /open-sesame/);
});

for (
  const [what, args] of [
    ["a data file", ["--data=/proc/livestream.db"]],
    ["a certificate", ["--cert=/proc/self/environ", "--key=/proc/self/environ"]],
    ["a device for data", ["--data=/dev/livestream.db"]],
  ] as const
) {
  Deno.test(`${what} gets our own error where Deno permits no files`, async () => {
    const options = { command: await productCommand(), keepsData: true };
    const { code, stderr } = await runProgram([ANY_PORT, "--source=test", ...args], options);
    assert.equal(code, 1, stderr);
    assert.match(stderr, /: files in \/dev, \/proc and \/sys cannot be used\b/);
    assert.doesNotMatch(stderr, /--allow|Requires/);
  });
}
