import assert from "node:assert/strict";
import { flagOf } from "../../../src/terminal/option_definition.ts";
import { OPTION_NAMES, OPTIONS } from "../../../src/terminal/option_table.ts";
import { parseOptions } from "../../../src/terminal/options.ts";
import { temporaryFolder } from "../../store/temporary_folder.ts";
import { movingClip } from "../../support/clips.ts";
import { FakeCamera } from "../../support/fake_camera.ts";
import { type Program, startProgram } from "../../support/program.ts";
import { documentedCommands } from "../../docs/documented_commands.ts";
import { DOCUMENTS, ROOT } from "../../docs/documents.ts";

const TOKEN = "the-streamers-own-token";
const PASSWORD = "password";

/** Environment in which commands run. */
interface Setting {
  readonly program: Program;
  /** The same program with a password. */
  readonly locked: Program;
  /** Working folder. */
  readonly folder: string;
}

/** Result of a command. */
interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  /** Seconds. */
  readonly took: number;
}

/** Runs a documented line in a shell, with the test server's address in place of its own. */
async function run(line: string, { program, folder }: Omit<Setting, "locked">): Promise<Ran> {
  const address = `127.0.0.1:${program.port}`;
  const begun = performance.now();
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", line.replaceAll(/(192\.168\.1\.20|localhost):8081/g, address)],
    cwd: folder,
    env: { TOKEN, SDL_VIDEODRIVER: "dummy" },
    stdin: "null",
    signal: AbortSignal.timeout(30_000),
  }).output();
  const decoder = new TextDecoder();
  const ran = { stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  assert.equal(code, 0, `${line}: ${ran.stderr}`);
  return { ...ran, took: (performance.now() - begun) / 1000 };
}

type Check = (line: string, setting: Setting) => Promise<void> | void;

/** ffplay prints the timestamp of the frame on screen: it must stay close to now until the end. */
const showsNow: Check = async (line, setting) => {
  const { stderr } = await run(`timeout -s INT 4 ${line} || true`, setting);
  const ended = Date.now() / 1000;
  const clocks = [...stderr.matchAll(/([\d.]+) M-V/g)].map(([, clock]) => Number(clock));
  assert.ok(clocks.length > 30, stderr.slice(-500));
  assert.ok(Math.abs(ended - clocks.at(-1)!) < 1, `${clocks.at(-1)} at ${ended}`);
};

const recordsRealTime: Check = async (line, setting) => {
  const { took } = await run(line.replace("-t 60", "-t 3"), setting);
  const { stdout } = await run(
    "ffprobe -v error -count_packets -show_entries format=duration:stream=nb_read_packets " +
      "-of csv=p=0 minute.mkv",
    setting,
  );
  const [frames, duration] = stdout.split("\n").map(Number);
  assert.ok(Math.abs(duration - 3) < 0.2, `${duration} s of film`);
  assert.ok(took > 2.8 && took < 4.5, `recorded in ${took} s`);
  assert.ok(frames > 80 && frames < 95, `${frames} frames`);
};

const savesPicture: Check = async (line, setting) => {
  await run(line, setting);
  const jpeg = await Deno.readFile(`${setting.folder}/now.jpg`);
  assert.deepEqual([...jpeg.subarray(0, 2), ...jpeg.subarray(-2)], [0xff, 0xd8, 0xff, 0xd9]);
};

const savesClip: Check = async (line, setting) => {
  await run(line, setting);
  const clip = await Deno.readFile(`${setting.folder}/clip.mp4`);
  assert.equal(new TextDecoder().decode(clip.subarray(4, 8)), "ftyp");
};

const saysSomething: Check = async (line, setting) => {
  await run(line, setting);
  const { chat } = await (await fetch(`${setting.program.origin}/chat`)).json();
  assert.deepEqual([chat.at(-1).name, chat.at(-1).text], ["Front desk", "Back in five"]);
};

const goesOffAir: Check = async (line, setting) => {
  const { stdout } = await run(line, setting);
  assert.deepEqual(JSON.parse(stdout), { ok: true, onAir: false });
};

const polls: Check = async (line, setting) => {
  const { isOpen, messages } = JSON.parse((await run(line, setting)).stdout);
  assert.deepEqual([isOpen, messages[0].type], [true, "hello"]);
};

const getsEvents: Check = async (line, setting) => {
  const { stdout } = await run(`${line} -fs --max-time 2 || [ $? = 28 ]`, setting);
  assert.match(stdout, /^retry: \d+\n/);
};

