import type { Stream } from "../streams/stream.ts";
import type { Snapshots } from "../streams/snapshots.ts";
import type { CameraControls } from "../camera_controls/camera_controls.ts";
import type { Channel } from "../channel/channel.ts";
import type { Community } from "../channel/community.ts";
import type { ViewerChoices } from "../consumers/session/choices.ts";
import type { ConnectionKeeper } from "../net/connections/connection_keeper.ts";
import type { SourceStatus } from "./page_socket/channel_state.ts";
import type { PageSockets } from "./page_socket/page_sockets.ts";
import type { PostLimit } from "./post_limit.ts";
import type { ResponseCounts } from "./response_counts.ts";
import type { Secret } from "./secret.ts";
import type { StudioStateSources } from "./studio_state.ts";
import type { ViewerPassword } from "./viewer_password.ts";

/** What the routes work with. */
export interface Services extends Community, StudioStateSources {
  readonly channel: Channel;
  readonly settings: ViewerChoices;
  readonly source: () => SourceStatus;
  readonly streamerToken: Secret;
  /** How often one address may change something. */
  readonly posts: PostLimit;
  readonly donateUrl: string | null;
  /** Another one at each start, by which a page sees that the server was started again. */
  readonly instanceId: string;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
  readonly pageSockets: PageSockets;
  readonly connections: ConnectionKeeper;
  /** The channel's. */
  readonly title: string;
  /** The frame rate asked of the camera, and the size that its frames then have. */
  readonly asked: { readonly width: number; readonly height: number; readonly fps: number };
  /** Of the current source's camera. */
  readonly controls: Pick<CameraControls, "list" | "set" | "reset">;
  /** Whether the source's own JPEGs are passed on; else ffmpeg encodes them. */
  readonly copies: () => boolean;
  readonly hub: Pick<Stream, "newest" | "size">;
  readonly snapshots: Snapshots;
  /** Frames dropped and mended since the start, by reason. */
  readonly counters: () => Readonly<Record<string, number>>;
  /** What is counted and measured, in Prometheus' text format; `null` for a moment at the start. */
  readonly metrics: () => Promise<string> | null;
  readonly responses: ResponseCounts;
  /** The watch page's HTML, with `{{names}}` to fill in. */
  readonly page: string;
  /** Where other devices in the network find the page; `null` where none can. */
  readonly networkUrl: () => string | null;
  /** What viewers have to enter; `null` lets everyone in. */
  readonly viewerPassword: ViewerPassword | null;
  /** Origins whose pages may embed the stream. */
  readonly allowedOrigins: readonly string[];
}
