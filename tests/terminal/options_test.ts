import assert from "node:assert/strict";
import fc from "fast-check";
import config from "../../deno.json" with { type: "json" };
import { UserError } from "../../src/errors.ts";
import {
  defaultTextOf,
  environmentNameOf,
  flagOf,
  type OptionDefinition,
} from "../../src/terminal/option_definition.ts";
import { OPTIONS } from "../../src/terminal/option_table.ts";
import { type Options, parseOptions } from "../../src/terminal/options.ts";

type Environment = Readonly<Record<string, string>>;

function run(args: readonly string[], env: Environment = {}): Options {
  const parsed = parseOptions(args, env);
  assert(parsed.action === "run");
  return parsed.options;
}

function print(args: readonly string[]): string {
  const parsed = parseOptions(args, {});
  assert(parsed.action === "print");
  return parsed.text;
}

/** The message of the refusal; fails where the command line is taken or refused in another way. */
function refusal(args: readonly string[], env: Environment = {}): string {
  try {
    parseOptions(args, env);
  } catch (error) {
    assert(error instanceof UserError, String(error));
    assert.equal(error.exitCode, 2);
    assert.doesNotMatch(error.message, /\n|\.$|^error/);
    return error.message;
  }
  assert.fail(`took ${args.join(" ")}`);
}

const RATE_MESSAGE =
  "--uplink must be a rate from 100kbit to 100gbit, such as 100mbit, 20M or 5000kbit";

const PUBLISH_MESSAGE =
  "--publish must be an address that begins with rtmp://, rtmps://, rtsp:// or srt://, or with https:// and ends " +
  "with /whip; for HLS, an address that begins with https:// and ends with / (no IPv6), or a folder such as " +
  "/var/www/live or ./live, without blanks";

const CONTROL_MESSAGE = "--control must be name=value with a whole number, such as brightness=128";

Deno.test("options without arguments are the documented defaults", () => {
  assert.deepEqual(run([]), {
    port: 8081,
    host: "0.0.0.0",
    source: "auto",
    width: 1280,
    height: 720,
    fps: 30,
    isFpsGiven: false,
    control: [],
    rotate: 0,
    flip: false,
    sound: "off",
    soundBitrate: 48_000,
    soundDelay: 0,
    soundOnDemand: false,
    uplink: null,
    congestion: "auto",
    h264: "auto",
    record: null,
    recordWhen: "always",
    recordCodec: "h264",
    keep: null,
    hls: false,
    publish: [],
    maxViewers: 500,
    maxPerAddress: 50,
    codec: "dct",
    workers: Math.max(1, navigator.hardwareConcurrency - 1),
    title: "Livestream",
    offAir: false,
    rewind: 60_000,
    rewindSize: null,
    rewindFile: null,
    timelapse: 0,
    data: null,
    donateUrl: null,
    currency: null,
    webhook: null,
    webhookSecret: null,
    mqtt: null,
    adminToken: null,
    password: null,
    cert: null,
    key: null,
    tls: null,
    allowHost: [],
    allowOrigin: [],
    trustedProxy: [],
    basePath: "/",
    mdns: true,
    ffmpeg: "ffmpeg",
    open: false,
    studioQr: false,
    listDevices: false,
    logLevel: "info",
    logFormat: "text",
    licenses: false,
  });
});

Deno.test("options distinguish a given frame rate from the default, whatever its value", () => {
  assert.equal(run(["--fps", "30"]).isFpsGiven, true);
  assert.equal(run([], { LIVESTREAM_FPS: "30" }).isFpsGiven, true);
  assert.equal(run([], { LIVESTREAM_FPS: "" }).isFpsGiven, false);
});

