import assert from "node:assert/strict";
import { UserError } from "../src/errors.ts";
import { lastWords } from "../src/last_words.ts";

Deno.test("the last words about a mistake of the user's are one sentence, without secrets", () => {
  const error = new UserError("Cannot open rtsp://me:open-sesame@cam/live");
  assert.equal(lastWords(error), "Cannot open rtsp://***\n");
});

Deno.test("the last words about a fault of the program say where it is", () => {
  const [first, second] = lastWords(new TypeError("x is undefined")).split("\n");
  const report = "Please report this with --version and these lines";
  assert.equal(first, `The program failed: x is undefined. ${report}`);
  assert.match(second, /^ {4}at .*last_words_test\.ts:\d+:\d+$/);
});

Deno.test("the last words never advise anyone to start Deno with other flags", () => {
  const advice = 'Requires read access to "/x", run again with the --allow-read flag';
  const words = lastWords(new Deno.errors.NotCapable(advice));
  assert.match(words, /^The program failed: the program has no permission for it\. Please report/);
  assert.doesNotMatch(words, /--allow|Requires/);
});

Deno.test("the last words about what is no error are its text", () => {
  assert.match(lastWords("gone"), /^The program failed: gone\. Please report .*\n$/);
});
