import { type Camera, findCamera, listCameras } from "./ffmpeg/devices.ts";
import { cameraSource, resolveSource } from "./ffmpeg/resolve.ts";
import type { Ffmpeg } from "./ffmpeg/setup.ts";
import type { Source } from "./ffmpeg/source.ts";

/** Finds the source that a text of the streamer refers to, on this machine. */
export class SourceFinder {
  readonly #ffmpeg: Ffmpeg;

  /** Creates a finder that asks this ffmpeg for cameras. */
  constructor(ffmpeg: Ffmpeg) {
    this.#ffmpeg = ffmpeg;
  }

  /**
   * Lists the cameras that are connected.
   *
   * @throws {UserError} ffmpeg cannot be started.
   */
  async cameras(): Promise<Source[]> {
    return (await this.#listCameras()).map(cameraSource);
  }

  /**
   * Resolves a text to a source.
   *
   * @param text As for `--source`.
   * @throws {UserError} There is no such source.
   */
  resolve(text: string): Promise<Source> {
    const { system, log } = this.#ffmpeg;
    return resolveSource(text, { system, listCameras: () => this.#listCameras(), log });
  }

  /**
   * Looks again for a source that went missing. A camera that was not chosen by its device may be
   * another device once it is plugged in again.
   *
   * @param text What the source was resolved from.
   * @returns The source to open now; `null` while its camera is away.
   */
  async findAgain(text: string, missing: Source): Promise<Source | null> {
    const isByDevice = missing.kind !== "camera" || missing.device === text || /^\d+$/.test(text);
    if (isByDevice) return missing;
    const cameras = await this.#listCameras().catch(() => []);
    const camera = text === "auto" ? cameras[0] : findCamera(cameras, text);
    return camera ? cameraSource(camera) : null;
  }

  #listCameras(): Promise<Camera[]> {
    return listCameras(this.#ffmpeg);
  }
}
