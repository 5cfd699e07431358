import assert from "node:assert/strict";
import { residentMemory } from "../support/process_health.ts";
import { type Program, startProgram } from "../support/program.ts";
import { openRaw } from "../support/raw_http.ts";

/** Sends raw bytes. Returns the response's first line, or "" if the server only hangs up. */
async function rawRequest({ port }: Program, request: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const answer = new Uint8Array(4096);
  const read = connection.read(answer).catch(() => null);
  const bytes = new TextEncoder().encode(request);
  try {
    for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
  } catch {
    // The server may hang up before everything is sent.
  }
  return new TextDecoder().decode(answer.subarray(0, await read ?? 0)).split("\r\n")[0];
}

async function assertServes(program: Program): Promise<void> {
  const response = await fetch(`${program.origin}/snapshot`);
  assert.equal(response.status, 200);
  assert.deepEqual([...(await response.bytes()).subarray(0, 2)], [0xff, 0xd8]);
}

Deno.test("server survives malformed requests and releases their memory", async (t) => {
  await using program = await startProgram([
    "--source=test",
    "--resolution=320x240",
    "--rewind=off",
  ]);
  await assertServes(program);
  // Permanent allocations by the first request of each kind are not a leak.
  const wild = [
    ["a request line of 64 KiB", `GET /${"x".repeat(65536)} HTTP/1.1\r\nHost: localhost\r\n\r\n`],
    ["10,000 headers", `GET / HTTP/1.1\r\nHost: localhost\r\n${"X-Y: z\r\n".repeat(10_000)}\r\n`],
    ["a header of 1 MiB", `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${"y".repeat(1 << 20)}\r\n\r\n`],
    ["bytes other than HTTP", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 what is this\r\n\r\n"],
    ["an unknown method", "BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n"],
    ["a malformed path", "GET /%ff%00%2e%2e/\u0001 HTTP/1.1\r\nHost: localhost\r\n\r\n"],
    [
      "a body longer than it says",
      "POST /donate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}{}{}{}",
    ],
  ];
  for (const [name, request] of wild) {
    await t.step(name, async () => {
      const answer = await rawRequest(program, request);
      assert.ok(answer === "" || /^HTTP\/1\.[01] [2345]\d\d/.test(answer), answer);
      await assertServes(program);
    });
  }

  await t.step("body of 10 MiB", async () => {
    const response = await fetch(`${program.origin}/settings`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: new Uint8Array(10 << 20),
    }).catch(() => null);
    assert.ok(response === null || response.status === 413);
    await response?.body?.cancel();
    await assertServes(program);
  });

  const before = await residentMemory(program.pid);
  await t.step("the same again, twenty times", async () => {
    for (let i = 0; i < 20; i++) {
      for (const [, request] of wild) await rawRequest(program, request);
    }
    await assertServes(program);
  });

  await t.step("50 clients that connect and say nothing", async () => {
    const silent = await Promise.all(
      Array.from({ length: 50 }, (_, i) => openRaw(program, i === 0 ? "GET / HT" : "")),
    );
    await assertServes(program);
    for (const connection of silent) connection.close();
    await assertServes(program);
  });

  await t.step("memory is back to where it was", async () => {
    const after = await residentMemory(program.pid);
    assert.ok(after < before + 40, `${before.toFixed()} MiB before, ${after.toFixed()} MiB after`);
  });

  await t.step("log has no crash", () => {
    assert.doesNotMatch(program.output(), /Uncaught|panicked|error:/);
  });
});
