import { estimateQuality } from "../../media/jpeg/quality.ts";
import { STANDARD_TABLES } from "../../media/jpeg/huffman.ts";
import { readSegments } from "../../media/jpeg/segments.ts";
import type { Session } from "../../consumers/session/session.ts";
import { viewerId } from "../identity.ts";
import { countPeople } from "../page_socket/channel_state.ts";
import type { Route } from "../router.ts";
import type { Services } from "../services.ts";

/**
 * `/state`: how the stream is doing. It has every field of µStreamer 6's `/state`, of the same type,
 * and more. It reveals no viewer's address.
 */
export function stateRoute(services: Services): Route {
  return {
    GET(call) {
      const result = { ...sharedState(services), you: ownState(services, viewerId(call)) };
      return Response.json({ ok: true, result }, { headers: { "cache-control": "no-store" } });
    },
  };
}

function sharedState(services: Services) {
  const { title, asked, hub, registry, donations, instanceId, startedAt, ...rest } = services;
  const { live, source, reason } = rest.source();
  const { rate } = rest.sourceRate;
  const { width, height } = hub.size ?? asked;
  const viewers = [...registry.viewers];
  return {
    instance_id: instanceId,
    encoder: encoderState(services),
    source: {
      resolution: { width, height },
      online: live,
      desired_fps: asked.fps,
      captured_fps: Math.round(rate.frames),
      captured_bitrate: Math.round(rate.bits),
    },
    stream: {
      queued_fps: Math.round(Math.max(0, ...viewers.map(({ delivery }) => delivery.fps))),
      clients: viewers.length,
      clients_stat: Object.fromEntries(
        viewers.map((viewer) => [keyOf(viewer), clientState(viewer)]),
      ),
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

/**
 * What encodes the frames that viewers get. As µStreamer does, `HW` of quality 0 stands for a camera
 * that encodes them itself. Standby and off-air cards are encoded here.
 */
function encoderState({ source, channel, copies, hub: { newest } }: Services) {
  if (source().live && channel.onAir && copies()) return { type: "HW", quality: 0 };
  return { type: "CPU", quality: newest ? qualityOfFrame(newest.data) : 0 };
}

/** The IJG quality that comes nearest to a frame's tables; 0 where they cannot be read. */
function qualityOfFrame(jpeg: Uint8Array<ArrayBuffer>): number {
  try {
    const [{ components: [luma] }] = readSegments(jpeg, STANDARD_TABLES).scans;
    return luma.quantization ? estimateQuality(luma.quantization) : 0;
  } catch {
    return 0;
  }
}

/** 16 hexadecimal digits, as µStreamer names its clients. */
function keyOf({ connection }: Session): string {
  return connection.replaceAll("-", "").slice(-16);
}

/**
 * One stream. µStreamer's clients can ask for other headers and for frames without data, which this
 * server ignores, and name themselves by a `key`, which is not shown: it may be a secret of theirs.
 */
function clientState({ delivery: { fps, kbps, ...rest } }: Session) {
  return {
    fps: Math.round(fps),
    extra_headers: false,
    advance_headers: false,
    dual_final_frames: false,
    zero_data: false,
    key: "0",
    ...rest,
    bitrate: kbps * 1000,
  };
}

function ownState({ registry, settings }: Services, id: string | null) {
  const own = id === null ? undefined : [...registry.viewers].find((viewer) => viewer.id === id);
  const chosen = settings.get(id ?? "");
  return { ...chosen, delivery: own?.delivery ?? null };
}
