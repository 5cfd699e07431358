import assert from "node:assert/strict";
import { environmentNameOf, flagOf } from "../../src/terminal/option_definition.ts";
import { OPTION_NAMES, OPTIONS } from "../../src/terminal/option_table.ts";
import { movingClip } from "../support/clips.ts";
import { FakeCamera } from "../support/fake_camera.ts";
import { canBoot, Container } from "./container.ts";

const PACKAGE = Deno.env.get("TESTED_PACKAGE") ?? "";

const ORIGIN = "http://127.0.0.1:8081";
const PASSWORD = `pass "word" \\ $HOME 'y' #1 %h`;

/** Values in both kinds of quotes. */
const SETTINGS = String.raw`
LIVESTREAM_TITLE='Bird box #1: 5% of $HOME'
LIVESTREAM_PASSWORD="pass \"word\" \\ \$HOME 'y' #1 %h"
`;

async function run(program: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program, { args, stdin: "null" })
    .output();
  const [text, problem] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert.equal(code, 0, `${program} ${args.join(" ")}: ${text}${problem}`);
  return text;
}

/** Fills a folder with a camera for the container: an ffmpeg to come first on the PATH there. */
async function packCamera(folder: string): Promise<void> {
  const clip = await movingClip();
  await using camera = await FakeCamera.create({ clip, device: "/dev/video0" });
  const { LD_PRELOAD: library, FAKECAM_DEV, FAKECAM_SIZE, FAKECAM_FPS } = camera.environment;
  await Deno.copyFile(library, `${folder}/fakecam.so`);
  await Deno.copyFile(clip.path, `${folder}/clip.mjpeg`);
  const settings = [
    ...[`FAKECAM_DEV=${FAKECAM_DEV}`, `FAKECAM_SIZE=${FAKECAM_SIZE}`, `FAKECAM_FPS=${FAKECAM_FPS}`],
    ...["FAKECAM_FMT=mjpeg", "FAKECAM_FILE=/opt/camera/clip.mjpeg"],
    "LD_PRELOAD=/opt/camera/fakecam.so",
  ];
  const script = `#!/bin/sh\n${settings.join(" ")} exec /usr/bin/ffmpeg "$@"\n`;
  await Deno.writeTextFile(`${folder}/ffmpeg`, script, { mode: 0o755 });
}

/** Repacks the package as an older version, uncompressed. */
async function packOlder(folder: string): Promise<void> {
  await run("dpkg-deb", "--raw-extract", PACKAGE, `${folder}/tree`);
  const control = `${folder}/tree/DEBIAN/control`;
  const text = await Deno.readTextFile(control);
  await Deno.writeTextFile(control, text.replace(/^(Version: .*)$/m, "$1~older"));
  const args = ["--root-owner-group", "-Znone", "--build", `${folder}/tree`, `${folder}/older.deb`];
  await run("dpkg-deb", ...args);
  await Deno.remove(`${folder}/tree`, { recursive: true });
}

