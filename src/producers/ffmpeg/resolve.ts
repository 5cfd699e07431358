import { UserError } from "../../errors.ts";
import type { Logger } from "../../log/log.ts";
import { parseAddress } from "../../source_address.ts";
import { type Camera, describeCameras, findCamera, isNamed } from "./devices.ts";
import { SCHEMES } from "./protocols.ts";
import { parseSource, type Source, type System } from "./source.ts";
import { nameSource } from "./source_name.ts";

/** Options of {@linkcode resolveSource}. */
export interface ResolveOptions {
  /** Decides what names a camera. */
  readonly system: System;
  /** Lists the connected cameras. */
  readonly listCameras: () => Promise<readonly Camera[]>;
  /** Receives what else could have been opened. */
  readonly log: Logger;
}

/**
 * Returns the source to open for a text from the user.
 *
 * `auto` becomes the first camera, or the test picture if there is none. Cameras are looked up, so that
 * each has the same name however it was chosen.
 *
 * @throws {UserError} There is no camera of that name, or the kind of address is not supported.
 */
export async function resolveSource(text: string, options: ResolveOptions): Promise<Source> {
  const { system, listCameras, log } = options;
  const source = parseSource(text, system);
  if (source === "auto") return firstCamera(await listCameras(), log);
  switch (source.kind) {
    case "test":
      return source;
    case "url":
      return knownAddress(source);
    case "file": {
      if (!MAY_BE_CAMERA.test(text)) return source;
      const cameras = await listCameras().catch(() => []);
      const camera = cameras.find((each) => isNamed(each, text));
      return camera ? cameraSource(camera) : source;
    }
    case "camera": {
      // ffmpeg can open these without listing them: a link to a device, a screen.
      const isOpenable = source.device.startsWith("/dev/") || system === "darwin";
      const cameras = await (isOpenable ? listCameras().catch(() => []) : listCameras());
      const camera = findCamera(cameras, source.device);
      if (camera === null && !isOpenable) throw noSuchCamera(source, cameras);
      return camera === null ? source : cameraSource(camera);
    }
  }
}

/** Texts that look like a file, by their folder or ending, but may be a camera's name. */
const MAY_BE_CAMERA = /^[^./\\~].*\s/;

function firstCamera(cameras: readonly Camera[], log: Logger): Source {
  const [first, ...others] = cameras;
  if (first === undefined) {
    log.warn("No camera found; showing the test picture until one is connected");
    return { kind: "test", isStandIn: true };
  }
  if (others.length > 0) {
    log.info("Other cameras are available with --source", { cameras: describeCameras(others) });
  }
  return cameraSource(first);
}

/** Returns the source that opens a camera. */
export function cameraSource({ device, name }: Camera): Source {
  return device === name ? { kind: "camera", device } : { kind: "camera", device, name };
}

function knownAddress(source: Source & { readonly kind: "url" }): Source {
  if (SCHEMES.includes(parseAddress(source.url)!.scheme)) return source;
  throw new UserError(
    "Unsupported address: it must start with rtsp://, http:// or another of " +
      `${SCHEMES.join(", ")}, and a file must be given by its path`,
  );
}

/** Returns the error for a camera that does not exist, with a list of those that do. */
export function noSuchCamera(wanted: Source, cameras: readonly Camera[]): UserError {
  const found = cameras.length === 0
    ? "no camera is connected. Plug one in, or choose --source test"
    : `there is ${describeCameras(cameras)}`;
  return new UserError(`Cannot find ${nameSource(wanted).forStreamer}: ${found}`);
}
