import assert from "node:assert/strict";
import { parseSource } from "../../src/producers/ffmpeg/source.ts";
import { hasSecret } from "../../src/producers/ffmpeg/source_name.ts";
import { parseOptions } from "../../src/terminal/options.ts";
import { systemdUnit, type UnitOptions } from "../../src/service/systemd_unit.ts";
import { findProgram } from "../support/find_program.ts";
import { runProgram } from "../support/program.ts";
import { commandOf, valuesOf, wordsOf } from "./systemd_reader.ts";

function unitFor(args: string[], more: Partial<UnitOptions> = {}): string {
  const parsed = parseOptions(args, {});
  assert.ok(parsed.action === "run");
  const source = parseSource(parsed.options.source, "linux");
  return systemdUnit({
    executable: "/usr/local/bin/livestream",
    given: parsed.given,
    port: parsed.options.port,
    playsFile: false,
    hasSecret: source !== "auto" && hasSecret(source),
    folder: "/home/pi",
    ...more,
  });
}

Deno.test("unit starts the executable with the given options, and stores data in its folder", () => {
  const unit = unitFor(["9000", "--title", 'Bird $box 100% "x"', "--list-devices"]);
  assert.deepEqual(commandOf(unit), [
    "/usr/local/bin/livestream",
    "--port=9000",
    '--title=Bird $box 100% "x"',
    "--data=/var/lib/livestream/livestream.db",
  ]);
  assert.deepEqual(valuesOf(unit, "StateDirectory"), ["livestream"]);
});

