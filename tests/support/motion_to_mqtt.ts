import { setTimeout as delay } from "node:timers/promises";
import { framesOf, movingClip } from "./clips.ts";
import { HttpCamera } from "./http_camera.ts";
import type { Broker } from "./mosquitto.ts";
import { startProgram } from "./program.ts";
import { until } from "./until.ts";

/** Frames a second. */
const FPS = 30;

/** So long after the first frame, motion is noticed. Milliseconds. */
const SETTLED_MS = 3_500;

/**
 * Runs the program with a network camera before which something moves now and then, and measures until `mosquitto_sub`
 * has the message.
 *
 * @param movements How often.
 */
export async function measureMotionToMqtt(
  broker: Broker,
  address: string,
  movements: number,
  env: Record<string, string> = {},
): Promise<{
  /** From the first frame that shows a movement, as the camera sends it. Milliseconds. */
  readonly delays: readonly number[];
  /** What the program wrote. */
  readonly output: string;
}> {
  const frames = await framesOf(await movingClip());
  const state = { isMoving: false, movedAt: 0, index: 0 };
  const boundary = "frame";
  await using camera = new HttpCamera(async (_request, send) => {
    await send(
      `HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=${boundary}\r\n\r\n`,
    );
    for (let next = performance.now();; next += 1000 / FPS) {
      await delay(Math.max(0, next - performance.now()));
      if (state.isMoving) {
        state.index = (state.index + 1) % frames.length;
        state.movedAt ||= Date.now();
      }
      const frame = frames[state.index]!;
      const head = `Content-Type: image/jpeg\r\nContent-Length: ${frame.length}\r\n\r\n`;
      await send(`--${boundary}\r\n${head}`);
      await send(frame);
      await send("\r\n");
    }
  });
  await using subscriber = await broker.subscribe("cam/#");
  await using program = await startProgram([
    ...["--source", `http://${camera.host}/`, "--mqtt", address],
  ], { env });
  await until(
    "the camera",
    async () => (await (await fetch(`${program.origin}/state`)).json()).result.live,
  );
  await subscriber.next("cam/motion", "OFF");
  await delay(SETTLED_MS);
  const delays: number[] = [];
  for (let i = 0; i < movements; i++) {
    const from = subscriber.messages.length;
    Object.assign(state, { isMoving: true, movedAt: 0 });
    const { at } = await subscriber.next("cam/motion", "ON", from);
    delays.push(at - state.movedAt);
    state.isMoving = false;
    await subscriber.next("cam/motion", "OFF", from);
    // Frames are measured ten times a second: at no fixed distance from the movement.
    await delay(1_000 + 100 * Math.random());
  }
  return { delays, output: program.output() };
}
