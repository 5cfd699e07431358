import assert from "node:assert/strict";
import { type Findings, inputCodec, InputReport } from "../../../src/producers/ffmpeg/findings.ts";

/** What a report says with its last line, and nothing before. */
function findingsOf(lines: readonly string[]): Findings | null {
  const report = new InputReport();
  for (const line of lines) assert.equal(report.take(line), null, line);
  assert.equal(report.isOver, false);
  const findings = report.take("Stream mapping:");
  assert.equal(report.isOver, true);
  assert.equal(report.take("  Stream #0:0: Video: mjpeg, yuvj420p, 1x1"), null);
  return findings;
}

function reportOf(format: string, duration: string, stream: string): string[] {
  return [
    `Input #0, ${format}, from 'x':`,
    `  Duration: ${duration}, start: 0.000000, bitrate: N/A`,
    `  Stream #0:0: Video: ${stream}`,
  ];
}

const SQUARE = "mjpeg (Baseline), yuvj420p(pc), 640x480 [SAR 1:1 DAR 4:3], 25 fps, 25 tbr, 25 tbn";
const CONTAINER = { isRaw: false, isRecorded: true };

Deno.test("inputCodec reads what ffmpeg says of the video", () => {
  const cases: [line: string, codec: string | null][] = [
    ["  Stream #0:0: Video: mjpeg (Baseline), yuvj422p(pc), 1280x720", "mjpeg"],
    ["  Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p", "h264"],
    ["  Stream #0:1(eng): Video: hevc (Main)", "hevc"],
    ["  Stream #0:0: Audio: pcm_s16le, 44100 Hz", null],
    ["  Stream #0:1: Video: mjpeg (Baseline), yuvj420p, 300x300 (attached pic)", null],
    ["Input #0, mov, from 'Video: x'", null],
  ];
  for (const [line, codec] of cases) assert.equal(inputCodec(line), codec, line);
});

Deno.test("a report distinguishes raw JPEGs from those in a container, and live from recorded", () => {
  const cases: [format: string, duration: string, findings: Findings][] = [
    ["mpjpeg", "N/A", { isRaw: true, isRecorded: false }],
    ["mjpeg", "N/A", { isRaw: true, isRecorded: false }],
    ["jpeg_pipe", "N/A", { isRaw: true, isRecorded: false }],
    ["avi", "00:00:02.00", { isRaw: false, isRecorded: true }],
    ["mov,mp4,m4a,3gp,3g2,mj2", "00:00:00.40", { isRaw: false, isRecorded: true }],
    ["flv", "00:00:00.00", { isRaw: false, isRecorded: false }],
    ["hls", "N/A", { isRaw: false, isRecorded: true }],
    ["mpegts", "N/A", { isRaw: false, isRecorded: false }],
  ];
  for (const [format, duration, findings] of cases) {
    assert.deepEqual(findingsOf(reportOf(format, duration, SQUARE)), {
      ...findings,
      codec: "mjpeg",
      isDistorted: false,
    }, format);
  }
});

Deno.test("a report finds pixels that are not square, but ignores the nonsense that cameras write", () => {
  const cases: [stream: string, isDistorted: boolean][] = [
    ["h264 (High), yuv420p, 720x576 [SAR 64:45 DAR 16:9], 25 fps", true],
    ["h264 (High), yuv420p, 720x576 [SAR 2:1 DAR 5:2], 25 fps", true],
    ["h264 (High), yuv420p, 640x480 [SAR 1:1 DAR 4:3], 25 fps", false],
    ["h264 (High), yuv420p, 640x480, 25 fps", false],
    ["mjpeg (Baseline), yuvj420p, 720x576 [SAR 64:45 DAR 16:9], 25 fps", true],
    ["mjpeg (Baseline), yuvj420p, 640x480 [SAR 1:2 DAR 2:3], 25 fps", false],
    ["mjpeg (Baseline), yuvj420p, 640x480 [SAR 2:1 DAR 8:3], 25 fps", false],
    ["mjpeg (Baseline), yuvj420p, 640x240 [SAR 1:1 DAR 8:3], SAR 1:2 DAR 4:3, 25 fps", true],
    ["mjpeg (Baseline), yuvj420p, 640x480 [SAR 1:2 DAR 2:3], SAR 1:1 DAR 4:3, 25 fps", false],
    ["mjpeg (Baseline), yuvj420p, 640x480 [SAR 0:1 DAR 0:1], 25 fps", false],
  ];
  for (const [stream, isDistorted] of cases) {
    const findings = findingsOf(reportOf("avi", "00:00:02.00", stream));
    assert.equal(findings?.isDistorted, isDistorted, stream);
  }
});

Deno.test("a report finds a rotation, if it is the video's", () => {
  const turned = [
    "    Side data:",
    "      displaymatrix: rotation of -90.00 degrees",
  ];
  const lines = reportOf("mov,mp4,m4a,3gp,3g2,mj2", "00:00:02.00", SQUARE);
  assert.deepEqual(findingsOf([...lines, ...turned]), {
    ...CONTAINER,
    codec: "mjpeg",
    isDistorted: true,
  });
});

Deno.test("a report without video says nothing", () => {
  assert.equal(findingsOf([]), null);
  assert.equal(findingsOf(["Input #0, wav, from 'x':", "  Stream #0:0: Audio: pcm_s16le"]), null);
});

Deno.test("a report distinguishes a picture from a video, a stream or a sequence of pictures", () => {
  const cases: [format: string, duration: string, isPicture: boolean][] = [
    ["image2", "00:00:00.04", true],
    ["image2", "00:00:00.40", false],
    ["jpeg_pipe", "N/A", true],
    ["png_pipe", "N/A", true],
    ["webp_pipe", "N/A", true],
    ["mjpeg", "N/A", false],
    ["mpjpeg", "N/A", false],
    ["gif", "00:00:00.04", false],
    ["mov,mp4,m4a,3gp,3g2,mj2", "00:00:00.04", false],
  ];
  for (const [format, duration, isPicture] of cases) {
    const report = new InputReport();
    assert.equal(report.isPicture, false);
    for (const line of reportOf(format, duration, SQUARE)) report.take(line);
    assert.equal(report.isPicture, isPicture, `${format} ${duration}`);
  }
});
