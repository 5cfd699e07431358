import assert from "node:assert/strict";
import fc from "fast-check";
import { systemdArgument, systemdWord } from "../../src/service/systemd_syntax.ts";
import { commandOf, wordsOf } from "./systemd_reader.ts";
import { codePoint } from "../support/code_point.ts";

/** No text of an argument has a zero in it, or half a character. */
const text = fc.oneof(
  fc.string({ unit: codePoint }),
  fc.string({ unit: fc.constantFrom(..."\"'\\%$ \t\n;#{}a-=x0é€🎥\u0085\u2028") }),
).filter((text) => !text.includes("\0") && text.isWellFormed());

Deno.test("systemd word is read back by systemd as it was", () => {
  fc.assert(fc.property(fc.array(text), (texts) => {
    assert.deepEqual(wordsOf(texts.map(systemdWord).join(" ")), texts);
  }));
});

Deno.test("systemd argument is passed on as it was", () => {
  fc.assert(fc.property(fc.array(text), (texts) => {
    const lines = ["/bin/true", ...texts.map(systemdArgument)].join(" \\\n  ");
    const unit = `[Service]\nExecStart=${lines}\nRestart=no\n`;
    assert.deepEqual(commandOf(unit), ["/bin/true", ...texts]);
  }));
});

Deno.test("systemd word takes one line without control characters", () => {
  fc.assert(fc.property(text, (text) => assert.doesNotMatch(systemdArgument(text), /\p{Cc}/u)));
});

Deno.test("systemd word has no quotes unless it needs them", () => {
  assert.equal(systemdArgument("--title=Birds"), "--title=Birds");
  assert.equal(systemdArgument('a "b" 5% $c'), '"a \\"b\\" 5%% $$c"');
  assert.equal(systemdArgument(";"), '";"');
  assert.equal(systemdArgument(""), '""');
});
