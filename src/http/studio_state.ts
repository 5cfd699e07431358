import type { StudioState, StudioViewer } from "../live_messages.ts";
import type { Session } from "../consumers/session/session.ts";
import type { LiveServices } from "./live/live_services.ts";

/** Returns what only the streamer sees. */
export function studioState(services: LiveServices): StudioState {
  const { registry, people, sources, picture, health, camera, motion, moderation } = services;
  const viewers = [...registry.viewers].map((session) => studioViewer(session, people));
  const { frames, bits } = services.sourceRate.rate;
  return {
    viewers,
    source: sources.current,
    sourceName: sources.name,
    reason: sources.reason,
    turn: picture.turn,
    health: health(),
    captured: {
      fps: Math.round(frames * 10) / 10,
      kbps: Math.round(bits / 1000),
      ...(camera.size ?? { width: 0, height: 0 }),
    },
    kbps: Math.round(viewers.reduce((sum, { delivery }) => sum + delivery.kbps, 0)),
    delay: median(viewers.flatMap(({ delivery }) => delivery.delay ?? [])),
    motion: motion(),
    blockedWords: moderation.blockedWords,
    bans: moderation.bans,
  };
}

function studioViewer(session: Session, people: LiveServices["people"]): StudioViewer {
  const { id, connection, device, since, delivery } = session;
  const person = id === null ? null : people.of(id);
  return {
    id: connection,
    author: person?.author ?? null,
    name: person?.name ?? null,
    device,
    since,
    delivery,
  };
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
