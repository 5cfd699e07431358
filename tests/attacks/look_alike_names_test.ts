import assert from "node:assert/strict";
import { type Program, startProgram } from "../support/program.ts";

const NAMES = ["ѕτreamer", "🅢🅣🅡🅔🅐🅜🅔🅡", "admın", "strearner", "streamer™", "ꜱᴛʀᴇᴀᴍᴇʀ", "Ηost"];

/** Posts a message as a new viewer. Returns the status and the response. */
async function say(
  { origin }: Program,
  name: string,
  text = "Hello",
): Promise<{ status: number; answer: string }> {
  const response = await fetch(`${origin}/chat`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie: `viewer=${crypto.randomUUID()}` },
    body: JSON.stringify({ name, text }),
  });
  return { status: response.status, answer: await response.text() };
}

Deno.test("names that look like the streamer's or another viewer's are refused", async () => {
  await using program = await startProgram(["--source=test", "--resolution=320x240"]);
  for (const name of NAMES) {
    const { status, answer } = await say(program, name);
    assert.deepEqual([status, /reserved for the streamer/.test(answer)], [400, true], name);
  }
  assert.equal((await say(program, "Marnie")).status, 200);
  for (const name of ["Marnie", "Mаrnіe", "MAMIE", "Marnie\u200b", "🅜🅐🅡🅝🅘🅔", "M a r n i e"]) {
    const { status, answer } = await say(program, name);
    assert.deepEqual(
      [status, /Someone here already has this name/.test(answer)],
      [400, true],
      name,
    );
  }
  const { chat } = await (await fetch(`${program.origin}/chat`)).json();
  assert.deepEqual(chat.map(({ name }: { name: string }) => name), ["Marnie"]);
});

Deno.test("stacked combining marks neither cover other messages nor delay anyone", async () => {
  await using program = await startProgram(["--source=test", "--resolution=320x240"]);
  const tower = "\u0301\u0336\u0315\u0323".repeat(50);
  const said = await say(program, `Zal${tower}go`, `h${tower}i`);
  assert.equal(said.status, 200, said.answer);
  const { message: { name, text } } = JSON.parse(said.answer);
  for (const shown of [name, text]) assert.doesNotMatch(shown, /\p{M}{5}/u);
  const start = performance.now();
  await say(program, "a" + "\u0315\u0323".repeat(3_500));
  assert(performance.now() - start < 100, `${performance.now() - start} ms`);
});
