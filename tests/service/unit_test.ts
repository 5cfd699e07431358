import assert from "node:assert/strict";
import { findProgram } from "../support/find_program.ts";

const UNIT = new URL("../../contrib/livestream.service", import.meta.url);
const systemdAnalyze = findProgram("systemd-analyze");

Deno.test({
  name: "unit is valid for systemd, and has little exposure",
  ignore: systemdAnalyze === null,
  async fn() {
    assert.ok(systemdAnalyze !== null);
    const folder = await Deno.makeTempDir();
    const path = `${folder}/livestream.service`;
    const analyze = async (...args: string[]) => {
      const { stdout, stderr } = await new Deno.Command(systemdAnalyze, {
        args: [...args, path],
        env: { SYSTEMD_COLORS: "0" },
      }).output();
      const decoder = new TextDecoder();
      return decoder.decode(stdout) + decoder.decode(stderr);
    };
    try {
      // systemd wants the program to exist.
      const unit = (await Deno.readTextFile(UNIT)).replace("=/usr/bin/livestream", "=/bin/true");
      await Deno.writeTextFile(path, unit);
      const problems = (await analyze("verify", "--man=no")).split("\n");
      assert.deepEqual(problems.filter((line) => /livestream\.service/.test(line)), []);
      const [, exposure] = /exposure level for livestream.service: ([\d.]+)/.exec(
        await analyze("security", "--offline=yes"),
      ) ?? [];
      assert.ok(Number(exposure) < 2.5, `exposure ${exposure}`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
