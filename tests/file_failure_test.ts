import assert from "node:assert/strict";
import { reasonOfFile } from "../src/file_failure.ts";
import { temporaryFolder } from "./store/temporary_folder.ts";

Deno.test("why a file cannot be read is said in the system's words, or in plainer ones", () => {
  using folder = temporaryFolder();
  const { path } = folder;
  Deno.writeTextFileSync(`${path}/file`, "");
  Deno.symlinkSync(`${path}/loop`, `${path}/loop`);
  const reasons = ["none", "file/below", "loop", "x".repeat(300)].map((name) => {
    try {
      return Deno.readTextFileSync(`${path}/${name}`);
    } catch (error) {
      return reasonOfFile(error, "read it");
    }
  });
  assert.deepEqual(reasons, [
    "there is no such file",
    "a part of its path is a file, not a folder",
    "too many levels of symbolic links",
    "file name too long",
  ]);
});

Deno.test("why a file cannot be used never names a flag of Deno", () => {
  const error = new Deno.errors.NotCapable("Requires all access, run again with --allow-all");
  assert.equal(reasonOfFile(error, "read it"), "files in /dev, /proc and /sys cannot be used");
  assert.equal(reasonOfFile(new Error("It broke"), "read it"), "It broke");
});