/** Waits for the camera's picture, and fails after 20 s. */
async function pictureArrives(container: Container, ...auth: string[]): Promise<void> {
  let seen = "";
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    const { stdout } = await container.curl(...auth, `${ORIGIN}/state`);
    seen = stdout;
    const { source } = stdout.startsWith("{") ? JSON.parse(stdout).result : {};
    if (source?.online) {
      assert.deepEqual(source.resolution, { width: 640, height: 480 });
      const snapshot = await container.curl(
        ...["--output", "/dev/null", "--write-out", "%{content_type}", ...auth],
        `${ORIGIN}/snapshot`,
      );
      assert.equal(snapshot.stdout, "image/jpeg");
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const { stdout } = await container.run("journalctl --no-pager --lines=20 --unit=livestream");
  assert.fail(`No picture: ${seen}\n${stdout}`);
}

Deno.test("package installs, upgrades and purges cleanly, and runs as a service", {
  ignore: !await canBoot(),
}, async (t) => {
  assert.ok(PACKAGE, "Set TESTED_PACKAGE to what `make deb` made");
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/camera`);
    await Deno.chmod(folder, 0o755);
    await packCamera(`${folder}/camera`);
    await Deno.copyFile(PACKAGE, `${folder}/current.deb`);
    await packOlder(folder);
    await using container = await Container.boot({
      "/opt/packages": folder,
      "/opt/camera": `${folder}/camera`,
      "/usr/local/bin": `${folder}/camera`,
    });
    // Listing cameras looks for a file.
    await container.check("touch /dev/video0");
    const install = (name: string) =>
      container.check(`apt-get install --yes --no-install-recommends /opt/packages/${name}.deb`);
    const show = (property: string) =>
      container.check(`systemctl show --value --property=${property} livestream`);

    await t.step("a fresh installation shows the camera's picture", async () => {
      const begun = performance.now();
      await install("current");
      await pictureArrives(container);
      const seconds = (performance.now() - begun) / 1000;
      const figure = `${seconds.toFixed(1)} s from apt-get install to the first picture\n`;
      await Deno.stdout.write(new TextEncoder().encode(figure));
      assert.equal(await container.check("systemctl is-enabled livestream"), "enabled");
      await container.check("command -v ffmpeg");
    });

    await t.step("the service's own user may open cameras and microphones", async () => {
      const pid = await show("MainPID");
      assert.equal(await container.check(`stat -c %U:%G /proc/${pid}`), "livestream:livestream");
      const groups = await container.check("id -nG livestream");
      assert.deepEqual(groups.split(" ").toSorted(), ["audio", "livestream", "video"]);
      const modes = "stat -c '%a %U:%G' /etc/livestream.env /var/lib/livestream";
      assert.equal(await container.check(modes), "640 root:livestream\n700 livestream:livestream");
    });

    const purge = async () => {
      await container.check("apt-get purge --yes livestream");
      const left = "find / -xdev -iname '*livestream*' ! -path '/proc/*' ! -path '/sys/*'";
      assert.equal(await container.check(left), "");
      assert.equal((await container.run("getent passwd livestream")).code, 2);
      assert.equal((await container.run("getent group livestream")).code, 2);
      assert.equal(await show("LoadState"), "not-found");
    };
    await t.step("a purge leaves nothing", purge);

    const auth = ["--user", `:${PASSWORD}`];
    const chat = async () =>
      JSON.parse((await container.curl(...auth, `${ORIGIN}/chat`)).stdout).chat
        .map(({ text }: { text: string }) => text);
    await t.step("options reach the program as systemd reads them", async () => {
      await install("older");
      await pictureArrives(container);
      await container.check(`cat >>/etc/livestream.env <<'END'\n${SETTINGS}END`);
      await container.check("systemctl restart livestream");
      await pictureArrives(container, ...auth);
      assert.equal((await container.curl(`${ORIGIN}/state`)).stdout.includes('"ok":true'), false);
      const page = (await container.curl(...auth, `${ORIGIN}/`)).stdout;
      assert.ok(page.includes("<title>Bird box #1: 5% of $HOME</title>"));
      await container.curl(...auth, "--data", "text=Kept&name=Ann", `${ORIGIN}/chat`);
      assert.deepEqual(await chat(), ["Kept"]);
    });

    await t.step("an upgrade keeps options and data, and restarts the service", async () => {
      const before = await show("MainPID");
      await install("current");
      await pictureArrives(container, ...auth);
      assert.notEqual(await show("MainPID"), before);
      assert.deepEqual(await chat(), ["Kept"]);
      assert.doesNotMatch(await container.check("dpkg-query -W livestream"), /older/);
    });

    await t.step("an upgrade leaves a disabled service off", async () => {
      await container.check("systemctl disable --now livestream");
      await container.check("apt-get install --yes --reinstall /opt/packages/current.deb");
      assert.equal((await container.run("systemctl is-enabled livestream")).stdout, "disabled");
      assert.equal(await show("ActiveState"), "inactive");
      await container.check("systemctl enable --now livestream");
      await pictureArrives(container, ...auth);
    });

    await t.step("a removal stops the service, and keeps options and data", async () => {
      await container.check("apt-get remove --yes livestream");
      assert.equal((await container.curl(`${ORIGIN}/healthz`)).code, 7);
      await container.check("grep -q 'Bird box' /etc/livestream.env");
      await container.check("test -s /var/lib/livestream/livestream.db");
      await install("current");
      await pictureArrives(container, ...auth);
      assert.deepEqual(await chat(), ["Kept"]);
    });

    await t.step("a purge of a service in use leaves nothing", purge);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("package has a manual page with every option and variable", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await run("dpkg-deb", "--extract", PACKAGE, folder);
    const page = await run("zcat", `${folder}/usr/share/man/man1/livestream.1.gz`);
    const text = page.replaceAll("\\-", "-").replaceAll(/\s+/g, " ");
    for (const name of OPTION_NAMES) {
      assert.ok(text.includes(`${flagOf(name, OPTIONS[name])}\\fR`), name);
      assert.ok(text.includes(`${environmentNameOf(name)})`), name);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("package satisfies lintian", async () => {
  const unavoidable = [
    // Deno's runtime contains it.
    "embedded-library",
    // It may hold a password.
    "non-standard-file-perm",
    // There is no address unless REPOSITORY is set.
    ...["bogus-mail-host", "bogus-mail-host-in-debian-changelog"],
  ];
  await run(
    ...["lintian", "--allow-root", "--fail-on=error,warning"] as const,
    `--suppress-tags=${unavoidable.join(",")}`,
    PACKAGE,
  );
});
