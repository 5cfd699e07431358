import type { SeenFrame, StreamClient } from "../support/stream_client.ts";
import { reportPainted } from "./painting.ts";
import { type Place, Visitor } from "./visitor.ts";

/** The viewers who stay for the whole soak, with the frame rate they should see. */
const STEADY = [
  { name: "page, High", path: "/stream?live=steady", fps: 30 },
  { name: "VLC, High", path: "/?action=stream", fps: 30, version: "1.0" },
  { name: "Medium", path: "/stream?quality=medium", fps: 30 },
  { name: "Low, sepia, 10 fps", path: "/stream?quality=low&filter=sepia&fps=10", fps: 10 },
  { name: "Gaming", path: "/stream?mode=gaming", fps: 30 },
] as const;

/** A viewer who stays for the whole soak, and what they saw. */
export interface SteadyViewer {
  readonly name: string;
  /** The expected frame rate with a camera of 30 frames a second. */
  readonly fps: number;
  /** Oldest first. */
  readonly frames: readonly SeenFrame[];
  readonly stream: StreamClient;
}

/** Connects the steady viewers until disposed. The first is a page that acknowledges. */
export async function seatSteadyViewers(
  place: Place,
  random: Visitor["random"],
  stack: AsyncDisposableStack,
): Promise<SteadyViewer[]> {
  const viewers: SteadyViewer[] = [];
  for (const { name, path, fps, ...version } of STEADY) {
    const visitor = stack.use(new Visitor(place, random.fork()));
    if (path.includes("live=")) await visitor.send("/");
    const frames: SeenFrame[] = [];
    const onFrame = (frame: SeenFrame) => void frames.push(frame);
    const stream = stack.use(await visitor.openStream(path, { ...version, onFrame }));
    viewers.push({ name, fps, frames, stream });
    if (!path.includes("live=")) continue;
    const live = stack.use(await visitor.openLive());
    stack.use(reportPainted(live, stream, "steady"));
  }
  return viewers;
}
