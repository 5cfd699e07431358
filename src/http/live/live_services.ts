import type { Community } from "../../community/community.ts";
import type { Delivery } from "../../live_messages.ts";
import type { Registry } from "../../viewers/registry.ts";
import type { SettingsStore } from "../../viewers/settings.ts";
import type { Viewer } from "../../viewers/viewer.ts";
import type { Channel } from "../channel.ts";
import type { Preview } from "../preview.ts";
import type { StreamerToken } from "../streamer_token.ts";

/** How the source is doing, for `/state`, `/healthz` and the page. */
export interface SourceStatus {
  readonly live: boolean;
  /** What is shown, in words: `Fake Webcam (/dev/video0)`. */
  readonly source: string;
  /** Why it is not live; `null` while it is. */
  readonly reason: string | null;
}

/** What a page says of the stream that it paints. */
export interface Painted {
  /** The id in its cookie; `null` without one. */
  readonly viewer: string | null;
  /** What the page called the stream: `/stream?live=…`. */
  readonly stream: string;
  readonly sequence: number;
  /** Milliseconds since it was painted. */
  readonly ago: number;
}

/** One connection that watches, as the studio sees it. */
export interface WatchedStream extends Pick<Viewer, "id" | "close"> {
  /** What the page called it; `null` for programs. */
  readonly stream: string | null;
  /** Stands for the connection. */
  readonly connection: string;
  /** The User-Agent header; `null` without one. */
  readonly userAgent: string | null;
  /** Milliseconds since the Unix epoch. */
  readonly since: number;
  readonly delivery: Delivery;
}

/** Who watches, and how it arrives. */
export interface Watching extends Omit<Registry, "viewers"> {
  readonly viewers: Iterable<Viewer & WatchedStream>;
  painted(report: Painted): void;
  /** `null` where this viewer has no such stream. */
  deliveryOf(viewer: string | null, stream: string): Delivery | null;
  /** Counts a viewer double on a shared uplink until a time in Unix milliseconds. */
  prioritise(viewer: string, until: number): void;
}

/** What can be shown, and what is. */
export interface Sources {
  /** Named as for `--source`. */
  readonly current: string;
  list(): Promise<readonly { readonly source: string; readonly name: string }[]>;
  switchTo(source: string): Promise<void>;
}

/** What the live connections work with. */
export interface LiveServices extends Community {
  readonly channel: Channel;
  readonly registry: Watching;
  readonly settings: SettingsStore;
  readonly source: () => SourceStatus;
  readonly sources: Sources;
  /** The source's own pictures, also off air. */
  readonly preview: Preview;
  /** Intensity of the newest motion, 0..1; `null` while nobody needs it measured. */
  readonly motion: () => number | null;
  readonly streamerToken: StreamerToken;
  readonly donateUrl: string | null;
  /** Another one at each start, by which a page sees that the server was started again. */
  readonly instanceId: string;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
}
