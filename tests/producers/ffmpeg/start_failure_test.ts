import assert from "node:assert/strict";
import { startFailure } from "../../../src/producers/ffmpeg/start_failure.ts";

const { NotCapable, NotFound, PermissionDenied } = Deno.errors;

Deno.test("startFailure names the system's own way to install ffmpeg", () => {
  const messageOn = (system: "linux" | "darwin" | "windows") =>
    startFailure(new NotFound(), "ffmpeg", system).message;
  assert.match(messageOn("linux"), /apt install ffmpeg/);
  assert.match(messageOn("darwin"), /brew install ffmpeg/);
  assert.match(messageOn("windows"), /winget install ffmpeg/);
});

Deno.test("startFailure says that a path leads nowhere, whether or not it may be started", () => {
  for (const error of [new NotFound(), new NotCapable()]) {
    const { message } = startFailure(error, "/nonexistent/ffmpeg", "linux");
    assert.match(message, /^Cannot find ffmpeg: .* \(tried "\/nonexistent\/ffmpeg"\)$/);
  }
});

Deno.test("startFailure on Windows says to put the folder first and to correct the program's name", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of ["ffmpeg.exe", "ffmpeg7.exe"]) {
      await Deno.writeTextFile(`${folder}/${name}`, "");
      const { message } = startFailure(new NotCapable(), `${folder}/${name}`, "windows");
      assert.ok(message.endsWith(`start again after: $env:Path = "${folder};$env:Path"`), message);
      assert.equal(message.includes("rename it to ffmpeg.exe"), name === "ffmpeg7.exe");
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("startFailure says of a file that is no program that it is none", async () => {
  const file = await Deno.makeTempFile();
  try {
    const start = () => new Deno.Command(file).outputSync();
    assert.throws(start, (error) => {
      const { message } = startFailure(error, file, "linux");
      return error instanceof PermissionDenied &&
        message === `Cannot start "${file}": you have no permission to run it`;
    });
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("startFailure gives the system's words for what it does not know", () => {
  const error = new Error("Too many open files (os error 24)");
  const { message, cause } = startFailure(error, "ffmpeg", "linux");
  assert.equal(message, 'Cannot start "ffmpeg": Too many open files (os error 24)');
  assert.equal(cause, error);
});
