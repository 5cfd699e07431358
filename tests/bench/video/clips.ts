import { street720 } from "../../support/camera_720.ts";
import { streetClip } from "../../support/clips.ts";

/** A clip of 5 s at 30 frames a second, as a camera gives it: MJPEG 4:2:2. */
export interface VideoClip {
  readonly path: string;
  readonly width: number;
  readonly height: number;
}

const FRAMES = ["-frames:v", "150"];
const HD = { width: 1280, height: 720 } as const;
const VGA = { width: 640, height: 480 } as const;
const SCALE_HD = "scale=1280:720:flags=lanczos";

/**
 * The corners of what a hand-held camera sees, as offsets in pixels of 1280x720: it sways, trembles at 1 to
 * 9 Hz, zooms by a sixth and tilts. A part of 960x720 becomes 640x480, interpolated between pixels.
 */
function handHeld(): string {
  const time = "(in/30)";
  const waves = (parts: readonly (readonly [size: number, hertz: number, phase: number])[]) =>
    parts.map(([size, hertz, phase]) => `${size}*sin(2*PI*${hertz}*${time}+${phase})`).join("+");
  const x = waves([[40, 0.2, 0], [9, 1.3, 1], [4, 3.1, 2], [2, 6.7, 0.5], [1.2, 9.1, 4]]);
  const y = waves([[14, 0.4, 2], [8, 1.7, 0], [4, 3.7, 1], [2, 7.3, 3], [1.2, 8.3, 1]]);
  const zoom = `(0.85+${waves([[0.07, 0.2, 0]])})`;
  const tilt = `(${waves([[7, 0.6, 1], [2, 2.9, 0]])})`;
  // Half of the seen width and height; the tilt moves the corners against each other.
  const [halfX, halfY] = [`(480*${zoom})`, `(360*${zoom})`];
  const corners = [["-", "-"], ["+", "-"], ["-", "+"], ["+", "+"]].map(([h, v], i) =>
    `x${i}='640+(${x})${h}${halfX}${v === "-" ? "+" : "-"}${tilt}':` +
    `y${i}='360+(${y})*0.5${v}${halfY}${h}${tilt}'`
  );
  return `perspective=${corners.join(":")}:sense=source:eval=frame:interpolation=cubic`;
}

/** The clips by what they show. */
export const VIDEO_CLIPS = {
  /** People walking, filmed at 10 frames a second: two of three frames repeat the one before. */
  street: async () => ({ path: await street720(), ...HD }),
  /** The same three times as fast, so that no frame repeats another. */
  "street, 3 × as fast": () =>
    make("street-720-fast", HD, `setpts=N/30/TB,${SCALE_HD}`, ["-r", "30"]),
  /** Noise of its own in each frame, as of a webcam by lamplight. */
  "street, noise 12": () =>
    make("street-720-noise12", HD, `${SCALE_HD},fps=30,noise=alls=12:allf=t`),
  /** Strong noise, as of a webcam in the dark. */
  "street, noise 24": () =>
    make("street-720-noise24", HD, `${SCALE_HD},fps=30,noise=alls=24:allf=t`),
  /** The street as a hand-held camera of 640x480 sees it, three times as fast, with a little noise. */
  "hand-held": () =>
    make(
      "hand-held-480",
      VGA,
      `setpts=N/30/TB,${SCALE_HD},${handHeld()},scale=640:480:flags=bicubic,noise=alls=4:allf=t`,
      ["-r", "30"],
    ),
} as const satisfies Record<string, () => Promise<VideoClip>>;

async function make(
  name: string,
  size: { readonly width: number; readonly height: number },
  filter: string,
  further: readonly string[] = [],
): Promise<VideoClip> {
  const { path } = await streetClip(name, ["-vf", filter, ...further, ...FRAMES]);
  return { path, ...size };
}
