import type { Filter, Quality, Scale } from "./media/rendition.ts";
import type { Turn } from "./media/turn.ts";

/*
 * What a page and the server say to each other over the WebSocket `/live`, one JSON object a
 * message. Types alone, so that the pages' own JavaScript can be checked against them. Times are
 * milliseconds since the Unix epoch, unless another unit is named.
 */

/** What one viewer chose. In Gaming mode their quality waits until they are back in Home mode. */
export interface Choices {
  readonly mode: "home" | "gaming";
  readonly quality: "high" | "medium" | "low";
  readonly filter: Filter;
}

/** How the channel is doing, the same for everyone. */
export interface ChannelState {
  readonly title: string;
  /** Whether the streamer is on air; off air, viewers keep their connections and see a card. */
  readonly onAir: boolean;
  /** Whether the source gives pictures. */
  readonly live: boolean;
  /** Why it does not, in words a person can act on; `null` while it does. */
  readonly reason: string | null;
  /** People who watch: a browser once, however many of its tabs are open. */
  readonly viewers: number;
  readonly startedAt: number;
  /** Seconds that everyone waits between two chat messages; 0 for none. */
  readonly slowMode: number;
  /** Where to pay, if the streamer has such a page. */
  readonly donateUrl: string | null;
}

/**
 * What decides what a viewer is given: their choice, the streamer's motion, their link, the uplink; or
 * their device or program, which takes fewer frames than there are, all in the quality they chose.
 */
export type Why = "chosen" | "motion" | "link" | "uplink" | "reader";

/** What one stream is given, and how it arrives. */
export interface Delivery {
  readonly quality: Quality;
  readonly scale: Scale;
  readonly why: Why;
  /** Frames a second that were sent. */
  readonly fps: number;
  /** Kilobits a second that were sent. */
  readonly kbps: number;
  /** Milliseconds from the camera to this viewer, as well as is known; `null` before it is. */
  readonly delay: number | null;
  /** Frames that a newer one replaced before the link could take them. */
  readonly dropped: number;
  /** How often the link or the uplink changed the quality. */
  readonly changes: number;
}

export interface ChatMessage {
  /** Counts up in the order of confirmation. */
  readonly id: number;
  readonly at: number;
  readonly name: string;
  /** Hue of the name, 0..359 degrees. */
  readonly hue: number;
  readonly text: string;
  readonly supporter: boolean;
  /** Stands for the author without telling their cookie. */
  readonly author: string;
}

export interface Donation {
  readonly id: number;
  readonly at: number;
  readonly name: string;
  /** In whatever currency the streamer thinks of; `null` if not said. */
  readonly amount: number | null;
  readonly message: string;
}

export interface Supporter {
  readonly name: string;
  readonly hue: number;
  /** As in chat messages. */
  readonly author: string;
  readonly donations: number;
  /** The sum of the amounts that were said. */
  readonly amount: number;
  readonly lastAt: number;
}

/** Who the server takes this page's viewer for. */
export interface Person {
  /** `null` until they gave one. */
  readonly name: string | null;
  readonly hue: number;
  readonly author: string;
  readonly supporter: boolean;
  /** Until when they have priority on a shared uplink; 0 for never. */
  readonly priorityUntil: number;
  /** Until when they may not write; 0 for never, `null` for ever. */
  readonly mutedUntil: number | null;
}

