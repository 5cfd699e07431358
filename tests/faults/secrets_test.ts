import assert from "node:assert/strict";
import { startProgram } from "../support/program.ts";
import { until } from "../support/until.ts";

const TOKEN = "studio-token-0123456789";
const PASSWORD = "correct horse battery";
const SOURCE_PASSWORD = "hunter2-of-the-camera";
const SOURCE_KEY = "key-of-the-camera";
const VIEWER = "0f8fad5b-d9cb-469f-a165-70867728950e";

Deno.test("log and responses contain no secret, even at debug level", async () => {
  await using program = await startProgram([
    // Nothing listens there, so every message about a failing source appears.
    `--source=http://admin:${SOURCE_PASSWORD}@127.0.0.1:9/live?token=${SOURCE_KEY}`,
    `--admin-token=${TOKEN}`,
    `--password=${PASSWORD}`,
    "--log-level=debug",
  ]);
  const responses: string[] = [];
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(program.origin + path, { redirect: "manual", ...init });
    responses.push(await response.text());
    return response.status;
  };
  await until("the reason", () => /nothing answers there/.test(program.output()));
  await ask("/healthz");
  await ask("/state", { headers: { authorization: "Basic " + btoa(`me:${PASSWORD}`) } });
  await ask("/admin/no-such-thing", { headers: { authorization: `Bearer ${TOKEN}` } });
  await ask("/metrics", { headers: { authorization: `Bearer ${TOKEN}` } });
  await ask(`/?password=${encodeURIComponent(PASSWORD)}&token=${TOKEN}`, {
    headers: { cookie: `viewer=${VIEWER}` },
  });
  program.kill("SIGTERM");
  await program.status;
  const all = program.output() + responses.join("\n");
  assert(program.output().includes("Starting ffmpeg"));
  for (const secret of [TOKEN, PASSWORD, SOURCE_PASSWORD, SOURCE_KEY, VIEWER]) {
    assert(!all.includes(secret) && !all.includes(encodeURIComponent(secret)), secret);
  }
});
