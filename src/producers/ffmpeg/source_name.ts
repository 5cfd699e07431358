import { parseAddress, showAddress } from "../../source_address.ts";
import { describeCamera } from "./devices.ts";
import type { Source } from "./source.ts";
import type { Wording } from "./wording.ts";

/**
 * Names a source within a sentence. Everyone may see its kind. The streamer also sees the scheme and
 * host of an address, and the name of a file or camera, unless that could be a mistyped address, whose
 * password must stay hidden.
 */
export function nameSource(source: Source): Wording {
  const kind = KINDS[source.kind];
  const own = ownName(source);
  const forStreamer = own === null ? `the ${kind}` : `${OWN_PREFIX[source.kind]}"${own}"`;
  return { forAnyone: `the ${kind}`, forStreamer };
}

/** Names a source on its own, in a list or heading; see {@linkcode nameSource}. */
export function titleSource(source: Source): Wording {
  const kind = KINDS[source.kind];
  const forStreamer = source.kind === "test" && source.isStandIn
    ? `${kind}, until a camera is connected`
    : ownName(source) ?? kind;
  return { forAnyone: kind, forStreamer };
}

const KINDS: Readonly<Record<Source["kind"], string>> = {
  test: "test picture",
  file: "file",
  camera: "camera",
  url: "network camera",
};

const OWN_PREFIX: Readonly<Record<Source["kind"], string>> = {
  test: "",
  file: "file ",
  camera: "camera ",
  url: "",
};

/** Returns whether the source is a device of this machine, so that ffmpeg logs no secret about it. */
export function isDevice(source: Source): boolean {
  return source.kind === "test" || (source.kind === "camera" && ownName(source) !== null);
}

/** Returns the name that distinguishes a source; null if even the streamer must not see it. */
function ownName(source: Source): string | null {
  switch (source.kind) {
    case "test":
      return null;
    case "file":
      return PLAIN_PATH.test(source.path) ? source.path.replace(/^.*[\\/]/, "") : null;
    case "camera":
      if (source.name) return describeCamera({ ...source, name: source.name });
      return PLAIN_NAME.test(source.device) ? source.device : null;
    case "url":
      return showAddress(parseAddress(source.url)!);
  }
}

/** Matches paths that cannot be an address without scheme, whose first part has a dot or colon. */
const PLAIN_PATH =
  /^(?:(?:(?:[a-z]:|\.{0,2})[\\/]|[^\\/:@?#=&%;.]+[\\/])(?:[^\\/:@?#=&%;]+[\\/])*)?[^\\/:@?#=&%;]+$/i;

/** Matches device paths, and camera names without the characters that separate parts of an address. */
const PLAIN_NAME = /^(?:\/dev\/[\w./-]+|(?:[\p{L}\p{N}\p{M} ._()'’,+™®-]|: )+)$/u;