export type ServerMessage =
  | {
    readonly type: "hello";
    /** Another one after each start of the server. */
    readonly instance: string;
    readonly state: ChannelState;
    readonly settings: Choices;
    readonly you: Person;
    /** The newest messages, oldest first. */
    readonly chat: readonly ChatMessage[];
    /** Whether there are older ones. */
    readonly more: boolean;
    readonly supporters: readonly Supporter[];
  }
  | { readonly type: "state"; readonly state: ChannelState }
  | { readonly type: "settings"; readonly settings: Choices }
  | { readonly type: "you"; readonly you: Person }
  /** Twice a second, for the stream that this page said it paints. */
  | { readonly type: "delivery"; readonly stream: string; readonly delivery: Delivery }
  /** `key` comes back to the page that sent it, which so knows its own message. */
  | { readonly type: "chat"; readonly message: ChatMessage; readonly key?: string }
  | {
    readonly type: "refused";
    readonly key: string;
    readonly reason: string;
    /** Milliseconds after which it may be tried again; absent if it is of no use. */
    readonly retryAfter?: number;
  }
  | { readonly type: "deleted"; readonly ids: readonly number[] }
  /** All messages of this author are gone, up to this id. */
  | { readonly type: "purged"; readonly author: string; readonly upTo: number }
  | {
    readonly type: "older";
    readonly before: number;
    readonly chat: readonly ChatMessage[];
    readonly more: boolean;
  }
  /** A donation to celebrate now. Others may have come that are not celebrated. */
  | {
    readonly type: "donation";
    readonly donation: Donation;
    readonly supporters: readonly Supporter[];
  }
  /** The list changed. The donation `withdrawn` is no longer to be celebrated. */
  | {
    readonly type: "supporters";
    readonly supporters: readonly Supporter[];
    readonly withdrawn?: number;
  }
  /**
   * The streamer sent this viewer away; `until` as `mutedUntil`. With 0 only the stream ended, and
   * they may come back; with `null` they are banned, and the connection closes.
   */
  | { readonly type: "kicked"; readonly reason: string; readonly until: number | null }
  /** The server ends. */
  | { readonly type: "goodbye" }
  /** A message could not be read, or was one too many. */
  | { readonly type: "error"; readonly reason: string }
  /** To pages that showed the streamer's token as they connected; see src/http/streamer.ts. */
  | { readonly type: "studio"; readonly studio: StudioState };

export type ClientMessage =
  /** The newest frame that is on the screen, a few times a second while frames come. */
  | {
    readonly type: "painted";
    /** What the page called its stream: `/stream?live=…`. */
    readonly stream: string;
    readonly sequence: number;
    /** Milliseconds since it was painted. */
    readonly ago: number;
    /** The newest frame whose last byte had come by then, and how long ago it did. */
    readonly arrived?: { readonly sequence: number; readonly ago: number };
  }
  /** `key` is the page's own name for the message: sent again with it, it counts once. */
  | {
    readonly type: "chat";
    readonly key: string;
    readonly text: string;
    readonly name?: string;
  }
  | { readonly type: "older"; readonly before: number };

/** One stream as the streamer sees it. */
export interface StudioViewer {
  /** Stands for the connection in `/admin/kick`. */
  readonly id: string;
  /** Of the person, as in chat messages; `null` for a client without a cookie. */
  readonly author: string | null;
  readonly name: string | null;
  /** `Chrome on Android`, `VLC`, `curl`. */
  readonly device: string;
  readonly since: number;
  readonly delivery: Delivery;
}

/** What only the streamer sees, once a second. */
export interface StudioState {
  readonly viewers: readonly StudioViewer[];
  /** The source, by what `/admin/source` takes. */
  readonly source: string;
  /** In words: `Fake Webcam (/dev/video0)`, `rtsp://10.0.0.7`. */
  readonly sourceName: string;
  /** Why it gives no pictures, and what to do; `null` while it does. */
  readonly reason: string | null;
  /** How the source's frames are turned, by what `/admin/picture` takes. */
  readonly turn: Turn;
  /** Why a part does not do its work; `null` while it does. */
  readonly health: Readonly<Record<string, string | null>>;
  readonly captured: {
    readonly fps: number;
    readonly kbps: number;
    readonly width: number;
    readonly height: number;
  };
  /** Sent to all viewers together. */
  readonly kbps: number;
  /** Median over the viewers of whom it is known; milliseconds. */
  readonly delay: number | null;
  /** Intensity of the newest motion, 0..1; `null` while nobody needs it measured. */
  readonly motion: number | null;
  readonly blockedWords: readonly string[];
  /** Who may not write or watch, newest first. */
  readonly bans: readonly {
    readonly author: string;
    readonly name: string;
    readonly until: number | null;
  }[];
}
