import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../support/free_port.ts";
import { ROOT } from "../support/program.ts";
import { until } from "../support/until.ts";

async function untilServed(port: number): Promise<void> {
  await until("a healthy server", async () => {
    // Refused if the server does not listen yet, or no longer.
    const response = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null);
    await response?.body?.cancel();
    return response?.ok;
  });
}

// The shell stays until the reader is gone, so the program is identified by its process id.
for (
  const [what, redirection] of [
    ["standard output is closed", ">&- 2>/dev/null"],
    ["the reader of standard output is gone", "2>/dev/null | true"],
    ["standard error is closed", "2>&- >/dev/null"],
    ["the reader of standard error is gone", "2>&1 >/dev/null | true"],
    ["the reader of both is gone", "2>&1 | true"],
  ]
) {
  Deno.test(`server streams although ${what}`, async () => {
    const port = freePort();
    const script = `sh -c 'echo $$ >&3; exec "$@"' sh "$@" ${redirection}`;
    const shell = new Deno.Command("sh", {
      args: [
        ...["-c", `exec 3>&1; ${script}`, "sh", Deno.execPath(), "run", "-A", "main.ts"],
        ...["--host=127.0.0.1", `--port=${port}`, "--source=test", "--resolution=320x240"],
        "--log-level=debug",
      ],
      cwd: ROOT,
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const reader = shell.stdout.getReader();
    const { value } = await reader.read();
    const pid = Number(new TextDecoder().decode(value));
    try {
      await untilServed(port);
      // This level logs ffmpeg's output.
      await delay(500);
      await untilServed(port);
    } finally {
      Deno.kill(pid, "SIGTERM");
      await reader.cancel();
      await shell.status;
    }
  });
}

Deno.test("help ends silently when its output is closed", async () => {
  const { stderr } = await new Deno.Command("sh", {
    args: ["-c", '"$@" --help | true', "sh", Deno.execPath(), "run", "-A", "main.ts"],
    cwd: ROOT,
  }).output();
  assert.equal(new TextDecoder().decode(stderr), "");
});
