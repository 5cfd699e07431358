import type { QualityName } from "./media/qualities.ts";
import type { Filter, PictureCodec, Quality, Scale } from "./media/rendition.ts";
import type { Turn } from "./media/turn.ts";

/*
 * What a page and the server send each other over the page socket, the WebSocket `/live`: one JSON object a
 * message. Only types, so that the pages' own JavaScript can be checked against them. Times are milliseconds
 * since the Unix epoch, unless another unit is named.
 */

/** Why something was refused. */
export interface Explanation {
  /** In English. */
  readonly reason: string;
  /** What it is in the files of texts, where its key is `error.` and this: `too-fast`. */
  readonly code: string;
  /** What to fill into that text. */
  readonly values: Readonly<Record<string, string | number>>;
}

/** The choices of one viewer. */
export interface Choices {
  /** What decides the quality: the viewer, or the motion in the picture. */
  readonly mode: "home" | "gaming";
  /** The quality that the viewer chose for Home mode. */
  readonly quality: QualityName;
  /** What to do to the picture. */
  readonly filter: Filter;
}

/** The rules of the chat that every page shows; see src/channel/room_settings.ts. */
export interface PublicRoomSettings {
  /** How many seconds everyone waits between two chat messages; 0 for none. */
  readonly slowMode: number;
}

/** The rules of the chat that only the studio shows. */
export interface StudioRoomSettings {
  /** The words that the chat refuses, as the streamer wrote them. */
  readonly blockedWords: readonly string[];
  /** The name under which the streamer writes. */
  readonly streamerName: string;
}

/** All rules of the chat. */
export interface RoomSettings extends PublicRoomSettings, StudioRoomSettings {}

/** Why there is no picture, as viewers may know it. The pages have a text for each: `watch.reason.*`. */
export type SourceReason =
  | "opening"
  | "waiting"
  | "camera-unplugged"
  | "camera-busy"
  | "camera-unusable"
  | "camera-silent"
  | "network-camera-unreachable"
  | "network-camera-silent"
  | "file-ended"
  | "file-missing"
  | "unavailable";

/**
 * How the sound is, as everyone may know it: there is none (`off`), its source gives it (`on`) or does not at the
 * moment (`waiting`), or the streamer has muted it.
 */
export type SoundState = "off" | "on" | "waiting" | "muted";

/** How far back viewers can go: to `since`, but no further than so many seconds before now. */
export interface Rewind {
  /** When the oldest frame was captured that nothing but its age can remove. */
  readonly since: number;
  /** Whole seconds. */
  readonly seconds: number;
}

/** How fast the past plays: 0 is a pause. */
export type ReplaySpeed = 0 | 0.25 | 0.5 | 1;

/** Who may make clips. */
export type ClipRule = "everyone" | "moderators" | "nobody";

/** What a clip can be. */
export type ClipFormat = "mp4" | "gif" | "webp";

/** A clip, as the viewer who asked for it may know it. */
export interface ClipState {
  /** Identifies it; a secret of that viewer. */
  readonly id: string;
  /** What it will be. */
  readonly format: ClipFormat;
  /** It waits for those `ahead` of it, is being made, can be had, or cannot be made. */
  readonly state: "waiting" | "making" | "ready" | "failed";
  /** The number of clips that are made before it. */
  readonly ahead: number;
  /** How much of it is made, 0..1. */
  readonly progress: number;
  /** How long it plays, in milliseconds. */
  readonly duration: number;
  /** Bytes made so far. */
  readonly bytes: number;
  /** Why it failed; absent for others. */
  readonly problem?: Explanation;
}

/** The state of the channel, the same for everyone. */
export interface ChannelState extends PublicRoomSettings {
  /** The title shown above the stream. */
  readonly title: string;
  /** Whether the streamer is on air; off air, viewers stay connected and see a card. */
  readonly onAir: boolean;
  /** Whether the source gives pictures. */
  readonly live: boolean;
  /** Why it gives none; `null` while it gives some. */
  readonly reason: SourceReason | null;
  /** How the sound is. Off air nobody gets any, whatever it is. */
  readonly sound: SoundState;
  /**
   * The number of viewers: each browser once, however many pages and streams it has open; every program
   * without a cookie once for each of its streams.
   */
  readonly viewers: number;
  /** When the program was started. */
  readonly startedAt: number;
  /** When the channel last went on air: at the start or later; `null` off air. */
  readonly onAirSince: number | null;
  /** The page where viewers can pay, if the streamer has one. */
  readonly donateUrl: string | null;
  /** The currency of donations, as in ISO 4217; `null` for plain numbers. */
  readonly currency: string | null;
  /** What the streamer hopes for; `null` without a goal. */
  readonly goal: DonationGoal | null;
  /** The message that the streamer pinned; absent without one. */
  readonly pinned?: ChatMessage;
  /** How far back viewers can go; `null` while they cannot. */
  readonly rewind: Rewind | null;
  /** Who may make clips of that. */
  readonly clips: ClipRule;
  /** The livestream that this one relays, where its chat is; absent unless this one is a relay. */
  readonly origin?: string;
}

