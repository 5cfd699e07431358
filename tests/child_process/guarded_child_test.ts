import assert from "node:assert/strict";
import { GuardedChild } from "../../src/child_process/guarded_child.ts";
import { OutputTail } from "../../src/child_process/output_tail.ts";

/** Runs a shell script, and keeps what it wrote. */
function run(script: string, onOutput: (text: string) => void | Promise<void> = () => {}) {
  const decoder = new TextDecoder();
  const written = { output: "", errors: new OutputTail() };
  const child = new GuardedChild({
    ...{ program: "sh", args: ["-c", script], hasInput: true, log: { debug: assert.fail } },
    async onOutput(chunk) {
      const text = decoder.decode(chunk, { stream: true });
      written.output += text;
      await onOutput(text);
    },
    onErrorOutput: (chunk) => written.errors.push(chunk),
  });
  return { child, written };
}

Deno.test("child gives all that it writes, and its exit code", async () => {
  const { child, written } = run('read line; echo "$line"; echo "No such file" >&2; exit 3');
  await child.write(new TextEncoder().encode("frame\n"));
  assert.deepEqual(await child.ended, { code: 3, failure: null });
  assert.deepEqual([written.output, written.errors.text], ["frame\n", "No such file"]);
});

Deno.test("child takes no more once it has ended, and can be killed all the same", async () => {
  const { child } = run("exit");
  await child.ended;
  await child.write(new Uint8Array(1 << 20));
  child.kill();
  assert.deepEqual(await child.ended, { code: 0, failure: null });
});

Deno.test("child whose output is refused is killed, and the reason is known", async () => {
  const { child } = run("echo wrong; sleep 60", () => {
    throw new RangeError("This is not FLV");
  });
  const { code, failure } = await child.ended;
  assert.equal(failure, "This is not FLV");
  assert.notEqual(code, 0);
});

Deno.test("child is over though another process still holds its outputs", async () => {
  const { child, written } = run("sleep 5 & echo ready");
  const begun = performance.now();
  assert.equal((await child.ended).code, 0);
  assert.equal(written.output, "ready\n");
  assert.ok(performance.now() - begun < 4_000);
});

Deno.test("child that cannot be started throws", () => {
  const options = { program: "/nowhere/ffmpeg", args: [], hasInput: false };
  const take = { onOutput: () => {}, onErrorOutput: () => {}, log: { debug: () => {} } };
  assert.throws(() => new GuardedChild({ ...options, ...take }), Deno.errors.NotFound);
});

Deno.test("tail of an output is its last 400 characters", () => {
  const tail = new OutputTail();
  const text = "ä".repeat(300) + "\n".repeat(10) + "b".repeat(300);
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += 7) tail.push(bytes.slice(at, at + 7));
  assert.equal(tail.text, text.slice(-400));
});
