import type { Hub } from "../broadcast/hub.ts";
import type { Donations } from "../community/donations.ts";
import type { Registry } from "../viewers/registry.ts";
import type { SettingsStore } from "../viewers/settings.ts";

/** How the source is doing, for `/state`, `/healthz` and the page. */
export interface SourceStatus {
  readonly live: boolean;
  /** What is shown, in words: `Fake Webcam (/dev/video0)`. */
  readonly source: string;
  /** Why it is not live; `null` while it is. */
  readonly reason: string | null;
}

/** What the routes work with. */
export interface Services {
  readonly title: string;
  /** The frame rate and size that were asked of the camera. */
  readonly asked: { readonly width: number; readonly height: number; readonly fps: number };
  readonly hub: Pick<Hub, "newest" | "join" | "leave">;
  readonly registry: Registry;
  readonly settings: SettingsStore;
  readonly donations: Donations;
  readonly source: () => SourceStatus;
  /** Frames dropped and mended since the start, by reason. */
  readonly counters: () => Readonly<Record<string, number>>;
  /** The watch page's HTML, with `{{names}}` to fill in. */
  readonly page: string;
  /** Another one at each start, by which a page sees that the server was started again. */
  readonly instanceId: string;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
}
