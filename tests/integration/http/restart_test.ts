import assert from "node:assert/strict";
import { LiveClient } from "../../support/live_client.ts";
import { startProgram } from "../../support/program.ts";
import { newViewer } from "../../support/test_server.ts";

const SOURCE = ["--source=test", "--resolution=320x240"];

function visit({ origin }: { readonly origin: string }) {
  return newViewer({ get: (path) => fetch(origin + path) });
}

Deno.test("page socket after the program was killed: new instance, same people, everything confirmed", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const args = [...SOURCE, `--data=${folder}/channel.db`];
    let viewer, before;
    {
      await using program = await startProgram(args);
      viewer = await visit(program);
      await using page = await LiveClient.open(program, viewer);
      before = await page.next("hello");
      page.send({ type: "chat", key: "k1", text: "Remember me", name: "Anna" });
      await page.next("chat");
      program.kill("SIGKILL");
      await page.closed;
      await program.status;
    }
    await using program = await startProgram(args);
    await using page = await LiveClient.open(program, viewer);
    const after = await page.next("hello");
    assert.notEqual(after.instance, before.instance);
    assert.deepEqual(after.chat.map(({ text }) => text), ["Remember me"]);
    assert.deepEqual([after.you.author, after.you.name], [before.you.author, "Anna"]);
    page.send({ type: "chat", key: "k1", text: "Remember me" });
    assert.deepEqual((await page.next("chat")).message, after.chat[0]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("page socket of the running program: state, a studio with its token, goodbye at the end", async () => {
  const token = "a-token-for-this-test";
  const program = await startProgram([...SOURCE, `--admin-token=${token}`]);
  const viewer = await visit(program);
  await using page = await LiveClient.open(program, viewer);
  assert.equal((await page.next("hello")).state.live, true);
  const stream = await fetch(`${program.origin}/stream`, { headers: viewer });
  assert.equal((await page.next("state")).state.viewers, 1);
  await using own = await LiveClient.open(program, viewer, token);
  const { studio } = await own.next("studio");
  assert.equal(studio.source, "test");
  assert.deepEqual([studio.captured.width, studio.captured.height], [320, 240]);
  assert.equal(studio.viewers.length, 1);
  const post = async (path: string, body: unknown) => {
    const response = await fetch(`${program.origin}/admin/${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return await response.json();
  };
  assert.equal((await post("title", { title: "Bird box" })).ok, true);
  assert.equal((await page.next("state")).state.title, "Bird box");
  assert.equal((await post("on-air", { onAir: false })).ok, true);
  assert.equal((await page.next("state")).state.onAir, false);
  program.kill("SIGTERM");
  await page.next("goodbye");
  await page.closed;
  assert((await stream.bytes()).length > 0, "the stream ended in order");
  await program[Symbol.asyncDispose]();
  assert(!program.output().includes(token), "the log contains the token");
});
