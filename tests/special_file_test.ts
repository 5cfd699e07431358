import assert from "node:assert/strict";
import { specialFile } from "../src/special_file.ts";
import { temporaryFolder } from "./store/temporary_folder.ts";

const ignore = Deno.build.os === "windows";

Deno.test("specialFile takes regular files, and paths where there is nothing", () => {
  using folder = temporaryFolder();
  Deno.writeTextFileSync(`${folder.path}/file`, "");
  assert.equal(specialFile(`${folder.path}/file`), null);
  assert.equal(specialFile(`${folder.path}/nothing`), null);
  assert.equal(specialFile(folder.path), "it is a folder");
});

Deno.test({
  name: "specialFile knows named pipes, sockets and devices, also behind a link",
  ignore,
  fn() {
    using folder = temporaryFolder();
    const [pipe, socket, link] = ["pipe", "socket", "link"].map((name) => `${folder.path}/${name}`);
    assert.ok(new Deno.Command("mkfifo", { args: [pipe] }).outputSync().success);
    using listener = Deno.listen({ transport: "unix", path: socket });
    assert.ok(listener);
    Deno.symlinkSync(pipe, link);
    assert.equal(specialFile(pipe), "it is a named pipe");
    assert.equal(specialFile(link), "it is a named pipe");
    assert.equal(specialFile(socket), "it is a socket");
    assert.equal(specialFile("/dev/zero"), "it is a device");
  },
});
