import { Audience, type AudienceLimits } from "../audience/audience.ts";
import type { PlayingPrograms } from "../audience/playing_programs.ts";
import { Presence } from "../audience/presence.ts";
import { Broadcast } from "../channel/broadcast.ts";
import { type Community, createCommunity } from "../channel/community.ts";
import { Secret, TOKEN_REASONS } from "../channel/secret.ts";
import { SoundControl } from "../channel/sound_control.ts";
import { ViewerPassword } from "../channel/viewer_password.ts";
import { ViewerChoices } from "../consumers/session/choices.ts";
import { PageSound } from "../consumers/sound/page_sound.ts";
import type { Access } from "../http/access.ts";
import { applyToStreams } from "../http/apply_to_streams.ts";
import { TrustedProxies } from "../http/client_address.ts";
import { connectionClients, maxConnectionsOfClient } from "../http/connection_client.ts";
import { channelState } from "../channel/channel_state.ts";
import type { PageSocket } from "../http/page_socket/page_socket.ts";
import { createPageSockets, type PageSockets } from "../http/page_socket/page_sockets.ts";
import { PostLimit } from "../http/post_limit.ts";
import type { RouteTable } from "../http/route.ts";
import { Languages } from "../http/pages/languages.ts";
import { createRoutes } from "../http/routes.ts";
import { type Server, startServer } from "../http/server.ts";
import { StudioHistory } from "../channel/studio_history.ts";
import { deliveryToAll, type PictureControl, studioState } from "../channel/studio_state.ts";
import { ConnectionKeeper } from "../net/connections/connection_keeper.ts";
import { Networks } from "../net/networks.ts";
import type { Snapshots } from "../streams/snapshots.ts";
import { SoundStream } from "../streams/sound_stream.ts";
import type { Stream } from "../streams/stream.ts";
import type { AacTrack } from "../streams/aac.ts";
import type { AssemblyParts, AssemblySettings, SocketLimits } from "./parts.ts";
import { type ChannelEvents, createChannelEvents } from "./channel_events.ts";
import { createClips, type RunningClips } from "./clips.ts";
import type { Publications } from "../consumers/publisher/publications.ts";
import type { Recordings } from "../consumers/recording/recordings.ts";
import { createOutputs } from "./outputs.ts";
import { createProgramPlayback } from "./program_playback.ts";
import { createPastViewing } from "./past_viewing.ts";
import { createRewind, type KeptPast } from "./rewind.ts";
import { createStreams } from "./streams.ts";
import { listEncoders, type RunningVideoTracks } from "./video_tracks.ts";

/** Streams, audience, channel and pages, joined. */
export interface Assembly extends AsyncDisposable {
  /** What the source gives, standby cards included. */
  readonly camera: Stream;
  /** What viewers see. */
  readonly program: Stream;
  /** The program as H.264. */
  readonly video: RunningVideoTracks;
  /** Single frames of the program. */
  readonly snapshots: Snapshots;
  /** Who may hear the source of sound, and when it is open. */
  readonly sound: SoundControl;
  /** What those who listen are given. */
  readonly soundStream: SoundStream;
  /** The same as AAC, with silence where it has none. */
  readonly aac: AacTrack;
  /** Gives it to pages. */
  readonly pageSound: PageSound<PageSocket>;
  /** The sessions, and what they share. */
  readonly audience: Audience;
  /** Counts the viewers. */
  readonly presence: Presence;
  /** Chat, donations and moderation. */
  readonly community: Community;
  /** The programs that play sound or video. */
  readonly programs: PlayingPrograms;
  /** What is recorded; `null` without a folder for it. */
  readonly recordings: Recordings | null;
  /** Where it is published to. */
  readonly publications: Publications;
  /** What each viewer chose. */
  readonly choices: ViewerChoices;
  /** The WebSockets of pages. */
  readonly pageSockets: PageSockets;
  /** Sums up what happened since the channel went on air. */
  readonly broadcast: Broadcast;
  /** What was on air a while ago. */
  readonly kept: KeptPast;
  /** Clips of that. */
  readonly clips: RunningClips;
  /** What happens, for programs and other services. */
  readonly events: ChannelEvents;
  /** Who may use the server. */
  readonly access: Access;
  /** Ends connections that take too long. */
  readonly connections: ConnectionKeeper;
  /** Which addresses count as one client. */
  readonly networks: Networks;
  /** Every path. */
  readonly routes: RouteTable;
  /** Those of the pages. */
  readonly languages: Languages;
  /** Does what is due. Call it four times a second. */
  tick(): void;
  /**
   * Begins to listen. Call it once.
   *
   * @throws {UserError} The port is in use or forbidden, or the address is not this machine's.
   */
  listen(): Server;
}

