import { streetClip } from "./clips.ts";
import { FakeCamera } from "./fake_camera.ts";

export interface Camera720Options {
  /** The encoder's quantizer: 4 gives about 25 Mbit/s, 9 about 16. */
  readonly quantiser?: number;
}

/** Returns the path of 150 MJPEG frames of people walking, 1280x720. */
export async function street720({ quantiser = 4 }: Camera720Options = {}): Promise<string> {
  const name = quantiser === 4 ? "street-720" : `street-720-q${quantiser}`;
  const args = ["-vf", "scale=1280:720:flags=lanczos,fps=30", "-frames:v", "150"];
  return (await streetClip(name, args, quantiser)).path;
}

/** Creates a fake camera that loops 5 s of people walking, 1280x720 at 30 frames a second. */
export async function openCamera720(options: Camera720Options = {}): Promise<FakeCamera> {
  const path = await street720(options);
  return await FakeCamera.create({ clip: { path, format: "mjpeg" }, width: 1280, height: 720 });
}