/** What the page `/hls/` shows: the same for everyone, for about a second. */
export interface ChannelCard extends Pick<ChannelState, "title" | "onAir" | "live" | "viewers"> {
  /** When it was made. */
  readonly at: number;
  /** The newest messages, oldest first. */
  readonly chat: readonly ChatMessage[];
}

/**
 * What decides the rendition of a session: the viewer's choice, motion in the picture, the viewer's link, the
 * uplink; or the viewer's device or program, which reads fewer frames than there are, all in the chosen
 * quality.
 */
export type Why = "chosen" | "motion" | "link" | "uplink" | "reader";

/** What one session gets, and how it arrives. */
export interface Delivery {
  /** How the pictures are encoded. */
  readonly codec: PictureCodec;
  /** The JPEG quality; of H.264, that of JPEGs that look about the same. */
  readonly quality: Quality;
  /** How much smaller than the source's frames. */
  readonly scale: Scale;
  /** What decides that. */
  readonly why: Why;
  /** Frames sent a second. */
  readonly fps: number;
  /** Kilobits sent a second. */
  readonly kbps: number;
  /** Estimated milliseconds from the camera to this viewer; `null` until there is an estimate. */
  readonly delay: number | null;
  /** The number of frames that a newer one replaced before the link could carry them. */
  readonly dropped: number;
  /** The number of times that the link or the uplink changed the quality. */
  readonly changes: number;
}

/** Who an author is in the channel, if not a viewer like all others. */
export type Role = "streamer" | "moderator";

/** What viewers can send with one tap. */
export type Reaction = "heart" | "laugh" | "wow" | "clap" | "fire";

/** A message of the chat, or a donation that stands among them. */
export interface ChatMessage {
  /** Counts up in the order of confirmation. */
  readonly id: number;
  /** When the server confirmed it. */
  readonly at: number;
  /** The author's name. */
  readonly name: string;
  /** The hue of the name, 0..359 degrees. */
  readonly hue: number;
  /** What the author wrote. */
  readonly text: string;
  /** Whether the author has donated. */
  readonly supporter: boolean;
  /** Identifies the author without revealing their cookie. */
  readonly author: string;
  /** What the author was when they wrote it; absent for viewers. */
  readonly role?: Role;
  /** The message that this one answers, its text shortened; absent for others. */
  readonly reply?: { readonly id: number; readonly name: string; readonly text: string };
  /** The authors whom it names by `@name`; absent without any. */
  readonly mentions?: readonly string[];
  /** Set for a donation, whose message is the text, which may be empty; absent for others. */
  readonly gift?: { readonly donation: number; readonly amount: number | null };
}

/** What a viewer says they gave. */
export interface Donation {
  /** Counts up. */
  readonly id: number;
  /** When it came. */
  readonly at: number;
  /** The donor's name. */
  readonly name: string;
  /** The amount in the streamer's own currency; `null` if the donor gave none. */
  readonly amount: number | null;
  /** What the donor wrote. */
  readonly message: string;
}

/** An author who has donated. */
export interface Supporter {
  /** Their name. */
  readonly name: string;
  /** The hue of the name, 0..359 degrees. */
  readonly hue: number;
  /** Identifies them, as in chat messages. */
  readonly author: string;
  /** The number of their donations. */
  readonly donations: number;
  /** The sum of the amounts that they gave. */
  readonly amount: number;
  /** When their last donation came. */
  readonly lastAt: number;
}

/** What viewers gave, as everyone may know it. */
export interface Support {
  /** The most generous, at most twenty, best first. */
  readonly supporters: readonly Supporter[];
  /** The newest donations as they stand in the chat, at most twenty, newest first. */
  readonly gifts: readonly ChatMessage[];
  /** All supporters and donations that are stored, and the sum of their amounts. */
  readonly totals: SupportTotals;
}

/** See {@linkcode Support.totals}. */
export interface SupportTotals {
  /** Authors who have donated. */
  readonly supporters: number;
  /** Donations. */
  readonly donations: number;
  /** The sum of the amounts. */
  readonly amount: number;
}

/** An amount that the streamer hopes for. */
export interface DonationGoal {
  /** The amount to reach. */
  readonly amount: number;
  /** What was given since the streamer set the goal. */
  readonly given: number;
}

