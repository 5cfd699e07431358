import assert from "node:assert/strict";
import { productPermissions } from "../../support/permissions.ts";

const ROOT = new URL("../../../", import.meta.url).pathname;
const CONFINED = new URL("../../support/confined_program.ts", import.meta.url).pathname;
const PATH = Deno.env.get("PATH") ?? "";
const FLAGS = ["run", "--quiet", "--no-check", ...await productPermissions()];

/** Runs a shell's line as the person at the terminal would, in a folder. */
async function type(line: string, cwd: string, env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await new Deno.Command("/bin/sh", {
    args: ["-c", line],
    cwd,
    env,
    stdin: "null",
    signal: AbortSignal.timeout(20_000),
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

function quoted(word: string): string {
  return `'${word}'`;
}

/** A line that lists the cameras under the product's permissions. */
function listing(...options: readonly string[]): string {
  const program = [Deno.execPath(), ...FLAGS, `${ROOT}main.ts`, "--list-devices", ...options];
  return program.map(quoted).join(" ");
}

/** The real ffmpeg. */
async function ffmpegPath(): Promise<string> {
  return (await type("command -v ffmpeg", ROOT)).stdout.trim();
}

Deno.test("the program may start ffmpeg, and nothing else", async () => {
  const others = ["sh", "/bin/sh", "env", "kill", "chromium", "ss", Deno.execPath()];
  const { stdout, stderr, code } = await type(
    [Deno.execPath(), ...FLAGS, CONFINED, ...others, "ffmpeg"].map(quoted).join(" "),
    ROOT,
  );
  assert.equal(code, 0, stderr);
  assert.equal(stderr, "");
  const { outcomes, live } = JSON.parse(stdout);
  const { ffmpeg, ...refused } = outcomes;
  assert.equal(ffmpeg, "exit code 0");
  assert.equal(Object.keys(refused).length, others.length);
  for (const [program, outcome] of Object.entries(refused)) {
    assert.match(`${outcome}`, /^(NotCapable|NotFound)$/, program);
  }
  assert.equal(refused["/bin/sh"], "NotCapable");
  assert.equal(live, true, "the stream goes on");
});

for (const name of ["ffmpeg", "ffmpeg-7"]) {
  Deno.test(`--ffmpeg with another ${name} than the PATH's says what to type, which works`, async () => {
    const home = await Deno.makeTempDir();
    try {
      await Deno.mkdir(`${home}/bin`);
      await Deno.symlink(await ffmpegPath(), `${home}/bin/${name}`);
      for (const path of [`${home}/bin/${name}`, `bin/${name}`]) {
        const refused = await type(listing("--ffmpeg", path), home);
        assert.equal(refused.code, 1);
        assert.match(refused.stderr, /^[^\n]+\n$/, "one line");
        const [, line] =
          /^Cannot start ".*": only the ffmpeg that comes first on the PATH may .* so start again after: (.*)\n$/
            .exec(refused.stderr) ?? [];
        assert.ok(line, refused.stderr);
        const found = await type(`${line} && command -v ffmpeg && ${listing()}`, home, {
          HOME: home,
          PATH,
        });
        assert.equal(found.code, 0, found.stderr);
        assert.ok(found.stdout.startsWith(`${home}/`), `took ${found.stdout}`);
        await Deno.remove(`${home}/ffmpeg`, { recursive: true }).catch(() => {});
      }
    } finally {
      await Deno.remove(home, { recursive: true });
    }
  });
}

for (
  const [what, options, env] of [
    ["none on the PATH", [], { PATH: "/nonexistent" }],
    ["a path that leads nowhere", ["--ffmpeg=/nonexistent/ffmpeg"], {}],
    ["a name that the PATH does not find", ["--ffmpeg=ffmpeg-of-nobody"], {}],
  ] as const
) {
  Deno.test(`without ffmpeg, with ${what}, the program says how to install it`, async () => {
    const line = listing(...options);
    const { code, stdout, stderr } = await type(`exec ${line}`, ROOT, env);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /^Cannot find ffmpeg: install it with [^\n]+\n$/);
  });
}

Deno.test("an environment that would change ffmpeg is refused with what to do", async () => {
  const { code, stderr } = await type(listing(), ROOT, { LD_PRELOAD: "/nonexistent.so" });
  assert.equal(code, 1);
  assert.match(
    stderr.split("\n").at(-2)!,
    /^Cannot start ffmpeg while LD_PRELOAD is set.*"unset LD_PRELOAD"$/,
  );
});