/** Page sockets of pages that are paused. */
const SPARE_SOCKETS = 50;
const SPARE_SOCKETS_OF_ADDRESS = 10;

/**
 * Builds everything between the source and the socket: streams, then the sessions that consume them,
 * the channel's community, and the routes. Each part uses only those above it.
 */
export async function assemble(
  settings: AssemblySettings,
  parts: AssemblyParts,
): Promise<Assembly> {
  const { store, files, channel, source, sourceRate, report, log, clock } = parts;
  const { limits, instanceId, donateUrl, currency, ffmpeg, fps } = settings;

  const { camera, cameraSessions, program, programSessions, onAir, encoders, video, ...streams } =
    await createStreams(settings, parts);
  const { snapshots } = streams;

  const soundStream = new SoundStream();
  const pageSound = new PageSound<PageSocket>(soundStream, clock);
  const sound = new SoundControl({
    ...{ producer: parts.sound, stream: soundStream, channel, store: store.sound, log, clock },
    initial: settings.sound,
  });
  const outputs = createOutputs(settings, {
    ...{ program, video, sound: soundStream, snapshots, motion: streams.motion.recording },
    ...{ channel, log, clock },
  });
  const { aac, recordings, hls, publications } = outputs;

  const kept = createRewind({
    ...{ ...settings.past, program, sound: soundStream, channel, store: store.room },
    ...{ transcoder: parts.transcoder, log, clock },
  });

  const networks = new Networks();
  const connections = new ConnectionKeeper({
    log,
    maxPerClient: settings.maxConnections ?? maxConnectionsOfClient(limits.maxPerAddress),
    clientOf: connectionClients(new TrustedProxies(settings.trustedProxy ?? []), networks),
    isSecure: settings.tls != null,
    congestion: settings.congestion ?? "auto",
  });
  const audience = new Audience({
    ...{ program: programSessions, camera: cameraSessions, limits, connections, log },
  });
  const past = createPastViewing({
    ...{ kept, rewind: settings.past.rewind, audience, transcoder: parts.transcoder, clock },
    conditions: {
      source: sourceRate,
      gaming: parts.motion,
      ladder: programSessions.conditions.ladder,
      probes: programSessions.conditions.probes,
    },
  });
  const presence = new Presence(() => audience.viewers, limits.maxPerAddress);
  const choices = new ViewerChoices((id) => audience.isWatching(id));
  const community = createCommunity({ store, log, clock });
  const clips = createClips({
    ...{ kept, ffmpeg, channel, community, store: store.room, log, clock },
    encoder: () => encoders.encoder,
    listEncoders: () => listEncoders(ffmpeg, log),
  });
  const sockets = settings.sockets ?? socketLimits(limits);
  const events = createChannelEvents({
    ...{ program, watch: streams.motion.events, source, channel, community, audience },
    ...{ currency, limits: sockets, clock },
  });
  const playback = createProgramPlayback({
    sound: { stream: soundStream, state: () => sound.state },
    ...{ channel, audience, ffmpeg, log, clock },
  });
  applyToStreams({ community, choices, audience, programs: playback.programs });

  const picture = redrawing(source.picture, () => {
    onAir.redrawCard();
    events.alarm.interrupt();
  });
  const state = () =>
    channelState({
      ...{ channel, room: community.room, pin: community.pin, presence },
      ...{ donateUrl, currency, goal: community.goal },
      source: () => source.state,
      origin: () => parts.lineage?.origin ?? null,
      sound: () => sound.state,
      startedAt: report.startedAt(),
      rewind: kept.rewind,
      clips: () => clips.clips.rule,
    });
  const motion = () => parts.motion.intensity;
  const studio = () =>
    studioState({
      ...{ ...community, audience, camera, sourceRate, picture },
      sources: source.sources,
      sound: {
        studio: sound.studio,
        hearingOf: (session) => pageSockets.hearingOf(session),
      },
      health: report.health,
      motion,
      kept: () => ({ recording: recordings?.studio ?? null, ...kept.studio() }),
      publications: () => publications.list,
      hls: settings.hls ?? false,
    });
  const viewers = () => state().viewers;
  const studioHistory = new StudioHistory(() => ({
    viewers: viewers(),
    ...deliveryToAll(audience.viewers),
    motion: parts.motion.intensity,
  }), clock);
  const broadcast = new Broadcast({ ...community, ...{ channel, viewers, audience, log, clock } });
  const posts = new PostLimit(clock);
  const pageSockets = createPageSockets({
    ...{ channel, community, audience, presence, choices, posts, state, motion },
    replays: past?.replays ?? null,
    ...{ studio, studioHistory, instanceId, log, clock },
    sound: { control: sound, pages: pageSound },
    ...sockets,
  });
  source.events.on("state", () => pageSockets.updateState());
  kept.past?.events.on("change", () => pageSockets.updateState());
  clips.permission.events.on("change", () => pageSockets.updateState());

  const { adminToken: secret, isTokenRandom: isRandom, password } = settings;
  const access: Access = {
    streamerToken: new Secret({ secret, isRandom, reasons: TOKEN_REASONS, clock }),
    viewerPassword: password === null
      ? null
      : new ViewerPassword({ password, kept: store.secret, clock }),
    moderation: community.moderation,
    kicks: audience.kicks,
    ...{ posts, channel },
  };
  const languages = new Languages(files);
  const routes = await createRoutes(files, languages, access, {
    viewing: { audience, choices, program, snapshots, connections, past },
    playback,
    video,
    hls: settings.hls ? hls : null,
    clips,
    community,
    pageSockets,
    eventStreams: events.streams,
    status: {
      channelState: state,
      run: {
        instanceId,
        // Browsers send no cookie from a frame of another site, so the password would be asked for in vain.
        isEmbeddable: (settings.allowOrigin ?? []).length > 0 && password === null,
        sourceName: () => source.state.source,
        requested: () => ({ ...source.size, fps }),
        sourceRate: () => sourceRate.rate,
        copies: () => source.copies,
        sound: () => ({ state: sound.state, listeners: soundStream.listeners }),
        counters: () => ({ ...report.counters(), stalled: audience.totals.stalled }),
      },
      ...report,
    },
    ...{ recordings, publications },
    studio: {
      ...{ channel, broadcast, picture, sound, state: studio },
      ...{ sources: source.sources, controls: source.controls, kept },
    },
  });

  let server: Server | null = null;
  return {
    ...{ camera, program, snapshots, audience, presence, community, choices, pageSockets },
    video: encoders,
    ...{ recordings, publications },
    ...{ sound, soundStream, aac, pageSound },
    programs: playback.programs,
    ...{ broadcast, kept, clips, events, access, languages, connections, networks, routes },
    tick() {
      audience.leaveToPrograms(playback.programs.bits);
      for (const part of [camera, program, encoders, snapshots, audience, pageSockets]) part.tick();
      past?.replays.tick();
      playback.programs.tick();
      for (const part of [community.celebrations, studioHistory, broadcast, sound, kept, clips]) {
        part.tick();
      }
      outputs.tick();
      events.tick();
    },
    listen: () =>
      server = startServer(settings, { routes, access, languages, connections, networks, log }),
    async [Symbol.asyncDispose]() {
      pageSockets.close();
      events.streams.close();
      audience.close();
      playback.programs.close();
      await playback[Symbol.asyncDispose]();
      await outputs[Symbol.asyncDispose]();
      await encoders[Symbol.asyncDispose]();
      await clips[Symbol.asyncDispose]();
      await kept[Symbol.asyncDispose]();
      await onAir.stop();
      await server?.stop();
    },
  };
}

/** Two page sockets for every viewer, and some for pages that are paused. */
function socketLimits({ maxViewers, maxPerAddress }: AudienceLimits): SocketLimits {
  return {
    maxSockets: 2 * maxViewers + SPARE_SOCKETS,
    maxPerAddress: 2 * maxPerAddress + SPARE_SOCKETS_OF_ADDRESS,
  };
}

/** Calls `onTurn` when frames are turned: the off-air card may then have another size, and nothing has moved. */
function redrawing(picture: PictureControl, onTurn: () => void): PictureControl {
  return {
    get turn() {
      return picture.turn;
    },
    set turn(turn) {
      picture.turn = turn;
      onTurn();
    },
  };
}
