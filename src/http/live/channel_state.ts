import type { ChannelState } from "../../live_messages.ts";
import type { LiveServices } from "./live_services.ts";

/** How the channel does, as everyone may know it. */
export function channelState(services: LiveServices): ChannelState {
  const { channel, registry, source, startedAt, moderation, donateUrl } = services;
  const { live, reason } = source();
  return {
    title: channel.title,
    onAir: channel.onAir,
    live,
    reason,
    viewers: countPeople(registry.viewers),
    startedAt,
    slowMode: moderation.slowMode,
    donateUrl,
  };
}

/** How many people watch: a browser once, however many streams it has; each program once. */
export function countPeople(viewers: Iterable<{ readonly id: string | null }>): number {
  const known = new Set<string>();
  let unknown = 0;
  for (const { id } of viewers) {
    if (id === null) unknown++;
    else known.add(id);
  }
  return known.size + unknown;
}
