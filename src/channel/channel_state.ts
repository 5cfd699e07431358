import type { Channel } from "./channel.ts";
import type { Goal } from "./goal.ts";
import type { Pin } from "./pin.ts";
import type { Room } from "./room.ts";
import type { ChannelState, ClipRule, Rewind, SoundState, SourceReason } from "../live_messages.ts";

/** How the source is doing, as everyone may know it. */
export interface SourceStatus {
  /** Whether it gives frames. */
  readonly live: boolean;
  /** What kind of source it is: `network camera`. */
  readonly source: string;
  /** Why it is not live; `null` while it is. */
  readonly reason: SourceReason | null;
}

/** What the channel's state is read from. */
export interface ChannelStateSources {
  /** The title, and whether the channel is on air. */
  readonly channel: Pick<Channel, "title" | "onAir" | "onAirSince">;
  /** The rules of the chat. */
  readonly room: Pick<Room, "publicSettings">;
  /** Counts the viewers. */
  readonly presence: { readonly count: number };
  /** The pinned message. */
  readonly pin: Pick<Pin, "message">;
  /** Returns how the source is doing. */
  readonly source: () => SourceStatus;
  /** Returns the page of the livestream that this one relays; `null` unless it is a relay. */
  readonly origin?: () => string | null;
  /** Returns how the sound is. */
  readonly sound: () => SoundState;
  /** When the server started, as wall time. */
  readonly startedAt: number;
  /** The streamer's payment page; `null` without one. */
  readonly donateUrl: string | null;
  /** The currency of donations; `null` for plain numbers. */
  readonly currency: string | null;
  /** What the streamer hopes for. */
  readonly goal: Pick<Goal, "current">;
  /** Returns how far back viewers can go; `null` while they cannot. */
  readonly rewind: () => Rewind | null;
  /** Returns who may make clips. */
  readonly clips: () => ClipRule;
}

/** Returns how the channel is doing, as everyone may know it. */
export function channelState(sources: ChannelStateSources): ChannelState {
  const { channel, room, pin, presence, source, startedAt } = sources;
  const { donateUrl, currency, goal } = sources;
  const { live, reason } = source();
  const pinned = pin.message;
  const origin = sources.origin?.() ?? null;
  return {
    title: channel.title,
    onAir: channel.onAir,
    live,
    reason,
    sound: sources.sound(),
    viewers: presence.count,
    startedAt,
    onAirSince: channel.onAirSince,
    ...room.publicSettings,
    donateUrl,
    currency,
    goal: goal.current,
    ...(pinned && { pinned }),
    rewind: sources.rewind(),
    clips: sources.clips(),
    ...(origin !== null && { origin }),
  };
}
