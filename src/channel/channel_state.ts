import type { Channel } from "./channel.ts";
import type { Room } from "./room.ts";
import type { ChannelState } from "../live_messages.ts";

/** How the source is doing, as everyone may know it. */
export interface SourceStatus {
  /** Whether it gives frames. */
  readonly live: boolean;
  /** What kind of source it is: `network camera`. */
  readonly source: string;
  /** Why it is not live; `null` while it is. */
  readonly reason: string | null;
}

/** What the channel's state is read from. */
export interface ChannelStateSources {
  /** The title, and whether the channel is on air. */
  readonly channel: Pick<Channel, "title" | "onAir">;
  /** The rules of the chat. */
  readonly room: Pick<Room, "publicSettings">;
  /** The streams that run. */
  readonly audience: { readonly viewers: Iterable<{ readonly id: string | null }> };
  /** Returns how the source is doing. */
  readonly source: () => SourceStatus;
  /** When the server started, as wall time. */
  readonly startedAt: number;
  /** The streamer's payment page; `null` without one. */
  readonly donateUrl: string | null;
}

/** Returns how the channel is doing, as everyone may know it. */
export function channelState(sources: ChannelStateSources): ChannelState {
  const { channel, room, audience, source, startedAt, donateUrl } = sources;
  const { live, reason } = source();
  return {
    title: channel.title,
    onAir: channel.onAir,
    live,
    reason,
    viewers: countPeople(audience.viewers),
    startedAt,
    ...room.publicSettings,
    donateUrl,
  };
}

/** Counts people: a browser once, however many streams it has; every program without a cookie. */
export function countPeople(viewers: Iterable<{ readonly id: string | null }>): number {
  const known = new Set<string>();
  let unknown = 0;
  for (const { id } of viewers) {
    if (id === null) unknown++;
    else known.add(id);
  }
  return known.size + unknown;
}
