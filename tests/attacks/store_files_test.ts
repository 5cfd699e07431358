import assert from "node:assert/strict";
import { temporaryFolder } from "../store/temporary_folder.ts";
import { type Program, runProgram, startProgram } from "../support/program.ts";
import { AS_STREAMER, newCookie, postJson } from "../support/requests.ts";

const SOURCE = ["--source=test", "--resolution=320x240"];
const VIEWER = newCookie();

async function post(program: Program, text: string) {
  const { status, body } = await postJson(program, "/chat", { text, name: "Ann" }, VIEWER);
  return { status, detail: body.detail };
}

/** Returns whether `/healthz` reports a working store. */
async function isStoreWell({ origin }: Program): Promise<boolean> {
  const response = await fetch(`${origin}/healthz`, { headers: AS_STREAMER });
  const { checks } = await response.json();
  return checks.store.ok;
}

/** Returns the warnings in the log. */
const warnings = (program: Program): string[] =>
  program.output().split("\n").filter((line) => line.includes('"level":"warn"'))
    .map((line) => JSON.parse(line).message);

Deno.test("write-ahead log truncated in place is noticed, and nothing more is confirmed", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/channel.db`;
  const args = [...SOURCE, `--data=${path}`];
  const reason = "another program truncated the data file; the next start uses what is left of it";
  {
    await using program = await startProgram(args);
    assert.equal((await post(program, "before")).status, 200);
    assert.equal(await isStoreWell(program), true);
    Deno.truncateSync(`${path}-wal`, 0);
    assert.equal(await isStoreWell(program), false);
    for (let times = 0; times < 2; times++) {
      assert.deepEqual(await post(program, "lost"), {
        status: 503,
        detail: `This could not be saved: ${reason}`,
      });
    }
    assert.deepEqual(warnings(program), [
      `Chat and donations cannot be saved in "${path}": ${reason}`,
    ]);
    const snapshot = await fetch(`${program.origin}/snapshot`);
    await snapshot.body?.cancel();
    assert.equal(snapshot.status, 200);
  }
  await using program = await startProgram(args);
  assert.deepEqual([await post(program, "after"), warnings(program)], [
    { status: 200, detail: undefined },
    [],
  ]);
});

/** Creates a file of the given kind at a path. */
const MAKERS: Readonly<Record<string, (path: string) => Disposable | void>> = {
  "a named pipe": (path) =>
    assert.ok(new Deno.Command("mkfifo", { args: [path] }).outputSync().success),
  "a socket": (path) => Deno.listen({ transport: "unix", path }),
  "a device": (path) => Deno.symlinkSync("/dev/zero", path),
  "a folder": (path) => Deno.mkdirSync(path),
};

/** Options that name a file, with the error for something else at that path. */
const CASES = [
  ["a named pipe", "--data", "Cannot open the data file"],
  ["a named pipe", "--cert", "Cannot read the certificate"],
  ["a named pipe", "--key", "Cannot read the key"],
  ["a socket", "--data", "Cannot open the data file"],
  ["a device", "--data", "Cannot open the data file"],
  ["a folder", "--data", "Cannot open the data file"],
] as const;

Deno.test({
  name: "path that is not a regular file ends the program at once with a reason",
  ignore: Deno.build.os === "windows",
  async fn() {
    using folder = temporaryFolder();
    const file = `${folder.path}/file.pem`;
    Deno.writeTextFileSync(file, "");
    await Promise.all(CASES.map(async ([kind, flag, begin], i) => {
      const path = `${folder.path}/${i}`;
      using _made = MAKERS[kind](path) ?? null;
      const others = { "--data": [], "--cert": [`--key=${file}`], "--key": [`--cert=${file}`] };
      const end = await runProgram([...SOURCE, "--port=0", `${flag}=${path}`, ...others[flag]]);
      assert.equal(end.code, 1, end.stderr);
      assert.ok(end.stderr.startsWith(`${begin} "${path}": it is ${kind}`), end.stderr);
    }));
  },
});
