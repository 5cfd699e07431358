import { pictureSize } from "../../jpeg/size.ts";
import type { Viewer } from "../../viewers/viewer.ts";
import { viewerId } from "../identity.ts";
import { countPeople } from "../live/channel_state.ts";
import type { Route } from "../router.ts";
import type { Services } from "../services.ts";

/** `/state`: how the stream is doing, in µStreamer's shape and more. No viewer's address is told. */
export function stateRoute(services: Services): Route {
  return {
    GET({ request }) {
      const result = { ...sharedState(services), you: ownState(services, viewerId(request)) };
      return Response.json({ ok: true, result }, { headers: { "cache-control": "no-store" } });
    },
  };
}

function sharedState(services: Services) {
  const { title, asked, hub, registry, donations, instanceId, startedAt, ...rest } = services;
  const { live, source, reason } = rest.source();
  const rate = registry.sourceRate;
  const resolution = hub.newest ? pictureSize(hub.newest.jpeg) : null;
  const viewers = [...registry.viewers];
  return {
    instance_id: instanceId,
    source: {
      resolution: resolution ?? { width: asked.width, height: asked.height },
      online: live,
      desired_fps: asked.fps,
      captured_fps: round(rate.frames),
      captured_bitrate: Math.round(rate.bits),
    },
    stream: {
      queued_fps: round(Math.max(0, ...viewers.map((viewer) => viewer.rate.frames))),
      clients: viewers.length,
      clients_stat: Object.fromEntries(viewers.map((viewer, i) => [i, clientState(viewer)])),
    },
    title,
    onAir: rest.channel.onAir,
    live,
    reason,
    sourceName: source,
    viewers: countPeople(viewers),
    uptime: Math.max(0, Date.now() - startedAt) / 1000,
    donations: donations.count,
    counters: rest.counters(),
  };
}

function clientState({ delivery: { kbps, ...rest } }: Viewer) {
  return { ...rest, bitrate: kbps * 1000 };
}

function ownState({ registry, settings }: Services, id: string | null) {
  const own = id === null ? undefined : [...registry.viewers].find((viewer) => viewer.id === id);
  const chosen = settings.get(id ?? "");
  return { ...chosen, delivery: own?.delivery ?? null };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