const getsIn: Check = async (line, { locked: program, folder }) => {
  const { stdout } = await run(`${line} | head -c 2 | od -An -tx1`, { program, folder });
  assert.equal(stdout.trim(), "ff d8");
};

const isTarget: Check = async (line) => {
  const { success, stderr } = await new Deno.Command("bash", {
    args: ["-c", line.replace("<seed>", "1").replace(/\bmake\b/, "make --dry-run")],
    cwd: ROOT,
    stdin: "null",
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
};

const runsTest: Check = async (line) => {
  const [program, ...args] = line.split(" ");
  const { success, stderr } = await new Deno.Command(program, { args, cwd: ROOT }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
};

const isCommandLine: Check = (line) => {
  const variables = [...line.matchAll(/\b([A-Z_]+)=(\S+) /g)].map(([, name, text]) => [name, text]);
  parseOptions(argumentsOf(line), Object.fromEntries(variables));
};

/** Returns the arguments after the program's name, and none of what a shell reads. */
function argumentsOf(line: string): string[] {
  const command = line.replaceAll(/\bnohup |\b[A-Z_]+=\S+ | &$/g, "");
  const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)];
  return words.slice(1).map(([, quoted, word]) => quoted ?? word);
}

/** Mainsail's nginx names its own upstream as the host. */
const answersMainsail: Check = async (line, { folder }) => {
  await using program = await startProgram([...argumentsOf(line), "--port=0", "--source=test"]);
  const request = `curl -fs -H "Host: mjpgstreamer2" "http://localhost:8081/?action=snapshot"`;
  const { stdout } = await run(`${request} | head -c 2 | od -An -tx1`, { program, folder });
  assert.equal(stdout.trim(), "ff d8");
};

const listsModes: Check = async (line, setting) => {
  await using camera = await FakeCamera.create({ clip: await movingClip(), device: "/dev/video0" });
  // ffmpeg only lists the modes, and reports that as a failure.
  const { stderr } = await run(`PATH=${camera.searchPath}; ${line} || true`, setting);
  assert.match(stderr, /mjpeg/);
};

const runs: Check = async (line, setting) => void await run(line, setting);

/** Why a line cannot run here, or which test runs it. */
const NOT_HERE = {
  changesSystem: "it changes the machine",
  inContainer: "tests/package does it in a container",
  noSystemd: "systemd does not run here; tests/service checks the unit",
  noScreen: "VLC needs a screen",
  noSound: "this program has no sound; tests/integration/http/routes/sound_test.ts plays it",
  noVideo:
    "tests/integration/http/routes/video_test.ts plays it, as sound and H.264 need more than this program has",
  noHls: "this program serves no HLS; tests/integration/consumers/hls/players_test.ts plays it",
  noDocker: "Docker does not run here; tests/release checks the Dockerfile and each compose.yml",
  noMac: "it needs macOS",
  noRelease: "it needs a release, or would publish one",
  noPi: "it needs a Raspberry Pi; tests/integration has a stand-in",
  noWindows: "it needs Windows",
} as const;

/** Every command in the documentation: its check, or the reason it has none. */
const COMMANDS: Readonly<Record<string, Check | keyof typeof NOT_HERE>> = {
  "make run": isTarget,
  "make test": isTarget,
  'make run ARGS="--source test --port 9000"': isTarget,
  "make help": isTarget,
  "make compile": isTarget,
  "make compile-all": isTarget,
  "make test-executable": isTarget,
  "make licenses": isTarget,
  'make run ARGS="--source test"': isTarget,
  "FUZZ_SEED=<seed> make test": isTarget,
  "make test-unit": isTarget,
  "make test-unit FILE=tests/media/multipart_test.ts": runsTest,
  "make test FILE=tests/e2e/chat_test.ts": isTarget,
  "make test FILE=tests/static/texts_test.ts": isTarget,
  "make coverage": isTarget,
  "make deb": isTarget,
  "make bench": isTarget,
  "make kernel": isTarget,
  "make check": isTarget,
  "make soak": isTarget,
  "make soak MINUTES=10": isTarget,
  './livestream 9000 --title "Bird box"': isCommandLine,
  "livestream": isCommandLine,
  "livestream --help": isCommandLine,
  "./livestream --version": isCommandLine,
  "./livestream --licenses": isCommandLine,
  'LIVESTREAM_PASSWORD=kestrel-nest livestream --title "Bird box"': isCommandLine,
  "livestream --allow-origin http://octopi.local": isCommandLine,
  "livestream --host 127.0.0.1 --port 8081 --allow-host mjpgstreamer2 --trusted-proxy 127.0.0.1":
    answersMainsail,
  "./livestream --control auto_exposure=1,exposure_time_absolute=250 --control power_line_frequency=1":
    isCommandLine,
  "livestream 9000": isCommandLine,
  "livestream --version": isCommandLine,
  "livestream --record recordings": isCommandLine,
  "livestream --record recordings --record-when motion": isCommandLine,
  "livestream --record recordings --keep 20gb,7d": isCommandLine,
  "livestream --publish rtmp://a.rtmp.youtube.com/live2/your-stream-key": isCommandLine,
  "livestream --publish https://user:password@media.example.com/live/": isCommandLine,
  "livestream --publish /var/www/live": isCommandLine,
  "livestream --hls": isCommandLine,
  "livestream --source http://192.168.1.20:8081/ --sound auto": isCommandLine,
  "LIVESTREAM_WEBHOOK_SECRET=correct-horse-battery livestream --webhook https://example.com/hooks/camera":
    isCommandLine,
  "LIVESTREAM_MQTT=mqtt://user:password@homeassistant.local:1883 livestream": isCommandLine,
  "DENO_TLS_CA_STORE=system livestream --mqtt mqtts://homeassistant.local": isCommandLine,
  "livestream --list-devices": isCommandLine,
  "livestream --source test --port 9000": isCommandLine,
  "LIVESTREAM_SOURCE=test LIVESTREAM_PORT=9000 livestream": isCommandLine,
  "livestream --source tcp://127.0.0.1:8888": isCommandLine,
  "livestream --host 127.0.0.1 --trusted-proxy 127.0.0.1 --allow-host stream.example.com":
    isCommandLine,
  "sudo install livestream /usr/local/bin/": "changesSystem",
  "echo tcp_bbr | sudo tee /etc/modules-load.d/bbr.conf": "changesSystem",
  "echo 'net.ipv4.tcp_allowed_congestion_control = reno cubic bbr' | sudo tee /etc/sysctl.d/bbr.conf":
    "changesSystem",
  "sudo modprobe tcp_bbr": "changesSystem",
  "sudo sysctl -p /etc/sysctl.d/bbr.conf": "changesSystem",
  "sudo install -m 644 contrib/livestream.sysusers /etc/sysusers.d/livestream.conf":
    "changesSystem",
  "sudo systemd-sysusers": "changesSystem",
  "sudo install -m 640 -g livestream contrib/livestream.env /etc/livestream.env": "changesSystem",
  "sed 's|/usr/bin/|/usr/local/bin/|' contrib/livestream.service | sudo tee /etc/systemd/system/livestream.service":
    "changesSystem",
  "sudo nano /etc/livestream.env": "changesSystem",
  "sudo systemctl restart livestream": "inContainer",
  "sudo systemctl edit livestream": "changesSystem",
  "make deb ARCH=arm64": isTarget,
  "make dist/x86_64-unknown-linux-gnu": isTarget,
  "make dist/aarch64-unknown-linux-gnu": isTarget,
  "docker compose up --detach": "noDocker",
  "docker compose --file deploy/edge/compose.yml up --detach": "noDocker",
  "ORIGIN=192.168.1.20:8081 docker compose --file deploy/edge/compose.yml up --detach --no-deps --scale edge=1 edge":
    "noDocker",
  "docker run --device /dev/snd --group-add audio -e LIVESTREAM_SOUND=auto -p 8081:8081 livestream":
    "noDocker",
  "curl -fsSL https://github.com/OWNER/livestream/releases/latest/download/install.sh | sh":
    "noRelease",
  "sha256sum --check --ignore-missing SHA256SUMS": "noRelease",
  "git tag v0.1.0 && git push origin v0.1.0": "noRelease",
  "make test-package": isTarget,
  "sudo apt install --no-install-recommends ./dist/livestream_0.1.0_amd64.deb": "inContainer",
  "sudo apt remove livestream": "inContainer",
  "sudo apt purge livestream": "inContainer",
  "sudo systemctl daemon-reload && sudo systemctl enable --now livestream": "changesSystem",
  "journalctl -u livestream": "noSystemd",
  "systemd-analyze security livestream": "noSystemd",
  "sudo apt install ffmpeg": "changesSystem",
  "sudo usermod -aG video $USER": "changesSystem",
  "sudo usermod -aG audio $USER": "changesSystem",
  "sudo ufw allow 8081/tcp": "changesSystem",
  "sudo ufw allow 5353/udp": "changesSystem",
  'schtasks /create /tn Livestream /sc onlogon /tr "C:\\livestream\\livestream.exe --source \\"HD Webcam\\""':
    "noWindows",
  'vlc "http://192.168.1.20:8081/stream?delay=30"': "noScreen",
  'vlc "http://192.168.1.20:8081/stream?quality=low"': "noScreen",
  "vlc http://192.168.1.20:8081/stream": "noScreen",
  "vlc http://192.168.1.20:8081/stream.ts": "noScreen",
  "ffplay http://192.168.1.20:8081/hls/live.m3u8": "noHls",
  "vlc http://192.168.1.20:8081/hls/live.m3u8": "noScreen",
  "ffplay http://192.168.1.20:8081/stream.mp4": "noVideo",
  "ffplay -fflags nobuffer http://192.168.1.20:8081/stream.mp4": "noVideo",
  "ffmpeg -i http://192.168.1.20:8081/stream.mp4 -t 60 -c copy minute-h264.mkv": "noVideo",
  "ffplay -nodisp http://192.168.1.20:8081/sound.ogg": "noSound",
  "vlc http://192.168.1.20:8081/sound.mp3": "noScreen",
  "brew install ffmpeg": "noMac",
  "launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/livestream.plist": "noMac",
  "winget install --manifest FOLDER": "noWindows",
  "winget settings --enable LocalManifestFiles": "noWindows",
  "winget install ffmpeg": "noWindows",
  "while sleep 1; do rpicam-vid -t 0 --codec mjpeg --width 1280 --height 720 --listen -o tcp://127.0.0.1:8888; done":
    "noPi",
  "ffplay -use_wallclock_as_timestamps 1 http://192.168.1.20:8081/stream": showsNow,
  "ffplay -fflags nobuffer -use_wallclock_as_timestamps 1 http://192.168.1.20:8081/stream":
    showsNow,
  "ffmpeg -use_wallclock_as_timestamps 1 -i http://192.168.1.20:8081/stream -t 60 -c copy minute.mkv":
    recordsRealTime,
  "ffmpeg -h protocol=http": runs,
  "ffmpeg -f v4l2 -list_formats all -i /dev/video0": listsModes,
  "curl -o now.jpg http://192.168.1.20:8081/snapshot": savesPicture,
  'curl -d "text=Back in five&name=Front desk" http://192.168.1.20:8081/chat': saysSomething,
  'curl -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" -d \'{"onAir":false}\' http://localhost:8081/admin/on-air':
    goesOffAir,
  'curl -H "Content-Type: application/json" http://localhost:8081/live -d \'{"key":"5f1c…","messages":[{"type":"older","before":100}]}\'':
    polls,
  "curl -H 'Content-Type: application/json' -d '{\"seconds\": 10}' http://192.168.1.20:8081/clips":
    runs,
  "curl -L -o clip.mp4 -d seconds=10 http://192.168.1.20:8081/clips": savesClip,
  "curl -N http://192.168.1.20:8081/events": getsEvents,
  "curl -u :password http://192.168.1.20:8081/snapshot": getsIn,
  "ulimit -n 65536": "changesSystem",
  'export PATH="/opt/ffmpeg:$PATH"': runs,
  "nohup ./livestream &": isCommandLine,
};

Deno.test("documentation has no command without a check or a reason to skip it", () => {
  assert.deepEqual(documentedCommands().toSorted(), Object.keys(COMMANDS).toSorted());
});

Deno.test("documentation names only existing options", () => {
  const flags = new Set(OPTION_NAMES.map((name) => flagOf(name, OPTIONS[name])));
  const known = new Set([...flags, "--help", "--version"]);
  const text = [...DOCUMENTS.values()].join("\n").replaceAll(/^ *```.*?^ *```/gms, "");
  const named = [...text.matchAll(/`(--[a-z0-9-]+)[^`]*`/g)];
  assert.ok(named.length > 40, `${named.length}`);
  for (const [code, flag] of named) assert.ok(known.has(flag), code);
});

Deno.test("commands in the documentation do what they promise", async (t) => {
  using folder = temporaryFolder();
  const source = ["--source=test", "--resolution=640x480", `--admin-token=${TOKEN}`];
  await using program = await startProgram(source);
  await using locked = await startProgram([...source, `--password=${PASSWORD}`]);
  for (const [line, check] of Object.entries(COMMANDS)) {
    if (typeof check === "string") continue;
    await t.step(line, () => check(line, { program, locked, folder: folder.path }));
  }
});
