import assert from "node:assert/strict";
import { startProgram } from "../support/program.ts";
import { rawHttp, requestOf } from "../support/raw_http.ts";
import { AS_STREAMER } from "../support/requests.ts";
import { StreamClient } from "../support/stream_client.ts";

/** Maximum response time for the studio and monitoring. Milliseconds. */
const PROMPT_MS = 200;

Deno.test("User-Agent with many version numbers delays no one", async () => {
  await using program = await startProgram([
    "--source=test",
    "--resolution=320x240",
  ]);
  const { origin } = program;
  const ask = async (path: string): Promise<[milliseconds: number, text: string]> => {
    const start = performance.now();
    const answer = await fetch(origin + path, { headers: AS_STREAMER });
    const text = await answer.text();
    assert.equal(answer.status, 200, text);
    return [performance.now() - start, text];
  };
  await using viewer = await StreamClient.open(`${origin}/stream`);
  await viewer.next(1, 5_000);
  // The first responses load and compile code.
  for (const path of ["/admin/state", "/metrics"]) await ask(path);

  for (const repetitions of [4_000, 8_000]) {
    const userAgent = `naver(${"1.".repeat(repetitions)}`;
    await using _attacker = await StreamClient.open(`${origin}/stream`, {
      headers: { "user-agent": userAgent },
    });
    for (const path of ["/admin/state", "/metrics"]) {
      const [milliseconds, text] = await ask(path);
      assert(milliseconds < PROMPT_MS, `${path} took ${milliseconds} ms`);
      if (path === "/admin/state") assert.match(text, /"device":"A program"/);
    }
    await viewer.next(15, 2_000);
  }
});

/** Headers that the program reads, with a path that reads it and the start of its value. */
const HEADERS = [
  ["/favicon.svg", "If-None-Match", '"a'],
  ["/none", "Accept", "a/b"],
  ["/state", "Cookie", "viewer=a"],
  ["/state", "Authorization", "Basic a"],
  ["/state", "X-Forwarded-For", "1"],
  ["/state", "X-Forwarded-Proto", "http"],
  ["/state", "Origin", "http://a"],
  ["/admin/state", "Authorization", "Bearer a"],
  ["/live", "Upgrade", "websocket"],
  ["/live", "Sec-WebSocket-Protocol", "a"],
  ["/login", "Content-Type", "a"],
] as const;

/** Input that makes backtracking patterns slow. */
const FILLERS = [" ", "\t", ",", "; ", "=", "1.", "a/b,", "[]:1", "(", "://"];

Deno.test("headers of 16 kB delay no one", async () => {
  await using program = await startProgram([
    "--source=test",
    "--resolution=320x240",
    "--password=of these tests",
    "--trusted-proxy=127.0.0.1",
  ]);
  const timeOf = async (path: string, header: string) => {
    const start = performance.now();
    await rawHttp(program, requestOf(`GET ${path} HTTP/1.1`, "Host: localhost", header));
    return performance.now() - start;
  };
  await timeOf("/state", "X: y");
  for (const [path, name, start] of HEADERS) {
    for (const filler of FILLERS) {
      const header = `${name}: ${start}${filler.repeat(16_000 / filler.length)}b"`;
      // Repeated in case the machine was busy: a pattern that takes long takes long each time.
      let fastest = Infinity;
      for (let tries = 0; tries < 10 && fastest >= 100; tries++) {
        fastest = Math.min(fastest, await timeOf(path, header));
      }
      assert(fastest < 100, `${JSON.stringify(filler)} in ${name}: ${fastest} ms`);
    }
  }
});
