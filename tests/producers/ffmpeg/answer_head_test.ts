import assert from "node:assert/strict";
import fc from "fast-check";
import { AnswerHead } from "../../../src/producers/ffmpeg/answer_head.ts";

/** What ffmpeg writes at level trace of an answer's head. */
function headOf(status: number, ...headers: readonly string[]): string[] {
  return [
    `[http @ 0x56293ac121c0] header='HTTP/1.1 ${status} Whatever'`,
    `[http @ 0x56293ac121c0] http_code=${status}`,
    ...headers.map((header) => `[http @ 0x56293ac121c0] header='${header}'`),
    "[http @ 0x56293ac121c0] header=''",
  ];
}

function readHead(...lines: readonly string[]): AnswerHead {
  const head = new AnswerHead();
  for (const line of lines) head.take(line);
  return head;
}

Deno.test("an answer's validators ask for a picture by its entity tag and its date", () => {
  const date = "Wed, 25 Nov 2026 21:45:52 GMT";
  const head = headOf(200, 'ETag: W/"a b"', 'etag: "5f-7"', `Last-Modified: ${date}`);
  const answer = readHead(...head);
  const expected = `If-None-Match: "5f-7"\r\nIf-Modified-Since: ${date}\r\n`;
  assert.equal(answer.conditions(), expected);
  assert.equal(answer.isNotModified, false);
});

Deno.test("an answer's validators ask for any picture where the answer names none, or what could be no validator", () => {
  for (
    const headers of [
      [],
      ["Content-Type: image/jpeg", 'X-ETag: "1"'],
      ["ETag: no quotes", 'Last-Modified: now" -i file:///etc/passwd'],
      [`ETag: "${"a".repeat(300)}"`],
    ]
  ) assert.equal(readHead(...headOf(200, ...headers)).conditions(), "");
});

Deno.test("the last answer counts, which comes after the login", () => {
  const refused = headOf(401, 'ETag: "refused"');
  assert.equal(readHead(...refused, ...headOf(200)).conditions(), "");
  const answer = readHead(...refused, ...headOf(304, 'ETag: "1"'));
  assert.equal(answer.isNotModified, true);
});

Deno.test("an answer's validators put nothing but two header lines into a request, whatever a camera sends", () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: "binary-ascii" })), (values) => {
    const headers = values.flatMap((
      value,
    ) => [`ETag: ${value}`, `Last-Modified: "${value}`, value]);
    const conditions = readHead(...headOf(200, ...headers)).conditions();
    assert.match(conditions, /^(If-None-Match: [!-~]+\r\n)?(If-Modified-Since: [ -~]+\r\n)?$/);
  }));
});

Deno.test("an answer of several parts is recognised by its type, after a login as well", () => {
  const types: [type: string, isMultipart: boolean][] = [
    ["multipart/x-mixed-replace;boundary=frame", true],
    ["Multipart/Mixed; boundary=x", true],
    ["image/jpeg", false],
    ["image/multipart/", false],
  ];
  for (const [type, isMultipart] of types) {
    const head = headOf(200, `Content-Type: ${type}`);
    assert.equal(readHead(...head).isMultipart, isMultipart, type);
    assert.equal(
      readHead(...headOf(401, "Content-Type: text/html"), ...head).isMultipart,
      isMultipart,
    );
    assert.equal(readHead(...head, ...headOf(200)).isMultipart, false, "only of the last answer");
  }
});
