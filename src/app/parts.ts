import type { AudienceLimits } from "../audience/audience.ts";
import type { CameraControls } from "../camera_controls/camera_controls.ts";
import type { Channel } from "../channel/channel.ts";
import type { Clock } from "../clock.ts";
import type { H264Choice } from "../consumers/encoder/encoders.ts";
import type { SourceRate } from "../consumers/session/source_rate.ts";
import type { Emitter } from "../events.ts";
import type { SourceStatus } from "../channel/channel_state.ts";
import type { Status } from "../http/route_parts.ts";
import type { ServerOptions } from "../http/server.ts";
import type { StaticFiles } from "../http/static_files.ts";
import type { Health, PictureControl, Sources } from "../channel/studio_state.ts";
import type { Logger } from "../log/log.ts";
import type { Size } from "../media/jpeg/size.ts";
import type { Quality } from "../media/rendition.ts";
import type { SoundSettings } from "../channel/sound_control.ts";
import type { SoundProducer } from "../producers/sound/sound_producer.ts";
import type { CongestionChoice } from "../net/connections/congestion.ts";
import type { Store } from "../store/open.ts";
import type { MotionObserver, Transcoder } from "../streams/part_maker.ts";
import type { Lineage } from "../streams/lineage.ts";
import type { VideoTracks } from "../streams/video.ts";
import type { RewindSettings } from "./rewind.ts";
import type { OutgoingParts } from "./outgoing.ts";
import type { RecordingSettings } from "./recording.ts";

/** The source, as the channel and the studio know it. */
export interface SourcePart {
  /** Events: its state changed. */
  readonly events: Pick<Emitter<{ readonly state: SourceStatus }>, "on">;
  /** How it is doing. */
  readonly state: SourceStatus;
  /** What the streamer can switch to. */
  readonly sources: Sources;
  /** How its frames are turned. */
  readonly picture: PictureControl;
  /** The controls of its camera. */
  readonly controls: Pick<CameraControls, "list" | "set" | "reset">;
  /** The size of cards, and of frames before the first one. */
  readonly size: Size;
  /** Whether its own JPEGs are passed on; otherwise ffmpeg encodes them. */
  readonly copies: boolean;
}

/** Measures the motion of the program. */
export interface MotionPart extends MotionObserver {
  /** What sessions in Gaming mode get. */
  readonly quality: Quality;
  /** Intensity of the newest motion, 0..1; `null` while nothing is measured. */
  readonly intensity: number | null;
}

/** How many page sockets there may be, beside those of studios. */
export interface SocketLimits {
  /** In all. */
  readonly maxSockets: number;
  /** From one address. */
  readonly maxPerAddress: number;
}

/** Settings of {@linkcode assemble}. */
export interface AssemblySettings extends ServerOptions {
  /** Opens the studio. */
  readonly adminToken: string;
  /** Whether the token is random, and too long to guess. */
  readonly isTokenRandom: boolean;
  /** What viewers have to enter; `null` for nothing. */
  readonly password: string | null;
  /** The streamer's payment page; `null` without one. */
  readonly donateUrl: string | null;
  /** The currency of donations; `null` for plain numbers. */
  readonly currency: string | null;
  /** How much all viewers may use. */
  readonly limits: AudienceLimits;
  /** Page sockets at one time, in all and from one address. Default: enough for all viewers. */
  readonly sockets?: SocketLimits;
  /** Connections of one client at one time. Default: enough for all viewers of one address. */
  readonly maxConnections?: number;
  /** Who chooses the congestion control of streams. Default: `auto`. */
  readonly congestion?: CongestionChoice;
  /** The path or name of ffmpeg. */
  readonly ffmpeg: string;
  /** Which encoder of H.264 to use. */
  readonly h264: H264Choice;
  /** Frames a second requested from the source. */
  readonly fps: number;
  /** The sound, from the command line. */
  readonly sound: Pick<SoundSettings, "delay" | "onDemand">;
  /** What is kept of the program. */
  readonly past: RewindSettings;
  /** What is recorded, and where; without it, nothing can be. */
  readonly recording?: RecordingSettings | null;
  /** Whether the program can be had as HLS. Default: no. */
  readonly hls?: boolean;
  /** Addresses that it is published to. Default: none. */
  readonly publish?: readonly string[];
  /** Connects to other servers; it is disposed of with the assembly. Default: nothing does. */
  readonly outgoing?: OutgoingParts | null;
  /** Differs at each start. */
  readonly instanceId: string;
}

/** What {@linkcode assemble} builds on. */
export interface AssemblyParts {
  /** Everything that outlives the program. */
  readonly store: Store;
  /** The pages. */
  readonly files: StaticFiles;
  /** What the streamer runs. */
  readonly channel: Channel;
  /** What gives frames. */
  readonly source: SourcePart;
  /** What gives sound. */
  readonly sound: SoundProducer;
  /** How much it gives. */
  readonly sourceRate: SourceRate;
  /** Says which programs are relayed. Default: none is. */
  readonly lineage?: Lineage;
  /** Makes renditions. */
  readonly transcoder: Transcoder;
  /** In place of the program's H.264, for tests. */
  readonly video?: VideoTracks;
  /** Follows the program's motion. */
  readonly motion: MotionPart;
  /** Draws what viewers see off air. */
  readonly drawCard: (title: string) => Promise<Uint8Array<ArrayBuffer>>;
  /** What the program reports of itself. */
  readonly report: Pick<Status, "metrics" | "networkUrl"> & {
    /** When the program started, as wall time. */
    readonly startedAt: () => number;
    /** Why a part does not work. */
    readonly health: () => Health;
    /** How many frames were dropped or repaired. */
    readonly counters: () => Readonly<Record<string, number>>;
  };
  /** Receives what happens. */
  readonly log: Logger;
  /** The time. */
  readonly clock: Clock;
}