/** What the server knows about this page's viewer. */
export interface Person {
  /** Their name; `null` until they give one. */
  readonly name: string | null;
  /** The hue of the name, 0..359 degrees. */
  readonly hue: number;
  /** Identifies them, as in chat messages. */
  readonly author: string;
  /** Whether they have donated. */
  readonly supporter: boolean;
  /** When their priority on a shared uplink ends; 0 if they have none. */
  readonly priorityUntil: number;
  /** When they may write again; 0 for now, `null` for never. */
  readonly mutedUntil: number | null;
  /** What they are; absent for viewers. */
  readonly role?: Role;
}

/**
 * What the server sends as text. While a page listens, it also sends the sound, one binary message for one or more
 * packets; see src/media/sound_message.ts.
 */
export type ServerMessage =
  | {
    readonly type: "hello";
    /** Differs after each start of the server. */
    readonly instance: string;
    readonly state: ChannelState;
    readonly settings: Choices;
    readonly you: Person;
    /** The newest messages, oldest first. */
    readonly chat: readonly ChatMessage[];
    /** Whether there are older ones. */
    readonly more: boolean;
    readonly support: Support;
  }
  | { readonly type: "state"; readonly state: ChannelState }
  | { readonly type: "settings"; readonly settings: Choices }
  | { readonly type: "you"; readonly you: Person }
  /** Twice a second, for the stream that this page reports to paint. */
  | {
    readonly type: "delivery";
    readonly stream: string;
    readonly delivery: Delivery;
    /** The intensity of the newest motion, 0..1; `null` while nobody needs it measured. */
    readonly motion: number | null;
  }
  /** `key` comes back to the page that sent it, which recognises its own message by it. */
  | { readonly type: "chat"; readonly message: ChatMessage; readonly key?: string }
  | Explanation & {
    readonly type: "refused";
    readonly key: string;
    /** How many milliseconds to wait before trying again; absent if that is of no use. */
    readonly retryAfter?: number;
  }
  | { readonly type: "deleted"; readonly ids: readonly number[] }
  /** All messages of this author up to this id were deleted. */
  | { readonly type: "purged"; readonly author: string; readonly upTo: number }
  | {
    readonly type: "older";
    readonly before: number;
    readonly chat: readonly ChatMessage[];
    readonly more: boolean;
  }
  /** A donation to celebrate now. Others may have come that nobody celebrates. */
  | { readonly type: "donation"; readonly donation: Donation; readonly support: Support }
  /** Supporters or donations changed. The donation `withdrawn` must no longer be celebrated. */
  | { readonly type: "supporters"; readonly support: Support; readonly withdrawn?: number }
  /** This author has become a supporter, or is none any longer: so are their earlier messages. */
  | { readonly type: "standing"; readonly author: string; readonly supporter: boolean }
  /**
   * The streamer sent this viewer away, and the page socket closes. They may return at `until`, by the server's
   * clock; `null` for a ban.
   */
  | Explanation & { readonly type: "kicked"; readonly until: number | null }
  /** How many of each reaction viewers sent since the last such message; at most four a second. */
  | { readonly type: "reactions"; readonly counts: Readonly<Partial<Record<Reaction, number>>> }
  /** The server ends. */
  | { readonly type: "goodbye" }
  /** The server could not read a message, or got too many. A mistake in the page has no code. */
  | Pick<Explanation, "reason"> & Partial<Explanation> & { readonly type: "error" }
  /** To pages that sent the streamer's token when they connected; see src/http/streamer.ts. Once, at first. */
  | { readonly type: "history"; readonly samples: readonly StudioSample[] }
  /** To the same pages. */
  | { readonly type: "studio"; readonly studio: StudioState }
  /** To the same pages, ten times a second while the source of sound is open. */
  | { readonly type: "level"; readonly level: SoundLevel };

