import type { RecordingSettings } from "../../src/app/recording.ts";
import { openStorage } from "../../src/consumers/recording/storage.ts";
import type { StudioRecording } from "../../src/live_messages.ts";
import { AS_STREAMER } from "./requests.ts";
import { startTestServer, type TestServerOptions, TINY_JPEG } from "./test_server.ts";

const FRAME_MS = 40;
const TICK_MS = 100;

export interface RecordingStageOptions
  extends Partial<Omit<RecordingSettings, "storage">>, Pick<TestServerOptions, "video" | "sound"> {
  /** Bytes of each frame. Default: as few as possible. */
  readonly frameBytes?: number;
}

/** A server that records into a folder, with a camera of 25 frames a second. */
export async function startRecordingStage(path: string, options: RecordingStageOptions = {}) {
  const { frameBytes = 0, video, sound, ...settings } = options;
  const storage = await openStorage(path);
  const server = await startTestServer({
    ...{ video, sound },
    recording: {
      ...{ storage, when: "always", codec: "copy", keep: null, minFree: 0 },
      ...settings,
    },
  });
  const frame = new Uint8Array(Math.max(frameBytes, TINY_JPEG.length));
  frame.set(TINY_JPEG);
  const camera = setInterval(() => server.camera.publish(frame), FRAME_MS);
  const ticker = setInterval(() => server.tick(), TICK_MS);
  return {
    server,
    /** How the recording is, as the studio sees it. */
    async state(): Promise<StudioRecording> {
      const response = await server.get("/admin/state", { headers: AS_STREAMER });
      return (await response.json()).recording;
    },
    /** How many frames the program showed. */
    get frames(): number {
      return server.program.newest?.sequence ?? 0;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(camera);
      clearInterval(ticker);
      await server[Symbol.asyncDispose]();
    },
  };
}
