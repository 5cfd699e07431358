import { encodeAddress, parseAddress } from "../../source_address.ts";
import { addressInput } from "./address_input.ts";
import type { AttemptEnd } from "./attempt.ts";
import { FfmpegProcess } from "./ffmpeg.ts";
import { MAX_FFMPEG_MEMORY } from "../../child_process/memory_limit.ts";
import type { Ffmpeg } from "./setup.ts";
import { streamOfPage } from "../relay/relay_address.ts";
import { isWebAddress, type Source } from "./source.ts";

/** Redirects followed one after another before the source counts as failed. */
const MAX_REDIRECTS = 5;
/** Time a camera has to respond with its redirect. Milliseconds. */
const LOOK_MS = 5_000;

/** The part of the end of an ffmpeg that tells whether it was redirected. */
export type RedirectableEnd = Pick<AttemptEnd, "lines" | "hadFrames" | "astray" | "isPage">;

/** Options of {@linkcode Redirects}. */
export interface RedirectsOptions {
  /** The address to start at; any other source has no redirects. */
  readonly source: Source;
  /** Reads where a redirect leads. */
  readonly ffmpeg: Ffmpeg;
}

/**
 * Follows the HTTP redirects of a source that stay on its host. ffmpeg can follow only all redirects
 * or none, so it runs with none allowed; a second run reads where the redirect leads.
 */
export class Redirects {
  readonly #options: RedirectsOptions;
  #target: Source;
  #count = 0;
  /** Whether the source was a page, and the target is what would be its stream. */
  #wasPage = false;
  #look: FfmpegProcess | null = null;

  /** Creates the redirects of a source, none of which has been followed. */
  constructor(options: RedirectsOptions) {
    this.#options = options;
    this.#target = options.source;
  }

  /** What to open: the source, or where its host redirects to. */
  get target(): Source {
    return this.#target;
  }

  /** Starts over at the source. */
  reset(source: Source): void {
    this.#target = source;
    this.#count = 0;
    this.#wasPage = false;
  }

  /** Ends the run that reads a redirect, if there is one. */
  stop(): void {
    this.#look?.kill();
  }

  /**
   * Checks whether the target failed because it redirects, or is the page of a livestream.
   *
   * @param end How ffmpeg ended at the current target.
   * @returns Null if {@linkcode target} now is where that leads, to be opened at once; else the
   * end, marked `astray` if the redirect leads to another host, and `isPage` if a page has no stream.
   */
  async follow<End extends RedirectableEnd>(end: End): Promise<End | null> {
    const target = this.#target;
    if (target.kind !== "url" || !isWebAddress(target) || target.followsRedirects) return end;
    if (end.isPage && this.#count === 0) {
      const url = streamOfPage(target.url);
      if (url !== null) {
        this.#target = { ...target, url };
        this.#count++;
        this.#wasPage = true;
        return null;
      }
    }
    if (this.#wasPage && end.lines.some((line) => line.includes("404 Not Found"))) {
      return { ...end, isPage: true };
    }
    if (end.lines.some((line) => line.includes("Unrecognized option 'max_redirects'"))) {
      this.#target = { ...target, followsRedirects: true };
      return null;
    }
    // ffmpeg reports a redirect that it may not follow with this error, which has other causes too.
    const isRefused = end.lines.some((line) => line.includes("Input/output error"));
    if (end.hadFrames || !isRefused || this.#count === MAX_REDIRECTS) return end;
    const location = await this.#locationOf(target);
    if (location === null) return end;
    const url = sameHostRedirect(encodeAddress(parseAddress(target.url)!), location);
    if (url === null) return { ...end, astray: true };
    this.#target = { ...target, url };
    this.#count++;
    return null;
  }

  async #locationOf(target: Source & { readonly kind: "url" }): Promise<string | null> {
    let location: string | null = null;
    const look = new FfmpegProcess({
      ffmpeg: this.#options.ffmpeg,
      // ffmpeg logs the headers that it receives only at this level.
      args: [...addressInput(target), "-loglevel", "repeat+trace", "-f", "null", "-"],
      maxMemory: MAX_FFMPEG_MEMORY,
      onData() {},
      onLine(line) {
        if (/\bhttp_code=2\d\d\s*$/.test(line)) look.kill();
        const [, found] = /\bheader='Location: *(.+?)'\s*$/i.exec(line) ?? [];
        if (found !== undefined) location = found;
      },
    });
    this.#look = look;
    const timer = setTimeout(() => look.kill(), LOOK_MS);
    await look.ended;
    clearTimeout(timer);
    return location;
  }
}

/**
 * Resolves a redirect, which may lead to another path, port or scheme, but not to another host.
 *
 * @param from A percent-encoded HTTP address.
 * @param location The `Location` header of its response.
 * @returns Null if it leads to another host.
 */
export function sameHostRedirect(from: string, location: string): string | null {
  if (!URL.canParse(location, from)) return null;
  const to = new URL(location, from);
  const before = new URL(from);
  const isWeb = to.protocol === "http:" || to.protocol === "https:";
  if (!isWeb || to.hostname !== before.hostname) return null;
  // As browsers do, the name and password go on to the same server alone.
  if (to.origin === before.origin && to.username === "") {
    to.username = before.username;
    to.password = before.password;
  }
  return to.href;
}