Deno.test("options are all taken from long flags", () => {
  const args = "--port 0 --host 127.0.0.1 --source test --resolution 640x480 --fps 15" +
    " --rotate 270 --flip --sound hw:1 --sound-bitrate 96k --sound-delay=-120 --sound-on-demand --uplink 5000kbit --congestion system --h264 off --record /srv/cam --record-when motion --record-codec copy --keep 20gb,7d --hls --publish rtmp://a.example/live/k,1 --publish srt://b.example:9000?streamid=publish:cam --max-viewers 3 --max-per-address 2 --codec imagescript --workers 4 --title Party" +
    " --off-air --rewind 10m --rewind-size 2gb --rewind-file /srv/past --timelapse 10s --data /srv/party.db --donate-url https://pay.example/me --currency eur --webhook https://a.example/hook?k=1 --webhook-secret hook-secret --mqtt mqtts://me:p%40ss@broker.example/cam --admin-token long-enough-1" +
    " --allow-origin https://a.example,http://b.example:8080 --allow-origin https://c.example" +
    " --password open-sesame --cert /srv/cert.pem --key /srv/key.pem" +
    " --control brightness=128,Pan_Absolute=-3600 --control leds=0x80000001" +
    " --allow-host Cam.example,cam2 --trusted-proxy 127.0.0.1,fd00::/8" +
    " --base-path /cam --no-mdns --ffmpeg /opt/ffmpeg --open --studio-qr --list-devices --log-level debug --log-format json --licenses";
  assert.deepEqual(run(args.split(" ")), {
    port: 0,
    host: "127.0.0.1",
    source: "test",
    width: 640,
    height: 480,
    fps: 15,
    isFpsGiven: true,
    control: [
      { name: "brightness", value: 128 },
      { name: "pan_absolute", value: -3600 },
      { name: "leds", value: 0x80000001 },
    ],
    rotate: 270,
    flip: true,
    sound: "hw:1",
    soundBitrate: 96_000,
    soundDelay: -120,
    soundOnDemand: true,
    uplink: 5_000_000,
    congestion: "system",
    h264: "off",
    record: "/srv/cam",
    recordWhen: "motion",
    recordCodec: "copy",
    keep: { bytes: 20e9, age: 7 * 864e5 },
    hls: true,
    publish: ["rtmp://a.example/live/k,1", "srt://b.example:9000?streamid=publish:cam"],
    maxViewers: 3,
    maxPerAddress: 2,
    codec: "imagescript",
    workers: 4,
    title: "Party",
    offAir: true,
    rewind: 600_000,
    rewindSize: 2e9,
    rewindFile: "/srv/past",
    timelapse: 10_000,
    data: "/srv/party.db",
    donateUrl: "https://pay.example/me",
    currency: "EUR",
    webhook: new URL("https://a.example/hook?k=1"),
    webhookSecret: "hook-secret",
    mqtt: {
      ...{ host: "broker.example", port: 8883, isSecure: true },
      ...{ user: "me", password: "p@ss", prefix: "cam" },
    },
    adminToken: "long-enough-1",
    password: "open-sesame",
    cert: "/srv/cert.pem",
    key: "/srv/key.pem",
    tls: null,
    allowHost: ["cam.example", "cam2"],
    allowOrigin: ["https://a.example", "http://b.example:8080", "https://c.example"],
    trustedProxy: ["127.0.0.1", "fd00::/8"],
    basePath: "/cam/",
    mdns: false,
    ffmpeg: "/opt/ffmpeg",
    open: true,
    studioQr: true,
    listDevices: true,
    logLevel: "debug",
    logFormat: "json",
    licenses: true,
  });
});

