import assert from "node:assert/strict";
import { type Program, startProgram } from "../support/program.ts";
import { newCookie, postJson } from "../support/requests.ts";

const NAMES = ["ѕτreamer", "🅢🅣🅡🅔🅐🅜🅔🅡", "admın", "strearner", "streamer™", "ꜱᴛʀᴇᴀᴍᴇʀ", "Ηost"];

/** Posts a message as a new viewer. Returns the status and the response. */
function say(program: Program, name: string, text = "Hello") {
  return postJson(program, "/chat", { name, text }, newCookie());
}

Deno.test("names that look like the streamer's are refused, and like another viewer's numbered", async () => {
  await using program = await startProgram(["--source=test", "--resolution=320x240"]);
  for (const name of NAMES) {
    const { status, body } = await say(program, name);
    assert.deepEqual([status, /reserved for the streamer/.test(body.detail)], [400, true], name);
  }
  assert.equal((await say(program, "Marnie")).status, 200);
  for (const name of ["Marnie", "Mаrnіe", "MAMIE", "Marnie\u200b", "🅜🅐🅡🅝🅘🅔", "M a r n i e"]) {
    const { status, body } = await say(program, name);
    assert.equal(status, 200, name);
    assert.match(body.message.name, / [2-7]$/, name);
  }
});

Deno.test("stacked combining marks neither cover other messages nor delay anyone", async () => {
  await using program = await startProgram(["--source=test", "--resolution=320x240"]);
  const tower = "\u0301\u0336\u0315\u0323".repeat(50);
  const said = await say(program, `Zal${tower}go`, `h${tower}i`);
  assert.equal(said.status, 200, said.body.detail);
  const { message: { name, text } } = said.body;
  for (const shown of [name, text]) assert.doesNotMatch(shown, /\p{M}{5}/u);
  const start = performance.now();
  await say(program, "a" + "\u0315\u0323".repeat(3_500));
  assert(performance.now() - start < 100, `${performance.now() - start} ms`);
});
