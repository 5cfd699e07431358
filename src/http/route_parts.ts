import type { Audience } from "../audience/audience.ts";
import type { PlayingPrograms } from "../audience/playing_programs.ts";
import type { Replays } from "../audience/replays.ts";
import type { ClipPermission } from "../channel/clip_permission.ts";
import type { Clips } from "../channel/clips.ts";
import type { Broadcast } from "../channel/broadcast.ts";
import type { CameraControls } from "../camera_controls/camera_controls.ts";
import type { Channel } from "../channel/channel.ts";
import type { ViewerChoices } from "../consumers/session/choices.ts";
import type { Rate } from "../consumers/session/rate.ts";
import type { Mp3Encoder } from "../consumers/sound/mp3_encoder.ts";
import type { ProgramSound } from "../consumers/sound/program_sound.ts";
import type { SoundControl } from "../channel/sound_control.ts";
import type { ChannelState, SoundState, StudioState } from "../live_messages.ts";
import type { ConnectionKeeper } from "../net/connections/connection_keeper.ts";
import type { Past } from "../streams/past.ts";
import type { PastSnapshots } from "../streams/past_snapshots.ts";
import type { Stream } from "../streams/stream.ts";
import type { Snapshots } from "../streams/snapshots.ts";
import type { Health, PictureControl, Sources } from "../channel/studio_state.ts";

/** How viewers receive the stream. */
export interface Viewing {
  /** All sessions, and what they share. */
  readonly audience: Audience;
  /** What each viewer chose. */
  readonly choices: ViewerChoices;
  /** The newest frame that viewers see, and its size. */
  readonly program: Pick<Stream, "newest" | "size">;
  /** Makes single frames. */
  readonly snapshots: Snapshots;
  /** Holds and ends connections. */
  readonly connections: ConnectionKeeper;
  /** How viewers go back; `null` where nothing is kept. */
  readonly past: PastViewing | null;
}

/** How viewers go back. */
export interface PastViewing {
  /** The streamer's switch. */
  readonly kept: Pick<Rewinding, "isOn">;
  /** Returns how many seconds are kept at most, or will be. */
  readonly seconds: () => number;
  /** Replays in progress. */
  readonly replays: Replays;
  /** Makes single frames of it. */
  readonly snapshots: PastSnapshots;
}

/** What programs play. */
export interface ProgramPlayback {
  /** Returns how the sound is. */
  readonly state: () => SoundState;
  /** Those that play it. */
  readonly programs: PlayingPrograms;
  /** The sound itself. */
  readonly sound: ProgramSound;
  /** The same as MP3. */
  readonly mp3: Mp3Encoder;
  /** The sound that goes with pictures: silence off air. */
  readonly unbroken: ProgramSound;
  /** The same as MP3. */
  readonly unbrokenMp3: Mp3Encoder;
}

/** Clips, and who may make them. */
export interface Clipping {
  /** The clips of viewers. */
  readonly clips: Clips;
  /** Who may make them. */
  readonly permission: ClipPermission;
}

/** How the program itself runs. */
export interface Run {
  /** Differs at each start, so that a page notices a restart. */
  readonly instanceId: string;
  /** Whether pages of another site may show the player. */
  readonly isEmbeddable: boolean;
  /** Returns what kind of source it is: `network camera`. */
  readonly sourceName: () => string;
  /** Returns the frame rate requested from the camera, and the size its frames then have. */
  readonly requested: () => {
    readonly width: number;
    readonly height: number;
    readonly fps: number;
  };
  /** Returns how much the source gives. */
  readonly sourceRate: () => Rate;
  /** Whether the source's own JPEGs are passed on; otherwise ffmpeg encodes them. */
  readonly copies: () => boolean;
  /** Returns how the sound is, and how many pages and programs listen. */
  readonly sound: () => { readonly state: SoundState; readonly listeners: number };
  /** Returns how many frames were dropped or repaired since the start, by reason. */
  readonly counters: () => Readonly<Record<string, number>>;
}

/** What the program reports. */
export interface Status {
  /** Returns what everyone may know about the channel. */
  readonly channelState: () => ChannelState;
  /** How it runs. */
  readonly run: Run;
  /** Returns why a part does not work, for each part; `null` for those that do. */
  readonly health: () => Health;
  /** Returns metrics in Prometheus' text format; `null` for a moment at the start. */
  readonly metrics: () => Promise<string> | null;
  /** Returns where other devices on the network find the page; `null` where none can. */
  readonly networkUrl: () => string | null;
}

/** The streamer's switch for rewinding. */
export interface Rewinding {
  /** `null` if the program was started without rewinding, which cannot be switched on then. */
  readonly past: Past | null;
  /** Whether viewers can go back. */
  readonly isOn: boolean;
  /** Switches it; off forgets everything at once. */
  setOn(isOn: boolean): void;
}

/** What the streamer controls. */
export interface Studio {
  /** Title and on air. */
  readonly channel: Channel;
  /** Sums up what happens while it is on air. */
  readonly broadcast: Pick<Broadcast, "summary">;
  /** What can be shown, and what is. */
  readonly sources: Sources;
  /** The controls of the current source's camera. */
  readonly controls: Pick<CameraControls, "list" | "set" | "reset">;
  /** How frames are turned. */
  readonly picture: PictureControl;
  /** The source of sound, and how it is set. */
  readonly sound: Pick<SoundControl, "studio" | "sources" | "switchTo" | "set">;
  /** Whether viewers can rewind. */
  readonly kept: Rewinding;
  /** Returns what only the streamer may know. */
  readonly state: () => StudioState;
}