/** What a page sends. */
export type ClientMessage =
  /** The newest frame on the screen, a few times a second while frames come. */
  | {
    readonly type: "painted";
    /** The page's name for its stream: `/stream?live=…`. */
    readonly stream: string;
    readonly sequence: number;
    /** How many milliseconds ago it was painted. */
    readonly ago: number;
    /** The newest frame whose last byte had arrived by then, and how long ago that was. */
    readonly arrived?: { readonly sequence: number; readonly ago: number };
  }
  /** `key` is the page's own name for the message, which counts once even if it is sent again. */
  | {
    readonly type: "chat";
    readonly key: string;
    readonly text: string;
    readonly name?: string;
    /** The id of the message that it answers. */
    readonly replyTo?: number;
  }
  | { readonly type: "older"; readonly before: number }
  /** Whether this page wants the sound from now on. At first it gets none. */
  | { readonly type: "listen"; readonly on: boolean }
  /** Four times a second while sound comes. */
  | {
    readonly type: "heard";
    /** The newest packet that has arrived. */
    readonly sequence: number;
    /** How many milliseconds ago it arrived. */
    readonly ago: number;
    /** How many milliseconds lie between the arrival of a packet and its sound, the device's share included. */
    readonly buffered: number;
    /** How often the sound was interrupted, since the page began to listen. */
    readonly gaps: number;
    /** How much later the sound comes than its picture, in milliseconds; negative for earlier, `null` if unknown. */
    readonly offset: number | null;
  }
  /** Changes what a stream of the past shows, which this page opened by `/stream?at=…`. */
  | {
    readonly type: "replay";
    /** The page's name for its stream: `/stream?live=…`. */
    readonly stream: string;
    /** Where it goes on: a wall time. */
    readonly at?: number;
    /** How fast it goes on. */
    readonly speed?: ReplaySpeed;
    /** Shows the next frame or the one before, and pauses. */
    readonly step?: 1 | -1;
  };

/** One session as the streamer sees it. */
export interface StudioViewer {
  /** Identifies the session in `/admin/kick`. */
  readonly id: string;
  /** Identifies the viewer, as in chat messages; `null` for a client without a cookie. */
  readonly author: string | null;
  /** The viewer's name; `null` until they give one. */
  readonly name: string | null;
  /** What they watch with: `Chrome on Android`, `VLC`, `curl`. */
  readonly device: string;
  /** When the session began. */
  readonly since: number;
  /** What the session gets. */
  readonly delivery: Delivery;
  /** How its page hears; `null` while it does not listen. */
  readonly hearing: Hearing | null;
}

/** How a page hears the sound. */
export interface Hearing {
  /** Estimated milliseconds from the microphone to the loudspeaker; `null` until there is an estimate. */
  readonly delay: number | null;
  /** How often the sound was interrupted. */
  readonly gaps: number;
  /** The number of packets that were dropped because the page was too far behind. */
  readonly dropped: number;
  /** How much later the sound comes than its picture, in milliseconds; `null` if unknown. */
  readonly offset: number | null;
}

/** How loud the source of sound is, in decibels below the loudest that can be recorded: -100..0. */
export interface SoundLevel {
  /** The loudest sample since the last report. */
  readonly peak: number;
  /** The mean (root mean square) since the last report. */
  readonly rms: number;
}

/** The sound, as the streamer sees it. */
export interface StudioSound {
  /** The source, as `/admin/sound` takes it. */
  readonly source: string;
  /** The source in words: `Built-in Audio (default)`; empty for none. */
  readonly sourceName: string;
  /** As in the channel's state. */
  readonly state: SoundState;
  /** Why the source gives no sound, and what to do; `null` while it gives some or is not wanted. */
  readonly reason: string | null;
  /** Whether the streamer has muted it. */
  readonly muted: boolean;
  /** How much it is amplified, in decibels: -20..20. */
  readonly gain: number;
  /** How many milliseconds later than the picture that came with it the sound is due: -1000..1000. */
  readonly delay: number;
  /** Whether the source is open only while somebody listens. */
  readonly onDemand: boolean;
  /** Whether the source is open now: the microphone records. */
  readonly isOpen: boolean;
  /** The number of pages and programs that listen. */
  readonly listeners: number;
}

/** What the studio plots, at one time of the last ten minutes. */
export interface StudioSample {
  /** How many milliseconds ago. */
  readonly ago: number;
  /** The number of viewers, as in the channel's state. */
  readonly viewers: number;
  /** As in the studio's state. */
  readonly kbps: number;
  /** As in the studio's state. */
  readonly delay: number | null;
  /** As in the studio's state. */
  readonly motion: number | null;
}

/** What happened since the channel last went on air, until it went off air. */
export interface BroadcastSummary {
  /** Whether it has gone off air. */
  readonly isOver: boolean;
  /** How long it was on air, in milliseconds. */
  readonly duration: number;
  /** The number of viewers: the highest, and the mean over that time. */
  readonly viewers: { readonly most: number; readonly mean: number };
  /** The number of chat messages. */
  readonly messages: number;
  /** The number of donations, and the sum of their amounts. */
  readonly donations: { readonly count: number; readonly amount: number };
  /** The number of bytes sent to viewers. */
  readonly bytes: number;
}

/** What is recorded: nothing, everything that is on air, or that of it which moves. */
export type RecordingRule = "off" | "always" | "motion";

