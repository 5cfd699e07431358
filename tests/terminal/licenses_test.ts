import assert from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url).pathname;

/** Runs the program with `--licenses` before a pipe; its exit code ends the output. */
async function piped(to: string) {
  const script = `set -o pipefail; "$0" run -A main.ts --licenses | ${to}; echo $?`;
  const { stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", script, Deno.execPath()],
    cwd: ROOT,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("licences are printed whole to a program that reads late", async () => {
  const files = ["LICENSE", "THIRD_PARTY_LICENSES"].map((name) => Deno.statSync(ROOT + name).size);
  const size = files.reduce((sum, bytes) => sum + bytes, "\n".length);
  assert.deepEqual(await piped("{ sleep 0.5; wc -c; }"), { stdout: `${size}\n0\n`, stderr: "" });
});

Deno.test("licences end quietly when their reader does", async () => {
  assert.deepEqual(await piped("head -n 1"), { stdout: "MIT License\n0\n", stderr: "" });
});
