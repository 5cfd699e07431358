import assert from "node:assert/strict";
import { Child } from "../support/child.ts";
import { type Answer, HttpCamera, playClip } from "../support/http_camera.ts";
import { LiveClient } from "../support/live_client.ts";
import { type Program, ROOT, startProgram } from "../support/program.ts";
import { ADMIN_TOKEN, AS_STREAMER } from "../support/requests.ts";
import { until } from "../support/until.ts";

/** Encoded, none of them has four hexadecimal digits in a row: random keys have any of those. */
const USER = "QÜJ kwxqz";
const PASSWORD = "WX@KZ/?#%V Q:JXü+W";
const PATH = "ZQKXWJVJ";
const QUERY = "VVKQJZWX";
const FRAGMENT = "KKJXQZVW";

/** No piece of a secret this long may appear anywhere. Characters. */
const PIECE = 4;
/** Time within which a source is live or fails to open. Milliseconds. */
const PATIENCE_MS = 8_000;

const ROUTES = [
  ...["/", "/embed", "/studio", "/state", "/healthz", "/settings", "/chat", "/login", "/qr.svg"],
  ...["/metrics", "/admin/state", "/admin/sources", "/nothing-is-here", "/?action=none"],
];

function addressAt(host: string): string {
  return `http://${USER}:${PASSWORD}@${host}/live/${PATH}?token=${QUERY}#${FRAGMENT}`;
}

/** Returns the text in every encoding in which it may appear. */
function formsOf(secret: string): string[] {
  return [secret, encodeURIComponent(secret), btoa(unescape(encodeURIComponent(secret)))];
}

function assertHidden(text: string): void {
  for (const secret of [USER, PASSWORD, PATH, QUERY, FRAGMENT, `${USER}:${PASSWORD}`]) {
    for (const form of formsOf(secret)) {
      for (let i = 0; i + PIECE <= form.length; i++) {
        const piece = form.slice(i, i + PIECE);
        const at = text.indexOf(piece);
        assert.equal(at, -1, `"${piece}" in ${text.slice(Math.max(0, at - 200), at + 50)}`);
      }
    }
  }
}

/** Returns every response and message of the program to viewers and the streamer. */
async function everythingSaidBy(program: Program): Promise<string> {
  const said: string[] = [];
  for (const headers of [{}, AS_STREAMER]) {
    for (const route of ROUTES) {
      const response = await fetch(program.origin + route, { headers, redirect: "manual" });
      said.push(JSON.stringify([...response.headers]), await response.text());
    }
  }
  await using client = await LiveClient.open(program, {}, ADMIN_TOKEN);
  await client.next("studio");
  said.push(JSON.stringify(client.received));
  return said.join("\n");
}

/** Starts the program at level debug and waits for this message about its source. */
async function startAt(source: string, expected: RegExp): Promise<Program> {
  const program = await startProgram([
    `--source=${source}`,
    "--log-level=debug",
  ]);
  const isLogged = (output: string) => expected.test(output);
  await until(`${expected}`, () => program.output(), isLogged, { timeout: PATIENCE_MS });
  return program;
}

/** Returns the banner and text log of the program's first seconds at level debug. */
async function writtenFor(source: string, expected: RegExp): Promise<string> {
  const child = new Child([
    ...[Deno.execPath(), "run", "-A", "main.ts", "--data=:memory:", "--port=0"],
    ...["--host=127.0.0.1", "--log-level=debug", `--source=${source}`],
  ], { cwd: ROOT, stdout: "piped", ending: "SIGTERM" });
  try {
    await child.says(expected);
  } finally {
    await child[Symbol.asyncDispose]();
  }
  return child.output;
}

/** Serves a camera's stream to requests with the right user name and password. */
const guarded: Answer = async (request, send) => {
  const expected = btoa(unescape(encodeURIComponent(`${USER}:${PASSWORD}`)));
  if (request.headers.get("authorization") === `Basic ${expected}`) {
    return await playClip(request, send);
  }
  await send(
    'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n',
  );
};

Deno.test("attack: viewer looks for the password of an unreachable camera", async () => {
  const source = addressAt("127.0.0.1:9");
  const [program, written] = await Promise.all([
    startAt(source, /nothing answers there/),
    writtenFor(source, /nothing answers there/),
  ]);
  await using _ = program;
  const said = await everythingSaidBy(program);
  assert.match(said, /network-camera-unreachable/);
  assertHidden(said + program.output() + written);
});

Deno.test("attack: viewer looks for the password of a live camera", async () => {
  await using camera = new HttpCamera(guarded);
  await using program = await startAt(addressAt(camera.host), /Streaming: /);
  assert(camera.requests.at(-1)!.path.startsWith(`/live/${PATH}?token=${QUERY}`));
  const said = await everythingSaidBy(program);
  assert.match(said, /"live":true/);
  assertHidden(said + program.output());
});
