import { estimateQuality } from "../../media/jpeg/quality.ts";
import { STANDARD_TABLES } from "../../media/jpeg/huffman.ts";
import { readSegments } from "../../media/jpeg/segments.ts";
import type { Session } from "../../consumers/session/session.ts";
import type { Donations } from "../../channel/donations.ts";
import { SYSTEM_CLOCK } from "../../clock.ts";
import { viewerId } from "../identity.ts";
import type { Handlers } from "../route.ts";
import type { Status, Viewing } from "../route_parts.ts";

/** What `/state` needs of the status. */
export type ProgramStatus = Pick<Status, "channelState" | "run">;

/**
 * Answers `/state`: every field of µStreamer 6's `/state`, of the same type, and more. It reveals no
 * viewer's address.
 */
export function stateRoute(
  status: ProgramStatus,
  viewing: Pick<Viewing, "audience" | "choices" | "program">,
  donations: Pick<Donations, "count">,
): Handlers {
  return {
    GET(call) {
      const result = {
        ...sharedState(status, viewing, donations),
        you: ownState(viewing, viewerId(call)),
      };
      return Response.json({ ok: true, result }, { headers: { "cache-control": "no-store" } });
    },
  };
}

function sharedState(
  { channelState, run }: ProgramStatus,
  { program, audience }: Pick<Viewing, "audience" | "program">,
  donations: Pick<Donations, "count">,
) {
  const { title, onAir, live, reason, viewers, startedAt, onAirSince, origin } = channelState();
  const requested = run.requested();
  const rate = run.sourceRate();
  const { width, height } = program.size ?? requested;
  const sessions = [...audience.viewers];
  return {
    instance_id: run.instanceId,
    // As µStreamer does, `HW` of quality 0 stands for a camera that encodes the frames itself.
    encoder: live && onAir && run.copies()
      ? { type: "HW", quality: 0 }
      : { type: "CPU", quality: program.newest ? qualityOfFrame(program.newest.data) : 0 },
    source: {
      resolution: { width, height },
      online: live,
      desired_fps: requested.fps,
      captured_fps: Math.round(rate.frames),
      captured_bitrate: Math.round(rate.bits),
    },
    stream: {
      queued_fps: Math.round(Math.max(0, ...sessions.map(({ delivery }) => delivery.fps))),
      clients: sessions.length,
      clients_stat: Object.fromEntries(
        sessions.map((session) => [keyOf(session), clientState(session)]),
      ),
    },
    title,
    onAir,
    live,
    reason,
    sourceName: run.sourceName(),
    sound: run.sound(),
    viewers,
    ...(origin !== undefined && { origin }),
    onAirSince,
    uptime: Math.max(0, SYSTEM_CLOCK.wall() - startedAt) / 1000,
    donations: donations.count,
    counters: run.counters(),
  };
}

/** Returns the IJG quality nearest to a frame's quantization tables; 0 if they cannot be read. */
function qualityOfFrame(jpeg: Uint8Array<ArrayBuffer>): number {
  try {
    const [{ components: [luma] }] = readSegments(jpeg, STANDARD_TABLES).scans;
    return luma.quantization ? estimateQuality(luma.quantization) : 0;
  } catch {
    return 0;
  }
}

/** Returns 16 hexadecimal digits, as µStreamer names its clients. */
function keyOf({ connection }: Session): string {
  return connection.replaceAll("-", "").slice(-16);
}

/**
 * Returns the state of one session. µStreamer's clients can request other headers and frames without
 * data, which this server ignores. Their `key` is not shown, since it may be secret.
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

function ownState(
  { audience, choices }: Pick<Viewing, "audience" | "choices">,
  id: string | null,
) {
  const own = id === null ? undefined : [...audience.viewers].find((viewer) => viewer.id === id);
  const chosen = choices.get(id ?? "");
  return { ...chosen, delivery: own?.delivery ?? null };
}
