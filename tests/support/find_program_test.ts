import assert from "node:assert/strict";
import { findProgram } from "./find_program.ts";

/** Runs `action` with this PATH. */
function withPath<T>(path: string | undefined, action: () => T): T {
  const before = Deno.env.get("PATH");
  try {
    if (path === undefined) Deno.env.delete("PATH");
    else Deno.env.set("PATH", path);
    return action();
  } finally {
    if (before !== undefined) Deno.env.set("PATH", before);
  }
}

Deno.test("findProgram returns the first match on the PATH", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of ["a", "b"]) {
      await Deno.mkdir(`${folder}/${name}`);
      await Deno.writeTextFile(`${folder}/${name}/tool`, "#!/bin/sh\n", { mode: 0o755 });
    }
    const path = `${folder}/missing:${folder}/a:${folder}/b`;
    assert.equal(withPath(path, () => findProgram("tool")), `${folder}/a/tool`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("findProgram returns null for a missing program, a folder, or a file that is not executable", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/folder`);
    await Deno.writeTextFile(`${folder}/text`, "no program", { mode: 0o644 });
    for (const name of ["folder", "text", "missing"]) {
      assert.equal(withPath(folder, () => findProgram(name)), null, name);
    }
    assert.equal(withPath(undefined, () => findProgram("missing")), null);
    assert.equal(withPath(`${folder}/text`, () => findProgram("missing")), null);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