Deno.test("options are all taken from the environment", () => {
  const options = run([], {
    LIVESTREAM_PORT: "9000",
    LIVESTREAM_HOST: "::1",
    LIVESTREAM_SOURCE: "/dev/video2",
    LIVESTREAM_RESOLUTION: "1920x1080",
    LIVESTREAM_FPS: "60",
    LIVESTREAM_CONTROL: "gain=0, auto_exposure = 1",
    LIVESTREAM_ROTATE: "90",
    LIVESTREAM_FLIP: "yes",
    LIVESTREAM_SOUND: "auto",
    LIVESTREAM_SOUND_BITRATE: "6kbit",
    LIVESTREAM_SOUND_DELAY: "-1000",
    LIVESTREAM_SOUND_ON_DEMAND: "yes",
    LIVESTREAM_UPLINK: "100mbit",
    LIVESTREAM_CONGESTION: "system",
    LIVESTREAM_H264: "h264_vaapi",
    LIVESTREAM_RECORD: "recordings",
    LIVESTREAM_RECORD_WHEN: "off",
    LIVESTREAM_RECORD_CODEC: "h264",
    LIVESTREAM_KEEP: "30d",
    LIVESTREAM_HLS: "yes",
    LIVESTREAM_PUBLISH: "rtsp://a.example/cam  https://b.example/cam/whip",
    LIVESTREAM_MAX_VIEWERS: "1000",
    LIVESTREAM_MAX_PER_ADDRESS: "100",
    LIVESTREAM_CODEC: "imagescript",
    LIVESTREAM_WORKERS: "2",
    LIVESTREAM_TITLE: "Bird box",
    LIVESTREAM_OFF_AIR: "yes",
    LIVESTREAM_REWIND: "off",
    LIVESTREAM_REWIND_SIZE: "50MB",
    LIVESTREAM_REWIND_FILE: "past",
    LIVESTREAM_TIMELAPSE: "1.5m",
    LIVESTREAM_DATA: ":memory:",
    LIVESTREAM_DONATE_URL: "http://pay.example",
    LIVESTREAM_CURRENCY: "JPY",
    LIVESTREAM_ADMIN_TOKEN: "long-enough-1",
    LIVESTREAM_WEBHOOK: "http://10.0.0.7/x",
    LIVESTREAM_WEBHOOK_SECRET: "two words too",
    LIVESTREAM_MQTT: "mqtt://10.0.0.7",
    LIVESTREAM_PASSWORD: "two words",
    LIVESTREAM_TLS: "self-signed",
    LIVESTREAM_ALLOW_HOST: "cam.example",
    LIVESTREAM_ALLOW_ORIGIN: "https://a.example, https://b.example",
    LIVESTREAM_TRUSTED_PROXY: "::1, 10.0.0.0/8",
    LIVESTREAM_BASE_PATH: "/a/b/",
    LIVESTREAM_MDNS: "no",
    LIVESTREAM_FFMPEG: "ffmpeg7",
    LIVESTREAM_OPEN: "yes",
    LIVESTREAM_STUDIO_QR: "yes",
    LIVESTREAM_LIST_DEVICES: "yes",
    LIVESTREAM_LOG_LEVEL: "warn",
    LIVESTREAM_LOG_FORMAT: "json",
    LIVESTREAM_LICENSES: "yes",
  });
  assert.deepEqual(options, {
    port: 9000,
    host: "::1",
    source: "/dev/video2",
    width: 1920,
    height: 1080,
    fps: 60,
    isFpsGiven: true,
    control: [{ name: "gain", value: 0 }, { name: "auto_exposure", value: 1 }],
    rotate: 90,
    flip: true,
    sound: "auto",
    soundBitrate: 6_000,
    soundDelay: -1000,
    soundOnDemand: true,
    uplink: 100_000_000,
    congestion: "system",
    h264: "h264_vaapi",
    record: "recordings",
    recordWhen: "off",
    recordCodec: "h264",
    keep: { bytes: null, age: 30 * 864e5 },
    hls: true,
    publish: ["rtsp://a.example/cam", "https://b.example/cam/whip"],
    maxViewers: 1000,
    maxPerAddress: 100,
    codec: "imagescript",
    workers: 2,
    title: "Bird box",
    offAir: true,
    rewind: 0,
    rewindSize: 50e6,
    rewindFile: "past",
    timelapse: 90_000,
    data: ":memory:",
    donateUrl: "http://pay.example/",
    currency: "JPY",
    webhook: new URL("http://10.0.0.7/x"),
    webhookSecret: "two words too",
    mqtt: {
      ...{ host: "10.0.0.7", port: 1883, isSecure: false },
      ...{ user: null, password: null, prefix: null },
    },
    adminToken: "long-enough-1",
    password: "two words",
    cert: null,
    key: null,
    tls: "self-signed",
    allowHost: ["cam.example"],
    allowOrigin: ["https://a.example", "https://b.example"],
    trustedProxy: ["::1", "10.0.0.0/8"],
    basePath: "/a/b/",
    mdns: false,
    ffmpeg: "ffmpeg7",
    open: true,
    studioQr: true,
    listDevices: true,
    logLevel: "warn",
    logFormat: "json",
    licenses: true,
  });
});

Deno.test("options take short flags and joined values", () => {
  const { port, source, width, fps } = run(["-p9000", "-i", "test", "-r", "320x240", "--fps=5"]);
  assert.deepEqual([port, source, width, fps], [9000, "test", 320, 5]);
});

Deno.test("options take the port as the only positional argument", () => {
  assert.equal(run(["9000"]).port, 9000);
  assert.equal(run(["--source", "test", "9000", "--fps", "5"]).port, 9000);
  assert.equal(run(["9000"], { LIVESTREAM_PORT: "9001" }).port, 9000);
});

