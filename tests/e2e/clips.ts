import { cached } from "../support/cache.ts";
import { ffmpeg } from "../support/ffmpeg.ts";

const MJPEG = ["-c:v", "mjpeg", "-huffman", "default", "-pix_fmt", "yuvj422p", "-f", "mjpeg"];

/** A clip with three seconds of sideways motion, then three seconds of stillness. */
export function stopAndGoClip(): Promise<string> {
  return cached("stop_and_go.mjpeg", async (path) => {
    const freeze = "scroll=horizontal=0.02,loop=loop=60:size=1:start=60";
    const source = ["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=20"];
    await ffmpeg(...source, "-vf", freeze, "-frames:v", "120", "-q:v", "4", ...MJPEG, path);
  });
}

/** Regions of the chart in pixels: x, y, width, height. */
export const CHART = {
  /** Dark grey; a square of a lighter grey, 120 of 255, runs along it. */
  strip: [0, 0, 320, 64],
  orange: [16, 80, 96, 64],
  blue: [208, 80, 96, 64],
  /** Squares of 2x2 pixels, light and dark. */
  texture: [136, 168, 48, 48],
} as const;

/** A 320x240 picture on which every filter has a visible effect. */
export function chartClip(): Promise<string> {
  return cached("chart.mjpeg", async (path) => {
    const colour = (name: string, size: string) => [
      ...["-f", "lavfi", "-i", `color=${name}:size=${size}:rate=10`],
    ];
    const texture = "lum='if(mod(floor(X/2)+floor(Y/2),2),220,40)':cb=128:cr=128";
    const graph = [
      "[0][1]overlay=x='mod(t*64,288)':y=16[strip]",
      "[2][3]hstack[colours]",
      `[4]geq=${texture}[texture]`,
      "[colours][texture]overlay=x=128:y=96[picture]",
      "[strip][picture]vstack",
    ];
    await ffmpeg(
      ...colour("#3c3c3c", "320x64"),
      ...colour("#787878", "32x32"),
      ...colour("#c87828", "160x176"),
      ...colour("#2850b4", "160x176"),
      ...colour("white", "64x64"),
      ...["-filter_complex", graph.join(";"), "-frames:v", "45", "-q:v", "2", ...MJPEG, path],
    );
  });
}
