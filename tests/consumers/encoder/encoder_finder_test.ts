import assert from "node:assert/strict";
import { EncoderFinder } from "../../../src/consumers/encoder/encoder_finder.ts";
import {
  type EncoderName,
  type H264Choice,
  listedEncoders,
  mayHaveHardware,
} from "../../../src/consumers/encoder/encoders.ts";
import { recordingLog } from "../../support/recording_log.ts";

/** A part of what `ffmpeg -encoders` writes. */
const BOTH = `Encoders:
 V..... = Video
 ------
 V....D libx264              libx264 H.264 / AVC / MPEG-4 AVC (codec h264)
 V....D libx264rgb           libx264 H.264 RGB (codec h264)
 V..... h264_v4l2m2m         V4L2 mem2mem H.264 encoder wrapper (codec h264)
 V....D h264_vaapi           H.264/AVC (VAAPI) (codec h264)
 A....D libopus              libopus Opus (codec opus)
`;
const NEITHER = " V....D mjpeg                MJPEG (Motion JPEG)\n";

interface Setting {
  readonly choice?: H264Choice;
  readonly list?: string;
  readonly hardware?: readonly EncoderName[];
  readonly delays?: Partial<Record<EncoderName, number>>;
}

function setUp({ choice = "auto", list = BOTH, hardware = [], delays = {} }: Setting = {}) {
  const log = recordingLog();
  const tried: EncoderName[] = [];
  let lists = 0;
  const closing = new AbortController();
  const finder = new EncoderFinder({
    choice,
    list: () => {
      lists++;
      return Promise.resolve(list);
    },
    mayWork: (name) => hardware.includes(name),
    measure: (names) => {
      tried.push(...names);
      return Promise.resolve(names.map((name) => delays[name] ?? null));
    },
    ...{ log, signal: closing.signal },
  });
  return {
    ...{ finder, log, tried },
    lists: () => lists,
    async find() {
      finder.find();
      await finder.found;
      return finder.encoder;
    },
  };
}

Deno.test("finder takes libx264 without a trial where there is no hardware", async () => {
  const { find, tried, finder, lists } = setUp();
  assert.equal(finder.encoder, null);
  assert.equal(await find(), "libx264");
  await find();
  assert.equal(lists(), 1);
  assert.deepEqual(tried, []);
});

Deno.test("finder takes hardware that is faster than libx264", async () => {
  const delays = { libx264: 9, h264_vaapi: 5 };
  const { find, tried } = setUp({ hardware: ["h264_vaapi"], delays });
  assert.equal(await find(), "h264_vaapi");
  assert.deepEqual(tried, ["libx264", "h264_vaapi"]);
});

for (
  const [what, delays] of [
    ["slower", { libx264: 9, h264_vaapi: 12 }],
    ["broken", { libx264: 9 }],
  ] as const
) {
  Deno.test(`finder keeps libx264 where hardware is ${what}`, async () => {
    assert.equal(await setUp({ hardware: ["h264_vaapi"], delays }).find(), "libx264");
  });
}

Deno.test("finder goes back to libx264 when hardware fails later", async () => {
  const delays = { libx264: 9, h264_vaapi: 5 };
  const { find, finder } = setUp({ hardware: ["h264_vaapi"], delays });
  await find();
  finder.failed("h264_vaapi");
  assert.equal(finder.encoder, "libx264");
  finder.failed("libx264");
  assert.equal(finder.encoder, "libx264");
});

Deno.test("finder says once that ffmpeg has no encoder, and what to do", async () => {
  const { find, log } = setUp({ list: NEITHER });
  assert.equal(await find(), null);
  await find();
  assert.equal(log.lines.length, 1);
  assert.match(log.lines[0], /^warn: H.264 disabled.*install an ffmpeg with libx264/);
});

for (const failing of ["mayWork", "measure"] as const) {
  Deno.test(`finder keeps libx264 where trying hardware fails: ${failing}`, async () => {
    const log = recordingLog();
    const fail = () => {
      throw new Error("libc.so.6 not found");
    };
    const finder = new EncoderFinder({
      ...{ choice: "auto", list: () => Promise.resolve(BOTH), log },
      signal: new AbortController().signal,
      ...{ mayWork: () => true, measure: () => Promise.resolve([]), [failing]: fail },
    });
    finder.find();
    await finder.found;
    assert.equal(finder.encoder, "libx264");
    assert.equal(finder.mayFind, true);
    assert.match(log.lines[0], /^warn: .*could not be tried/);
  });
}

Deno.test("finder that is ended says nothing of a list that was cut short", async () => {
  const closing = new AbortController();
  const log = recordingLog();
  const finder = new EncoderFinder({
    ...{ choice: "auto", log, signal: closing.signal },
    list() {
      closing.abort();
      return Promise.resolve("");
    },
    ...{ mayWork: () => true, measure: () => Promise.resolve([]) },
  });
  finder.find();
  await finder.found;
  assert.deepEqual(log.lines, []);
});

Deno.test("finder that is off asks nothing", async () => {
  const { find, lists } = setUp({ choice: "off" });
  assert.equal(await find(), null);
  assert.equal(lists(), 0);
});

Deno.test("finder takes the encoder that was chosen, whatever happens to it", async () => {
  const { find, finder, tried } = setUp({ choice: "h264_v4l2m2m", hardware: ["h264_v4l2m2m"] });
  assert.equal(await find(), "h264_v4l2m2m");
  finder.failed("h264_v4l2m2m");
  assert.equal(finder.encoder, "h264_v4l2m2m");
  assert.deepEqual(tried, []);
});

Deno.test("listedEncoders finds whole names only", () => {
  assert.deepEqual(listedEncoders(BOTH), ["libx264", "h264_v4l2m2m", "h264_vaapi"]);
  assert.deepEqual(listedEncoders(BOTH.replace(/^.*libx264 .*$/m, "")), [
    "h264_v4l2m2m",
    "h264_vaapi",
  ]);
});

Deno.test("mayHaveHardware asks for the devices of the system", () => {
  const only = (path: string) => (other: string) => other === path;
  assert.equal(mayHaveHardware("h264_vaapi", "linux", only("/dev/dri/renderD128")), true);
  assert.equal(mayHaveHardware("h264_vaapi", "linux", only("/dev/video11")), false);
  assert.equal(mayHaveHardware("h264_v4l2m2m", "linux", only("/dev/video11")), true);
  assert.equal(mayHaveHardware("h264_mf", "linux", () => true), false);
  assert.equal(mayHaveHardware("h264_mf", "windows", () => false), true);
  assert.equal(mayHaveHardware("h264_videotoolbox", "darwin", () => false), true);
});
