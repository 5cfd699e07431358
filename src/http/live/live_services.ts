import type { Turn } from "../../media/turn.ts";
import type { Community } from "../../channel/community.ts";
import type { Audience } from "../../audience/audience.ts";
import type { ViewerChoices } from "../../consumers/session/choices.ts";
import type { SourceRate } from "../../consumers/session/source_rate.ts";
import type { Stream } from "../../streams/stream.ts";
import type { Channel } from "../../channel/channel.ts";
import type { PostLimit } from "../post_limit.ts";
import type { Secret } from "../secret.ts";

/** How the source is doing, as anyone may know it. */
export interface SourceStatus {
  readonly live: boolean;
  /** What kind of source it is: `network camera`. */
  readonly source: string;
  /** Why it is not live; `null` while it is. */
  readonly reason: string | null;
}

/** What can be shown, and what is. For the streamer alone. */
export interface Sources {
  /** One of those that are listed; empty before there is one. */
  readonly current: string;
  /** In words: `Fake Webcam (/dev/video0)`, `rtsp://10.0.0.7`. */
  readonly name: string;
  /** Why it is not live; `null` while it is. */
  readonly reason: string | null;
  list(): Promise<readonly { readonly source: string; readonly name: string }[]>;
  switchTo(source: string): Promise<void>;
}

/** What the streamer has done to the source's frames. */
export interface PictureControl {
  turn: Turn;
}

/** Why a part does not do its work, for the streamer; `null` while it does. */
export type Health = Readonly<Record<"source" | "ffmpeg" | "store" | "workers", string | null>>;

/** What the live connections work with. */
export interface LiveServices extends Community {
  readonly channel: Channel;
  readonly registry: Audience;
  readonly settings: ViewerChoices;
  readonly source: () => SourceStatus;
  readonly sources: Sources;
  readonly picture: PictureControl;
  readonly health: () => Health;
  /** The stream of the source's frames, also off air. */
  readonly camera: Pick<Stream, "size">;
  readonly sourceRate: Pick<SourceRate, "rate">;
  /** Intensity of the newest motion, 0..1; `null` while nobody needs it measured. */
  readonly motion: () => number | null;
  readonly streamerToken: Secret;
  /** How often one address may change something. */
  readonly posts: PostLimit;
  readonly donateUrl: string | null;
  /** Another one at each start, by which a page sees that the server was started again. */
  readonly instanceId: string;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
}
