import assert from "node:assert/strict";
import { findProgram } from "../support/find_program.ts";
import { InstallMachine, outcomeOf } from "./install_machine.ts";

for (
  const [manager, command] of [
    ["apt-get", "apt-get install ffmpeg"],
    ["dnf", "dnf install ffmpeg-free"],
    ["pacman", "pacman -S ffmpeg"],
    ["brew", "brew install ffmpeg"],
    ["", "https://ffmpeg.org"],
  ]
) {
  Deno.test(`install.sh without ffmpeg names ${command}`, async () => {
    const answers = { ffmpeg: "", ...(manager && { [manager]: "echo installed it" }) };
    await using pc = await InstallMachine.create({ answers });
    await pc.publish();
    const { code, stdout } = await pc.run();
    assert.equal(code, 0);
    assert.ok(stdout.includes(command!), stdout);
    assert.ok(!stdout.includes("installed it"), stdout);
  });
}

const terminal = Deno.build.os === "linux" ? findProgram("script") : null;

for (const [answer, installs] of [["y", true], ["n", false], ["", false]] as const) {
  Deno.test(
    `install.sh on a terminal ${
      installs ? "installs" : "does not install"
    } ffmpeg after "${answer}"`,
    { ignore: terminal === null },
    async () => {
      const answers = { ffmpeg: "", id: "echo 0", "apt-get": "echo it was asked to $*" };
      await using pc = await InstallMachine.create({ answers });
      await pc.publish();
      const line = `${pc.folder}/bin/sh ${new URL("../../install.sh", import.meta.url).pathname}`;
      const child = new Deno.Command(terminal!, {
        args: ["-qec", `${line} --to ${pc.target}`, "/dev/null"],
        env: { ...pc.environment, SHELL: "/bin/sh" },
        clearEnv: true,
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(`${answer}\n`));
      const { code, stdout } = outcomeOf(await child.output());
      await writer.close().catch(() => {});
      assert.equal(code, 0, stdout);
      assert.equal(stdout.includes("it was asked to install ffmpeg"), installs, stdout);
    },
  );
}
