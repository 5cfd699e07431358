import { UserError } from "../../errors.ts";
import { parseAddress } from "../../source_address.ts";
import { SCHEMES } from "../ffmpeg/protocols.ts";

/** Where sound comes from. */
export type SoundSource =
  | { readonly kind: "off" }
  /** The own sound of the picture's source, if that is a file or an address; else the system's default microphone. */
  | { readonly kind: "auto" }
  /** A device, by ffmpeg's name for it, its name for people, a part of that, or its number in the list. */
  | { readonly kind: "device"; readonly device: string }
  /** Anything ffmpeg reads over the network. */
  | { readonly kind: "url"; readonly url: string }
  /** Played in a loop, in real time. */
  | { readonly kind: "file"; readonly path: string };

/** The end of a file's name. PulseAudio's names of devices have dots too: `alsa_input.usb-0.mono-fallback`. */
const MEDIA_FILE =
  /\.(aac|aiff?|avi|flac|m4a|m4v|mka|mkv|mov|mp3|mp4|mpe?g|oga|ogg|ogv|opus|ts|wav|webm|wma|wmv)$/i;

/**
 * Parses the text that names a source of sound.
 *
 * @param text `off`, `auto`, a URL, a file or a device. A text with a folder or an ending such as `.wav` is a
 * file.
 * @throws {UserError} ffmpeg cannot read this kind of address.
 */
export function parseSoundSource(text: string): SoundSource {
  if (text === "off" || text === "auto") return { kind: text };
  const address = parseAddress(text);
  if (address !== null) {
    if (SCHEMES.includes(address.scheme)) return { kind: "url", url: text };
    throw new UserError(
      "Unsupported address of sound: it must start with rtsp://, http:// or another of " +
        `${SCHEMES.join(", ")}, and a file must be given by its path`,
    );
  }
  // DirectShow's other name for a device contains backslashes.
  if (text.startsWith("@device_")) return { kind: "device", device: text };
  if (/[\\/]/.test(text) || MEDIA_FILE.test(text)) return { kind: "file", path: text };
  return { kind: "device", device: text };
}

/** Returns the argument of `--sound` for this source, including a URL's password. */
export function soundArgument(source: SoundSource): string {
  switch (source.kind) {
    case "device":
      return source.device;
    case "url":
      return source.url;
    case "file":
      return source.path;
    default:
      return source.kind;
  }
}