Deno.test("options prefer a flag to the environment, and do not read the variable it overrides", () => {
  assert.equal(run(["--fps", "5"], { LIVESTREAM_FPS: "10" }).fps, 5);
  assert.equal(run(["--fps", "5"], { LIVESTREAM_FPS: "many" }).fps, 5);
});

Deno.test("options prefer a flag even where it repeats the default", () => {
  assert.equal(run(["--fps", "30"], { LIVESTREAM_FPS: "10" }).fps, 30);
});

Deno.test("options ignore an empty variable", () => {
  assert.equal(run([], { LIVESTREAM_TITLE: "" }).title, "Livestream");
});

Deno.test("options do not see the environment of the process", () => {
  Deno.env.set("LIVESTREAM_TITLE", "Elsewhere");
  try {
    assert.equal(run([]).title, "Livestream");
  } finally {
    Deno.env.delete("LIVESTREAM_TITLE");
  }
});

Deno.test("options are the same when read again: nothing is kept between two command lines", () => {
  run(["--port", "9000", "--list-devices"]);
  assert.deepEqual([run([]).port, run([]).listDevices], [8081, false]);
});

for (
  const [text, bitsPerSecond] of Object.entries({
    "100mbit": 100e6,
    "20M": 20e6,
    "20m": 20e6,
    "5000kbit": 5e6,
    "2.5mbit": 2.5e6,
    "1gbit": 1e9,
    "1Gbit/s": 1e9,
    "50 mbps": 50e6,
    "8000000": 8e6,
  })
) {
  Deno.test(`options take an uplink of ${text}`, () => {
    assert.equal(run(["--uplink", text]).uplink, bitsPerSecond);
  });
}

Deno.test("options read any whole number of kilobits exactly", () => {
  fc.assert(fc.property(fc.integer({ min: 100, max: 100_000_000 }), (kilobits) => {
    assert.equal(run(["--uplink", `${kilobits}kbit`]).uplink, kilobits * 1000);
  }));
});

