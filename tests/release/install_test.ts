import assert from "node:assert/strict";
import { findProgram } from "../support/find_program.ts";
import { InstallMachine, LINUX, PROGRAM } from "./install_machine.ts";

const busybox = findProgram("busybox") ?? undefined;

for (
  const { shell, ignore, ...machine } of [
    { shell: "sh and curl", ignore: false },
    { shell: "busybox and its wget", ignore: !busybox, downloader: "wget", box: busybox },
  ]
) {
  Deno.test(`install.sh installs the checked executable with ${shell}`, { ignore }, async () => {
    await using pc = await InstallMachine.create(machine);
    await pc.publish();
    const { code, stdout, stderr } = await pc.run();
    assert.deepEqual([code, stderr], [0, ""]);
    assert.ok(
      stdout.includes(`Installed livestream 0.1.0 (Deno 2.9.6) in ${pc.target}\n`),
      stdout,
    );
    assert.ok(stdout.includes(`export PATH="${pc.target}:$PATH"`), stdout);
    assert.deepEqual(pc.installed(), ["livestream"]);
    assert.equal(await Deno.readTextFile(`${pc.target}/livestream`), PROGRAM);
    assert.equal((await Deno.stat(`${pc.target}/livestream`)).mode! & 0o777, 0o755);
  });
}

for (
  const [system, machine, name] of [
    ["Linux", "aarch64", "livestream-aarch64-unknown-linux-gnu"],
    ["Darwin", "arm64", "livestream-aarch64-apple-darwin"],
    ["Darwin", "x86_64", "livestream-x86_64-apple-darwin"],
  ]
) {
  Deno.test(`install.sh takes ${name} on ${system} ${machine}`, async () => {
    const answers = { uname: `case $1 in -m) echo ${machine} ;; *) echo ${system} ;; esac` };
    await using pc = await InstallMachine.create({ answers });
    await pc.publish(name);
    assert.equal((await pc.run()).code, 0);
    assert.deepEqual(pc.requests.slice(1), [`/latest/download/${name}`]);
  });
}

for (const version of ["0.2.0", "v0.2.0"]) {
  Deno.test(`install.sh installs version ${version}`, async () => {
    await using pc = await InstallMachine.create();
    await pc.publish(LINUX, PROGRAM, "/download/v0.2.0");
    assert.equal((await pc.run("--version", version)).code, 0);
    assert.deepEqual(pc.installed(), ["livestream"]);
  });
}

/** Returns a body whose connection breaks before it is complete. */
function cutOff(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(PROGRAM)),
    pull: (controller) => controller.error("Broken off by the test"),
  });
}

for (
  const [problem, path, body, expected] of [
    ["has the wrong checksum", LINUX, "#!/bin/sh\n", /^Not installed: the SHA-256 of livestream-/],
    ["has no checksum", "SHA256SUMS", "", /^Cannot verify .*: it is not listed in SHA256SUMS\n$/],
    ["does not exist", LINUX, null, /Cannot download http\S*linux-gnu\n$/],
    ["has no SHA256SUMS", "SHA256SUMS", null, /Cannot download http\S*SHA256SUMS\n$/],
    ["is cut off on its way", LINUX, cutOff, /Cannot download http\S*linux-gnu\n$/],
  ] as const
) {
  Deno.test(`install.sh leaves nothing behind if the executable ${problem}`, async () => {
    await using pc = await InstallMachine.create();
    await pc.publish();
    if (body === null) pc.files.delete(`/latest/download/${path}`);
    else pc.files.set(`/latest/download/${path}`, body);
    const { code, stderr } = await pc.run();
    assert.equal(code, 1);
    assert.match(stderr, expected);
    assert.equal(pc.installed(), null);
  });
}

Deno.test("install.sh keeps the old version if the new one does not run", async () => {
  await using pc = await InstallMachine.create();
  await pc.publish(LINUX, "#!/bin/sh\nexit 1\n");
  await Deno.mkdir(pc.target, { recursive: true });
  await Deno.writeTextFile(`${pc.target}/livestream`, "old");
  const { code, stderr } = await pc.run();
  assert.deepEqual([code, stderr], [1, `Not installed: ${LINUX} does not run here\n`]);
  assert.deepEqual(pc.installed(), ["livestream"]);
  assert.equal(await Deno.readTextFile(`${pc.target}/livestream`), "old");
});

