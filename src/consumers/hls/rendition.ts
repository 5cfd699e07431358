import type { Clock } from "../../clock.ts";
import type { Rendition } from "../../media/rendition.ts";
import type { VideoTrack, VideoTracks } from "../../streams/video.ts";
import { H264Feed } from "../passages/h264_feed.ts";
import { HlsNames, mediaPlaylist } from "./playlist.ts";
import { Segmenter } from "./segmenter.ts";
import type { HlsTimeline } from "./timeline.ts";
import { HlsWindow } from "./window.ts";

/** What a rendition is built with. */
export interface HlsRenditionOptions {
  /** Names it in addresses: `high`. */
  readonly name: string;
  /** How it is encoded while the machine is fast enough. */
  readonly usual: Rendition;
  /** Begins the names of its files, which are never used again. */
  readonly prefix: string;
  /** The H.264 of the program. */
  readonly tracks: VideoTracks;
  /** Picks its track; the best one comes first. */
  readonly pick: (tracks: readonly VideoTrack[]) => VideoTrack | undefined;
  /** Shared by all renditions. */
  readonly timeline: HlsTimeline;
  /** Called when there is something new. */
  readonly onChange: () => void;
  /** The time. */
  readonly clock: Clock;
}

/** One of the qualities that HLS players choose from. */
export class HlsRendition {
  /** Names it in addresses. */
  readonly name: string;
  /** How it is encoded while the machine is fast enough. */
  readonly usual: Rendition;
  /** The names of its files. */
  readonly names: HlsNames;
  /** Its newest segments. */
  readonly window: HlsWindow;
  /** What makes them. */
  readonly segmenter: Segmenter;
  /** What gives their pictures. */
  readonly feed: H264Feed;
  /** Written once for all who ask, until something is new. */
  #written: { full?: Uint8Array<ArrayBuffer>; plain?: Uint8Array<ArrayBuffer> } = {};

  /** Makes nothing yet. */
  constructor(options: HlsRenditionOptions) {
    const { name, usual, prefix, tracks, pick, timeline, onChange, clock } = options;
    this.name = name;
    this.usual = usual;
    this.names = new HlsNames(`${prefix}-${name}`);
    this.window = new HlsWindow(timeline);
    this.segmenter = new Segmenter({
      ...{ window: this.window, timeline, now: () => clock.monotonic() },
      onChange: () => {
        this.#written = {};
        onChange();
      },
    });
    this.feed = new H264Feed({ tracks, listener: this.segmenter, pick, clock });
  }

  /** Its playlist for players that fetch from this program. */
  get playlist(): Uint8Array<ArrayBuffer> {
    return this.#written.full ??= this.#write(true);
  }

  /** Its playlist for players that fetch from a plain folder. */
  get plainPlaylist(): Uint8Array<ArrayBuffer> {
    return this.#written.plain ??= this.#write(false);
  }

  /** Returns the bytes of a file; `null` if it is not there, or not yet. */
  file(name: string): Uint8Array<ArrayBuffer> | null {
    const wanted = this.names.read(name);
    if (wanted === null) return null;
    if (wanted.kind === "initialization") {
      return this.window.findInitialization(wanted.number) ?? null;
    }
    const segment = this.window.find(wanted.sequence);
    if (wanted.kind === "segment") return segment?.data ?? null;
    return segment?.parts.at(wanted.part)?.data ?? null;
  }

  /** Returns whether a name is that of the part that comes next. */
  isNext(name: string): boolean {
    const wanted = this.names.read(name);
    const { next } = this.window;
    return wanted?.kind === "part" && wanted.sequence === next.sequence &&
      wanted.part === next.part;
  }

  /** Forgets all segments. */
  clear(): void {
    this.segmenter.clear();
    this.#written = {};
  }

  #write(isLowLatency: boolean): Uint8Array<ArrayBuffer> {
    const { window: { listed: segments }, names } = this;
    return new TextEncoder().encode(mediaPlaylist({ segments, names, isLowLatency }));
  }
}