for (
  const [args, message] of [
    ["--port http", '--port must be a whole number from 0 to 65535: "http"'],
    ["--port 65536", '--port must be a whole number from 0 to 65535: "65536"'],
    ["--port -1", '--port must be a whole number from 0 to 65535: "-1"'],
    ["--port 80.5", '--port must be a whole number from 0 to 65535: "80.5"'],
    ["--port 1e3", '--port must be a whole number from 0 to 65535: "1e3"'],
    ["/dev/video0", 'The port must be a whole number from 0 to 65535: "/dev/video0"'],
    ["8081 8082", 'Unexpected arguments: "8081" "8082". Only a port may be given without a flag'],
    ["8081 --port 8082", 'Give the port only once: 8082, "8081"'],
    ["--fps 0", '--fps must be a whole number from 1 to 240: "0"'],
    ["--rotate 45", '--rotate must be 0, 90, 180 or 270: "45"'],
    ["--rotate -90", '--rotate must be 0, 90, 180 or 270: "-90"'],
    ["--rotate 90.0", '--rotate must be 0, 90, 180 or 270: "90.0"'],
    ["--max-viewers 0", '--max-viewers must be a whole number from 1 to 100000: "0"'],
    ["--workers 65", '--workers must be a whole number from 1 to 64: "65"'],
    [
      "--host 0.0.0.0:80",
      "--host must be an address of this machine, such as 0.0.0.0 or 127.0.0.1, or localhost: " +
      '"0.0.0.0:80"',
    ],
    [
      "--host 1.2.3",
      '--host must be an address of this machine, such as 0.0.0.0 or 127.0.0.1, or localhost: "1.2.3"',
    ],
    [
      "--resolution 720p",
      '--resolution must be width x height from 16x16 to 7680x4320, such as 1280x720: "720p"',
    ],
    [
      "--resolution 7681x720",
      '--resolution must be width x height from 16x16 to 7680x4320, such as 1280x720: "7681x720"',
    ],
    [
      "--sound-bitrate 5k",
      '--sound-bitrate must be a rate from 6k to 256k, such as 48k or 96kbit: "5k"',
    ],
    [
      "--sound-bitrate 257k",
      '--sound-bitrate must be a rate from 6k to 256k, such as 48k or 96kbit: "257k"',
    ],
    ["--sound-delay -1001", '--sound-delay must be a whole number from -1000 to 1000: "-1001"'],
    ["--uplink 100", `${RATE_MESSAGE}: "100"`],
    ["--uplink 20MB", `${RATE_MESSAGE}: "20MB"`],
    ["--uplink 101gbit", `${RATE_MESSAGE}: "101gbit"`],
    ["--publish http://me:pw@a.example/live/KEY", `${PUBLISH_MESSAGE}: "http://a.example"`],
    ["--publish public", `${PUBLISH_MESSAGE}: "public"`],
    [
      "--keep 20",
      '--keep must be a size from 1mb, an age from 1m, or both, such as 20gb, 7d or 20gb,7d: "20"',
    ],
    [
      "--keep 7d,8d",
      '--keep must be a size from 1mb, an age from 1m, or both, such as 20gb, 7d or 20gb,7d: "7d,8d"',
    ],
    [
      "--keep 0gb",
      '--keep must be a size from 1mb, an age from 1m, or both, such as 20gb, 7d or 20gb,7d: "0gb"',
    ],
    ["--record-when sometimes", '--record-when must be always, motion or off: "sometimes"'],
    ["--codec h264", '--codec must be dct or imagescript: "h264"'],
    ["--log-level loud", '--log-level must be debug, info, warn or error: "loud"'],
    ["--log-format xml", '--log-format must be text or json: "xml"'],
    ["--title \t", '--title must be 1 to 100 characters on one line: "\\t"'],
    ["--source ", '--source must be auto, test, a camera, a file or a URL: ""'],
    ...["0s", "2h", "60", "1x", "-5s"].map((time): [string, string] => [
      `--rewind=${time}`,
      `--rewind must be off, or a time from 1s to 1h, such as 90s or 10m: "${time}"`,
    ]),
    ["--timelapse 25h", '--timelapse must be off, or a time from 1s to 24h, such as 10s: "25h"'],
    ...["300", "0.5mb", "2tb", "many"].map((size): [string, string] => [
      `--rewind-size ${size}`,
      `--rewind-size must be a size from 1mb to 1tb, such as 300mb or 2gb: "${size}"`,
    ]),
    ["--rewind-file ", '--rewind-file must be a file: ""'],
    ["--data ", '--data must be a file, or :memory: to keep nothing: ""'],
    [
      "--currency euros",
      '--currency must be a currency code such as EUR: "euros"',
    ],
    [
      "--donate-url javascript:alert(1)",
      '--donate-url must be an address that begins with https:// or http://: "javascript:alert(1)"',
    ],
    ["--admin-token short", "--admin-token must be 12 to 200 letters, digits, - or _"],
    [
      "--allow-origin *",
      '--allow-origin must be sites such as https://example.com, without a path: "*"',
    ],
    [
      "--allow-origin https://a.example/live",
      "--allow-origin must be sites such as https://example.com, without a path: " +
      '"https://a.example/live"',
    ],
    [
      "--allow-origin https://a;b",
      '--allow-origin must be sites such as https://example.com, without a path: "https://a;b"',
    ],
    ...["ftp://me:secret@a.example", "https://[::1]/", "https://me:50%off@a.example/"].map((url) =>
      [
        `--webhook ${url}`,
        "--webhook must be an address that begins with https:// or http://, of a name or an IPv4 address",
      ] as const
    ),
    [
      "--mqtt http://me:secret@a.example",
      "--mqtt must be an address such as mqtt://user:password@host:1883/prefix, or mqtts://…",
    ],
    ["--webhook-secret long-enough-1", "--webhook-secret can only be used with --webhook"],
    ["--password short", "--password must be 8 to 200 characters on one line"],
    [
      "--allow-host cam.example:80",
      "--allow-host must be names without a port, such as stream.example.com: " +
      '"cam.example:80"',
    ],
    ...["cam", "//cam", "/cam//", "/a/../b", "/./cam", "/..", "/cam?x", "/cam;x", "/\u00e4", "/%41"]
      .map(
        (path): [string, string] => [
          `--base-path ${path}`,
          `--base-path must be a path of letters, digits, -, ., _ and ~, such as /cam: "${path}"`,
        ],
      ),
    [
      "--trusted-proxy 10.0.0.0/33",
      '--trusted-proxy must be IP addresses such as 127.0.0.1 or 10.0.0.0/8: "10.0.0.0/33"',
    ],
    [
      "--trusted-proxy proxy",
      '--trusted-proxy must be IP addresses such as 127.0.0.1 or 10.0.0.0/8: "proxy"',
    ],
    ["--control brightness", `${CONTROL_MESSAGE}: "brightness"`],
    ["--control =1", `${CONTROL_MESSAGE}: "…"`],
    ["--control gain=", `${CONTROL_MESSAGE}: "…"`],
    ["--control gain=1.5", `${CONTROL_MESSAGE}: "…"`],
    ["--control gain=high", `${CONTROL_MESSAGE}: "…"`],
    ["--control gain=1,", `${CONTROL_MESSAGE}: "…"`],
    ["--control white-balance=1", `${CONTROL_MESSAGE}: "…"`],
    ["--tls yes", '--tls must be self-signed: "yes"'],
    ["--cert a.pem", "--cert and --key must be used together"],
    [
      "--cert a.pem --key b.pem --tls self-signed",
      "--tls cannot be used with --cert and --key",
    ],
    ["--prot 80", 'Unknown option "--prot": did you mean --port?'],
    ["--colour", 'Unknown option "--colour": see livestream --help'],
    ["-x", 'Unknown option "-x": see livestream --help'],
    ["-Irtsp://admin:pass@cam/key", 'Unknown option "-I": see livestream --help'],
    ["--sourcertsp://admin:pass@cam", 'Unknown option "--sourcertsp": see livestream --help'],
    ["--fps", "Give --fps a value: see livestream --help"],
    ["--source --fps 5", 'Give --source a value before "--fps"'],
  ] as const
) {
  Deno.test(`options refuse ${JSON.stringify(args)} with what to write instead`, () => {
    assert.equal(refusal(args.split(" ")), message);
  });
}