Deno.test("unit contains no secret, and says where secrets belong", () => {
  const unit = unitFor([
    ...["--password", "hush-hush-1", "--admin-token=hush-hush-two"],
    ...["--source", "rtsp://me:hush@10.0.0.7/live"],
  ]);
  assert.doesNotMatch(unit, /hush/);
  assert.deepEqual(valuesOf(unit, "EnvironmentFile"), ["/etc/livestream.env"]);
  for (const name of ["PASSWORD", "ADMIN_TOKEN", "SOURCE"]) {
    assert.match(unit, new RegExp(`^# {3}LIVESTREAM_${name}=`, "m"));
  }
  // Where none was given there need be no such file.
  assert.deepEqual(valuesOf(unitFor([]), "EnvironmentFile"), ["-/etc/livestream.env"]);
  for (
    const secret of [
      "rtsp://10.0.0.7/hush.sdp",
      "rtsp://10.0.0.7/?token=hush",
      "rtsp://me:hu/sh@10.0.0.7",
      "me:hush@10.0.0.7/live",
    ]
  ) {
    const unit = unitFor(["--source", secret]);
    assert.doesNotMatch(unit, /hu.?sh/);
    assert.match(unit, /^# {3}LIVESTREAM_SOURCE=/m);
  }
  const open = unitFor(["--source", "rtsp://10.0.0.7:554/"]);
  assert.ok(commandOf(open).includes("--source=rtsp://10.0.0.7:554/"));
});

Deno.test("unit passes certificate and key as credentials, which root reads", () => {
  const unit = unitFor(["--cert", "a 5%.pem", "--key=/etc/ssl/key.pem"]);
  assert.deepEqual(valuesOf(unit, "LoadCredential"), [
    "cert.pem:/home/pi/a 5%%.pem",
    "key.pem:/etc/ssl/key.pem",
  ]);
  const command = commandOf(unit, { CREDENTIALS_DIRECTORY: "/run/credentials/x" });
  assert.ok(command.includes("--cert=/run/credentials/x/cert.pem"));
  assert.ok(command.includes("--key=/run/credentials/x/key.pem"));
});

Deno.test("unit shows the service the files it needs in folders that are hidden", () => {
  const unit = unitFor(["--source", "my party.mp4"], {
    executable: "/home/pi/livestream",
    playsFile: true,
  });
  assert.ok(commandOf(unit).includes("--source=/home/pi/my party.mp4"));
  const shown = valuesOf(unit, "BindReadOnlyPaths").flatMap(wordsOf);
  assert.deepEqual(shown, ["/home/pi/livestream", "/home/pi/my party.mp4"]);
  assert.deepEqual(valuesOf(unit, "ProtectHome"), ["tmpfs"]);
  assert.deepEqual(valuesOf(unitFor([]), "ProtectHome"), ["yes"]);
});

Deno.test("unit makes systemd restart a stuck program, and limits memory", () => {
  const unit = unitFor([]);
  const expected = {
    ...{ Type: "notify", NotifyAccess: "main", WatchdogSec: "20", WatchdogSignal: "SIGKILL" },
    ...{ Restart: "on-failure", MemoryMax: "2G", OOMPolicy: "continue" },
  };
  for (const [name, value] of Object.entries(expected)) {
    assert.deepEqual(valuesOf(unit, name), [value], name);
  }
});

Deno.test("unit leaves a data file where it is, and says how to keep using it", () => {
  const unit = unitFor(["--data", "it's/chat.db"]);
  assert.ok(commandOf(unit).includes("--data=/var/lib/livestream/chat.db"));
  assert.match(unit, /sudo install -D '\/home\/pi\/it'\\''s\/chat.db' -t \/var\/lib\/livestream$/m);
  assert.ok(commandOf(unitFor(["--data=:memory:"])).includes("--data=:memory:"));
});

Deno.test("unit puts another ffmpeg first on the PATH: no other may be started", () => {
  const unit = unitFor(["--ffmpeg", "/opt/ff 7/ffmpeg"]);
  const [environment] = valuesOf(unit, "Environment").flatMap(wordsOf);
  assert.equal(environment, "PATH=/opt/ff 7:/usr/local/bin:/usr/bin:/bin");
});

for (
  const [port, capability] of [["80", "CAP_NET_BIND_SERVICE"], ["1024", ""], ["0", ""]] as const
) {
  Deno.test(`unit for port ${port} allows ${capability || "no capability"}`, () => {
    const unit = unitFor([port]);
    assert.deepEqual(valuesOf(unit, "CapabilityBoundingSet"), [capability]);
    assert.deepEqual(valuesOf(unit, "AmbientCapabilities"), capability ? [capability] : []);
  });
}

Deno.test("unit printed from source says that the executable is needed", async () => {
  const { code, stdout, stderr } = await runProgram(["8082", "--print-systemd-unit"]);
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /make compile && sudo install livestream \/usr\/local\/bin\/livestream/);
  assert.ok(commandOf(stdout).includes("--port=8082"));
  assert.doesNotMatch(stdout, /print-systemd-unit/);
});

Deno.test("unit names an existing file by its path, whatever characters that has", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/Tom & Jerry: take 2.mp4`;
  await Deno.writeTextFile(path, "");
  try {
    for (const [source, isNamed] of [[path, true], [`${path}.mp4`, false]] as const) {
      const { stdout } = await runProgram([`--source=${source}`, "--print-systemd-unit"]);
      assert.equal(commandOf(stdout).includes(`--source=${source}`), isNamed, stdout);
      assert.equal(/LIVESTREAM_SOURCE/.test(stdout), !isNamed, stdout);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

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
      await Deno.writeTextFile(
        path,
        unitFor(
          [
            "443",
            "--title",
            'A "b" 5% $c; \\d',
            "--cert=a.pem",
            "--key=b.pem",
            "--ffmpeg=/x/ffmpeg",
          ],
          { executable: "/bin/true" },
        ),
      );
      assert.doesNotMatch(await analyze("verify"), /livestream\.service/);
      const [, exposure] = /exposure level for livestream.service: ([\d.]+)/.exec(
        await analyze("security", "--offline=yes"),
      ) ?? [];
      assert.ok(Number(exposure) < 2.5, `exposure ${exposure}`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
