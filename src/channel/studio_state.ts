import type {
  Delivery,
  Hearing,
  StudioPublication,
  StudioRecording,
  StudioRewind,
  StudioSound,
  StudioState,
  StudioTimelapse,
  StudioViewer,
} from "../live_messages.ts";
import type { Size } from "../media/jpeg/size.ts";
import type { Turn } from "../media/turn.ts";
import type { Community } from "./community.ts";

/** A session, as the studio lists it. */
export interface ListedSession {
  /** The id in the viewer's cookie; `null` for a client without one. */
  readonly id: string | null;
  /** What the viewer's page calls it; `null` for a program. */
  readonly page: string | null;
  /** Identifies the session. */
  readonly connection: string;
  /** What the viewer watches with: `Chrome on Android`. */
  readonly device: string;
  /** When it was opened, as wall time. */
  readonly since: number;
  /** What is sent, and how it arrives. */
  readonly delivery: Delivery;
}

/** The sources that can be chosen, and the one that is. For the streamer alone. */
export interface Sources {
  /** One of those that are listed; empty before there is one. */
  readonly current: string;
  /** In words: `Fake Webcam (/dev/video0)`, `rtsp://10.0.0.7`. */
  readonly name: string;
  /** Why it is not live; `null` while it is. */
  readonly reason: string | null;
  /** Lists what can be switched to. */
  list(): Promise<readonly { readonly source: string; readonly name: string }[]>;
  /** Shows another source. */
  switchTo(source: string): Promise<void>;
}

/** How the streamer turns the source's frames. */
export interface PictureControl {
  /** Set it to turn them otherwise from now on. */
  turn: Turn;
}

/** Why a part does not do its work, for the streamer; `null` while it does. */
export type Health = Readonly<Record<"source" | "ffmpeg" | "store" | "workers", string | null>>;

/** What the studio's state is read from. */
export interface StudioStateSources
  extends Pick<Community, "moderation" | "moderators" | "people" | "room"> {
  /** The sessions. */
  readonly audience: { readonly viewers: Iterable<ListedSession> };
  /** The sources that can be chosen. */
  readonly sources: Sources;
  /** How frames are turned. */
  readonly picture: PictureControl;
  /** Returns why a part does not work. */
  readonly health: () => Health;
  /** The stream of the source's frames, also off air. */
  readonly camera: { readonly size: Size | null };
  /** How much the source gives. */
  readonly sourceRate: { readonly rate: { readonly frames: number; readonly bits: number } };
  /** Intensity of the newest motion, 0..1; `null` while nobody needs it measured. */
  readonly motion: () => number | null;
  /** The sound, and how pages hear it. */
  readonly sound: ListenedSound;
  /** Returns what is kept of the program. */
  readonly kept: () => KeptProgram;
  /** Returns where the program is published to. */
  readonly publications: () => readonly StudioPublication[];
  /** Whether it can be had as HLS. */
  readonly hls: boolean;
}

/** What is kept of the program; `null` where nothing is to be. */
export interface KeptProgram {
  /** In files. */
  readonly recording: StudioRecording | null;
  /** For rewinding. */
  readonly rewind: StudioRewind | null;
  /** For a timelapse. */
  readonly timelapse: StudioTimelapse | null;
}

/** The sound, and how pages hear it. */
export interface ListenedSound {
  /** The sound, as the streamer sees it. */
  readonly studio: StudioSound;
  /** Returns how the page of a session hears; `null` while it does not listen. */
  hearingOf(session: Pick<ListedSession, "id" | "page">): Hearing | null;
}

/** Returns what only the streamer sees. */
export function studioState(parts: StudioStateSources): StudioState {
  const { audience, sources, picture, health, camera, motion, moderation, room } = parts;
  const viewers = [...audience.viewers].map((session) => studioViewer(session, parts));
  const { frames, bits } = parts.sourceRate.rate;
  return {
    viewers,
    source: sources.current,
    sourceName: sources.name,
    reason: sources.reason,
    turn: picture.turn,
    sound: parts.sound.studio,
    health: health(),
    captured: {
      fps: Math.round(frames * 10) / 10,
      kbps: Math.round(bits / 1000),
      ...(camera.size ?? { width: 0, height: 0 }),
    },
    ...deliveryToAll(viewers),
    motion: motion(),
    ...room.studioSettings,
    bans: moderation.bans,
    moderators: parts.moderators.list,
    ...parts.kept(),
    publications: parts.publications(),
    hls: parts.hls,
  };
}

/** Returns what all viewers together are sent, and their median delay. */
export function deliveryToAll(
  viewers: Iterable<{ readonly delivery: Pick<Delivery, "kbps" | "delay"> }>,
): Pick<StudioState, "kbps" | "delay"> {
  const deliveries = Array.from(viewers, ({ delivery }) => delivery);
  return {
    kbps: Math.round(deliveries.reduce((sum, { kbps }) => sum + kbps, 0)),
    delay: median(deliveries.flatMap(({ delay }) => delay ?? [])),
  };
}

function studioViewer(
  session: ListedSession,
  { people, sound }: Pick<StudioStateSources, "people" | "sound">,
): StudioViewer {
  const { id, connection, device, since, delivery } = session;
  const person = id === null ? null : people.of(id);
  return {
    id: connection,
    author: person?.author ?? null,
    name: person?.name ?? null,
    device,
    since,
    delivery,
    hearing: sound.hearingOf(session),
  };
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
