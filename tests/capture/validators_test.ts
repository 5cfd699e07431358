import assert from "node:assert/strict";
import fc from "fast-check";
import { Validators } from "../../src/capture/validators.ts";

/** What ffmpeg writes at level trace of an answer's head. */
function headOf(status: number, ...headers: readonly string[]): string[] {
  return [
    `[http @ 0x56293ac121c0] header='HTTP/1.1 ${status} Whatever'`,
    `[http @ 0x56293ac121c0] http_code=${status}`,
    ...headers.map((header) => `[http @ 0x56293ac121c0] header='${header}'`),
    "[http @ 0x56293ac121c0] header=''",
  ];
}

function validatorsOf(...lines: readonly string[]): Validators {
  const validators = new Validators();
  for (const line of lines) validators.take(line);
  return validators;
}

Deno.test("validators ask for a picture by its entity tag and its date", () => {
  const date = "Wed, 25 Nov 2026 21:45:52 GMT";
  const head = headOf(200, 'ETag: W/"a b"', 'etag: "5f-7"', `Last-Modified: ${date}`);
  const validators = validatorsOf(...head);
  const expected = `If-None-Match: "5f-7"\r\nIf-Modified-Since: ${date}\r\n`;
  assert.equal(validators.conditions(), expected);
  assert.equal(validators.isNotModified, false);
});

Deno.test("validators ask for any picture where the answer names none, or what could be no validator", () => {
  for (
    const headers of [
      [],
      ["Content-Type: image/jpeg", 'X-ETag: "1"'],
      ["ETag: no quotes", 'Last-Modified: now" -i file:///etc/passwd'],
      [`ETag: "${"a".repeat(300)}"`],
    ]
  ) assert.equal(validatorsOf(...headOf(200, ...headers)).conditions(), "");
});

Deno.test("validators take the last answer, which comes after the login", () => {
  const refused = headOf(401, 'ETag: "refused"');
  assert.equal(validatorsOf(...refused, ...headOf(200)).conditions(), "");
  const validators = validatorsOf(...refused, ...headOf(304, 'ETag: "1"'));
  assert.equal(validators.isNotModified, true);
});

Deno.test("validators put nothing but two header lines into a request, whatever a camera sends", () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: "binary-ascii" })), (values) => {
    const headers = values.flatMap((
      value,
    ) => [`ETag: ${value}`, `Last-Modified: "${value}`, value]);
    const conditions = validatorsOf(...headOf(200, ...headers)).conditions();
    assert.match(conditions, /^(If-None-Match: [!-~]+\r\n)?(If-Modified-Since: [ -~]+\r\n)?$/);
  }));
});