/** The recording, as the streamer sees it. */
export interface StudioRecording {
  /** What is recorded. */
  readonly when: RecordingRule;
  /** The name of the file that is being written; `null` if none is. */
  readonly writing: string | null;
  /** How long that file is so far, in milliseconds, and in bytes. */
  readonly duration: number;
  /** See `duration`. */
  readonly bytes: number;
  /** Why nothing can be recorded, and what to do; `null` while it works. */
  readonly problem: string | null;
  /** Bytes free on the disk; `null` if unknown. */
  readonly free: number | null;
  /** The number of recordings, and their bytes. */
  readonly kept: { readonly count: number; readonly bytes: number };
}

/** A recording, as `/admin/recordings` lists it. */
export interface ListedRecording {
  /** The name of its file; names sort by time. */
  readonly name: string;
  /** When it begins. */
  readonly at: number;
  /** Milliseconds; `null` if unknown. */
  readonly duration: number | null;
  /** Its size. */
  readonly bytes: number;
  /** Whether browsers play it: MP4 with H.264; otherwise Matroska with JPEGs. */
  readonly isPlayable: boolean;
  /** Whether it is being written. */
  readonly isWriting: boolean;
  /** Whether motion began it. */
  readonly isOfMotion: boolean;
}

/** What the ring keeps, as the streamer sees it. */
export interface StudioRewind {
  /** Whether viewers can go back; the streamer can switch it. */
  readonly on: boolean;
  /** Bytes that are kept, and how many may be. */
  readonly bytes: number;
  /** See `bytes`. */
  readonly maxBytes: number;
}

/** The frames that are kept for a timelapse. */
export interface StudioTimelapse {
  /** When the first one was captured; `null` while there is none. */
  readonly since: number | null;
  /** How many there are. */
  readonly frames: number;
}

/** How publishing to a target goes: it is off, tried, works, or waits for the next try. */
export type PublicationState = "off" | "connecting" | "live" | "waiting";

/** A target that the program is published to, as the streamer sees it. */
export interface StudioPublication {
  /** Identifies it in `/admin/publish`; reveals nothing. */
  readonly id: string;
  /** What it is, without anything secret: `rtmp://a.rtmp.youtube.com`, `folder public`. */
  readonly name: string;
  /** How it goes. */
  readonly state: PublicationState;
  /** Since when it has been in that state. */
  readonly since: number;
  /** Why it does not work, and what to do, in English; `null` while it works. */
  readonly problem: string | null;
  /** When it is tried again; `null` unless it waits. */
  readonly nextTry: number | null;
  /** Kilobits sent a second. */
  readonly kbps: number;
}

/** What only the streamer sees, once a second. */
export interface StudioState extends StudioRoomSettings {
  /** The open sessions. */
  readonly viewers: readonly StudioViewer[];
  /** The source, as `/admin/source` takes it. */
  readonly source: string;
  /** The source in words: `Fake Webcam (/dev/video0)`, `rtsp://10.0.0.7`. */
  readonly sourceName: string;
  /** Why the source gives no pictures, and what to do; `null` while it gives some. */
  readonly reason: string | null;
  /** How the frames are turned, as `/admin/picture` takes it. */
  readonly turn: Turn;
  /** The sound. */
  readonly sound: StudioSound;
  /** By part, why it fails; `null` while it works. */
  readonly health: Readonly<Record<string, string | null>>;
  /** What the source gives. */
  readonly captured: {
    readonly fps: number;
    readonly kbps: number;
    readonly width: number;
    readonly height: number;
  };
  /** Kilobits a second sent to all viewers together. */
  readonly kbps: number;
  /** The median delay of the viewers for whom it is known, in milliseconds. */
  readonly delay: number | null;
  /** The intensity of the newest motion, 0..1; `null` while nobody needs the measurement. */
  readonly motion: number | null;
  /** The authors who may not write or watch, newest first. */
  readonly bans: readonly {
    readonly author: string;
    readonly name: string;
    readonly until: number | null;
  }[];
  /** The authors whom the streamer appointed, oldest first. */
  readonly moderators: readonly { readonly author: string; readonly name: string }[];
  /** What is recorded; `null` without `--record`. */
  readonly recording: StudioRecording | null;
  /** What viewers can go back to; `null` with `--rewind off`. */
  readonly rewind: StudioRewind | null;
  /** What is kept for a timelapse; `null` without `--timelapse`. */
  readonly timelapse: StudioTimelapse | null;
  /** Where the program is published to. */
  readonly publications: readonly StudioPublication[];
  /** Whether it can be had as HLS. */
  readonly hls: boolean;
}