Deno.test("install.sh replaces a version that is running", async () => {
  await using pc = await InstallMachine.create();
  await pc.publish();
  await Deno.mkdir(pc.target, { recursive: true });
  await Deno.copyFile(findProgram("sleep")!, `${pc.target}/livestream`);
  const running = new Deno.Command(`${pc.target}/livestream`, { args: ["60"] }).spawn();
  assert.equal((await pc.run()).code, 0);
  assert.equal(await Deno.readTextFile(`${pc.target}/livestream`), PROGRAM);
  running.kill("SIGTERM");
  assert.equal((await running.status).signal, "SIGTERM");
});

const setsid = findProgram("setsid");

Deno.test("install.sh leaves nothing behind after Ctrl-C", { ignore: !setsid }, async () => {
  await using pc = await InstallMachine.create();
  await pc.publish();
  const leave = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  pc.files.set(`/latest/download/${LINUX}`, () => {
    asked.resolve();
    return new ReadableStream({ cancel: () => leave.resolve() });
  });
  // A terminal sends SIGINT to the whole process group.
  const child = pc.command([], [setsid!]).spawn();
  const output = child.output();
  await asked.promise;
  assert.equal(pc.installed()?.length, 1);
  await new Deno.Command("kill", { args: ["-INT", "--", `-${child.pid}`] }).output();
  assert.equal((await output).code, 130);
  await leave.promise;
  assert.equal(pc.installed(), null);
});

Deno.test("install.sh that is cut off on its way runs nothing", async () => {
  await using pc = await InstallMachine.create();
  await pc.publish();
  const script = await Deno.readTextFile(new URL("../../install.sh", import.meta.url));
  for (const length of [0.3, 0.6, 0.9, 1 - 12 / script.length]) {
    await pc.pipe(script.slice(0, Math.floor(length * script.length)));
    assert.deepEqual([pc.requests, pc.installed()], [[], null], `${length}`);
  }
  assert.equal((await pc.pipe(script)).code, 0);
  assert.deepEqual(pc.installed(), ["livestream"]);
});

for (
  const [system, answers, expected] of [
    ["a 32-bit processor", { uname: "echo armv7l" }, "Cannot install on armv7l: executables exist"],
    ["musl", { getconf: "exit 1" }, "Cannot install on this system: it has no glibc"],
    ["a 32-bit system on a 64-bit kernel", {
      getconf: 'case $1 in LONG_BIT) echo 32 ;; *) echo "glibc 2.36" ;; esac',
    }, "Cannot install on a 32-bit system"],
    ["FreeBSD", {
      uname: "case $1 in -m) echo amd64 ;; *) echo FreeBSD ;; esac",
    }, "Cannot install on FreeBSD: executables exist for Linux, macOS and Windows"],
    ["Windows", {
      uname: "case $1 in -m) echo x86_64 ;; *) echo MINGW64_NT-10.0 ;; esac",
    }, "Cannot install on Windows: download http"],
  ] as const
) {
  Deno.test(`install.sh refuses ${system}`, async () => {
    await using pc = await InstallMachine.create({ answers });
    const { code, stderr } = await pc.run();
    assert.equal(code, 1);
    assert.ok(stderr.startsWith(expected), stderr);
    assert.deepEqual([pc.requests, pc.installed()], [[], null]);
  });
}

Deno.test("install.sh says which folder it cannot write to", async () => {
  await using pc = await InstallMachine.create();
  await pc.publish();
  for (const [folder, verb] of [["/dev/null/bin", "create"], ["/proc", "write to"]]) {
    const { code, stderr } = await pc.run("--to", folder!);
    assert.equal(code, 1);
    assert.ok(
      stderr.endsWith(`Cannot ${verb} ${folder}: choose another folder with --to\n`),
      stderr,
    );
  }
  assert.deepEqual(pc.requests, []);
});

Deno.test("install.sh refuses unknown options and lists its own", async () => {
  await using pc = await InstallMachine.create();
  assert.equal((await pc.run("--too")).stderr, 'Unknown option "--too": see --help\n');
  assert.equal((await pc.run("--version")).stderr, "--version takes a value: see --help\n");
  const { code, stdout } = await pc.run("--help");
  assert.equal(code, 0);
  for (const option of ["--version X", "--to DIR", "--help"]) assert.ok(stdout.includes(option));
});

Deno.test("install.sh from the source code asks for one of a release", async () => {
  await using pc = await InstallMachine.create();
  const script = await Deno.readTextFile(new URL("../../install.sh", import.meta.url));
  const { code, stderr } = await pc.pipe(`unset LIVESTREAM_BASE_URL\n${script}`);
  assert.equal(code, 1);
  assert.match(stderr, /^This install.sh is from the source code: /);
});