Deno.test("options refuse a bad variable by its name", () => {
  const message = 'LIVESTREAM_FPS must be a whole number from 1 to 240: "many"';
  assert.equal(refusal([], { LIVESTREAM_FPS: "many" }), message);
  assert.equal(
    refusal([], { LIVESTREAM_LIST_DEVICES: "maybe" }),
    'LIVESTREAM_LIST_DEVICES must be yes or no: "maybe"',
  );
});

Deno.test("options resolve or refuse any command line in one sentence", () => {
  const flags = Object.entries(OPTIONS).map(([name, option]) => flagOf(name, option));
  const word = fc.oneof(fc.constantFrom(...flags, "-p", "--", "8081", "--a\nb"), fc.string());
  fc.assert(fc.property(fc.array(word, { maxLength: 5 }), (words) => {
    try {
      parseOptions(words, {});
    } catch (error) {
      assert(error instanceof UserError, `${words}: ${error}`);
      assert.equal(error.exitCode, 2);
      assert.doesNotMatch(error.message, /\n/);
    }
  }));
});

Deno.test("options print the version of deno.json", () => {
  const version = `${config.version} (Deno ${Deno.version.deno})\n`;
  assert.equal(print(["--version"]), version);
  assert.equal(print(["-V"]), version);
});

Deno.test("options print a help that names every flag, variable and default in 80 columns", () => {
  const help = print(["--help"]);
  const flowing = help.replace(/\s+/g, " ");
  for (const [name, setting] of Object.entries<OptionDefinition>(OPTIONS)) {
    const flag = flagOf(name, setting);
    assert(help.includes(`${flag} `) || help.includes(`${flag}\n`), flag);
    assert(flowing.includes(`${environmentNameOf(name)})`), environmentNameOf(name));
    const text = defaultTextOf(setting);
    if (text) assert(flowing.includes(`(default: ${text}; ${environmentNameOf(name)})`), name);
  }
  for (const line of help.split("\n")) assert(line.length <= 80, line);
  assert.match(help, /Examples:/);
  assert.equal(print(["-h"]), help);
});

Deno.test("options take every example of the help", () => {
  const examples = [...print(["--help"]).matchAll(/^ {2}livestream ?(.*?) {2,}\S/gm)];
  assert(examples.length >= 5);
  for (const [, args = ""] of examples) run(args.split(" ").filter(Boolean));
});

Deno.test("options take whatever controls are written as v4l2-ctl takes them", () => {
  const setting = fc.record({
    name: fc.stringMatching(/^[a-z0-9_]{1,31}$/),
    value: fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 }),
  }, { noNullPrototype: true });
  fc.assert(fc.property(fc.array(setting, { minLength: 1 }), (settings) => {
    const text = settings.map(({ name, value }) => `${name}=${value}`).join(",");
    assert.deepEqual(run([`--control=${text}`]).control, settings);
    assert.deepEqual(run([], { LIVESTREAM_CONTROL: text }).control, settings);
  }));
});
