import assert from "node:assert/strict";
import { findProgram } from "../support/find_program.ts";

const SETUP = new URL("../../tools/setup", import.meta.url).pathname;

/** Programs that the script itself runs. */
const ITS_TOOLS = ["sh", "dirname", "env", "grep", "id", "ls", "sed", "uname"];

/** Servers and systemd tools that the tests need and few machines have. */
const WANTED = ["nginx", "caddy", "tc", "systemd-analyze"];

/**
 * Runs the script where only the programs that it runs itself and a package manager exist, which
 * records its arguments. Returns these.
 *
 * @param known Packages in the package lists. Default: no program to read these.
 */
async function installedBy(
  manager: string,
  known?: readonly string[],
  wanted: readonly string[] = WANTED,
): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of ITS_TOOLS) await Deno.symlink(findProgram(name)!, `${folder}/${name}`);
    const note = `#!${folder}/sh\necho "$0" "$@" >>${folder}/notes\n`;
    for (const name of [manager, "sudo"]) {
      const body = name === "sudo" ? `#!${folder}/sh\n[ "$1" = -n ] && shift\n"$@"\n` : note;
      await Deno.writeTextFile(`${folder}/${name}`, body, { mode: 0o755 });
    }
    await Deno.writeTextFile(`${folder}/true`, `#!${folder}/sh\n`, { mode: 0o755 });
    if (known) {
      const answer = `#!${folder}/sh\ncase $2 in ${known.join(" | ")}) ;; *) exit 100 ;; esac\n`;
      await Deno.writeTextFile(`${folder}/apt-cache`, answer, { mode: 0o755 });
      await Deno.writeTextFile(`${folder}/some_Packages`, "");
    }
    // Programs in this machine's system folders count as installed.
    const script = (await Deno.readTextFile(SETUP)).replace(":/usr/sbin:/sbin", "")
      .replace("/var/lib/apt/lists", folder).replaceAll("/etc/os-release", `${folder}/os-release`);
    await Deno.writeTextFile(`${folder}/setup`, script);
    const { code, stderr } = await new Deno.Command(`${folder}/sh`, {
      args: [`${folder}/setup`, ...wanted],
      env: { PATH: folder, HOME: folder },
      clearEnv: true,
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    return (await Deno.readTextFile(`${folder}/notes`)).replaceAll(`${folder}/`, "");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const isLinux = Deno.build.os === "linux";

for (
  const [manager, expected] of [
    ["apt-get", "nginx caddy iproute2 systemd"],
    ["dnf", "nginx caddy iproute-tc systemd"],
    ["pacman", "nginx caddy iproute2 systemd"],
  ]
) {
  Deno.test(`tools/setup asks ${manager} for its own packages`, { ignore: !isLinux }, async () => {
    const notes = await installedBy(manager);
    assert.ok(notes.trimEnd().endsWith(` ${expected}`), notes);
  });
}

Deno.test("tools/setup installs Chromium without windows where the package manager has it", {
  ignore: !isLinux,
}, async () => {
  const whole = await installedBy("apt-get", ["chromium"], ["chromium"]);
  assert.match(whole, / chromium fonts-liberation$/m);
  const known = ["chromium", "chromium-headless-shell"];
  const shell = await installedBy("apt-get", known, ["chromium"]);
  assert.match(shell, / chromium-headless-shell fonts-liberation$/m);
});

Deno.test("tools/setup skips Caddy where the package manager lacks it", {
  ignore: !isLinux,
}, async () => {
  const others = ["nginx", "iproute2", "systemd"];
  const without = await installedBy("apt-get", others);
  assert.ok(without.trimEnd().endsWith(` ${others.join(" ")}`), without);
  const all = await installedBy("apt-get", [...others, "caddy"]);
  assert.match(all, / nginx caddy iproute2 systemd$/m);
});
