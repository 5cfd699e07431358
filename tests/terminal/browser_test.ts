import assert from "node:assert/strict";
import { openBrowser } from "../../src/terminal/browser.ts";
import { temporaryFolder } from "../store/temporary_folder.ts";

const URL_TO_OPEN = "http://localhost:8081/";

/** Runs `openBrowser` with this script, if any, as the only program on the `PATH`. */
async function withProgram(
  name: string,
  script: string | null,
  test: (folder: string) => Promise<void>,
): Promise<void> {
  using temporary = temporaryFolder();
  const { path } = temporary;
  if (script !== null) {
    await Deno.writeTextFile(`${path}/${name}`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  const before = Deno.env.get("PATH") ?? "";
  Deno.env.set("PATH", path);
  try {
    await test(path);
  } finally {
    Deno.env.set("PATH", before);
  }
}

/** Calls `openBrowser`, and returns its warnings when its command has ended. */
async function open(
  os: typeof Deno.build.os,
  variables: Record<string, string>,
  ...times: number[]
): Promise<string[]> {
  const warnings: string[] = [];
  await openBrowser(URL_TO_OPEN, {
    os,
    env: { get: (name) => variables[name] },
    log: { warn: (sentence) => warnings.push(sentence) },
    clock: { monotonic: () => times.shift() ?? 0 },
  });
  return warnings;
}

const IGNORED = Deno.build.os === "windows";

for (
  const [os, program, variables] of [
    ["linux", "xdg-open", { DISPLAY: ":0" }],
    ["linux", "xdg-open", { WAYLAND_DISPLAY: "wayland-0" }],
    ["darwin", "open", {}],
    ["windows", "rundll32", {}],
  ] as const
) {
  const where = [os, ...Object.keys(variables)].join(" with ");
  Deno.test({
    name: `browser opens by ${program} on ${where}, and nothing is logged`,
    ignore: IGNORED,
    fn: () =>
      withProgram(program, `echo "$@" >"\${0%/*}/opened"`, async (folder) => {
        const warnings = await open(os, variables);
        const opened = await Deno.readTextFile(`${folder}/opened`);
        const start = os === "windows" ? "url.dll,FileProtocolHandler " : "";
        assert.equal(opened, `${start}${URL_TO_OPEN}\n`);
        assert.deepEqual(warnings, []);
      }),
  });
}

Deno.test("browser is not looked for without a desktop", async () => {
  assert.deepEqual(await open("linux", {}), [
    "Cannot open a browser: there is no desktop session (neither DISPLAY nor WAYLAND_DISPLAY is set)",
  ]);
});

Deno.test({
  name: "browser that cannot be started is a warning with the remedy",
  ignore: IGNORED,
  fn: () =>
    withProgram("xdg-open", null, async () => {
      assert.deepEqual(await open("linux", { DISPLAY: ":0" }), [
        "Cannot open a browser: xdg-open not found (install xdg-utils)",
      ]);
      assert.deepEqual(await open("darwin", {}), ["Cannot open a browser: open not found"]);
    }),
});

Deno.test({
  name: "browser that fails soon is a warning, one that was closed later is none",
  ignore: IGNORED,
  fn: () =>
    withProgram("xdg-open", "exit 3", async () => {
      const late = await open("linux", { DISPLAY: ":0" }, 0, 60_000);
      const soon = await open("linux", { DISPLAY: ":0" }, 0, 1_000);
      assert.deepEqual(soon, ["Cannot open a browser: xdg-open failed with exit code 3"]);
      assert.deepEqual(late, []);
    }),
});
