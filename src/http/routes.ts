import type { Community } from "../channel/community.ts";
import { newToken } from "../channel/secret.ts";
import type { Hls } from "../consumers/hls/hls.ts";
import type { Publications } from "../consumers/publisher/publications.ts";
import type { Recordings } from "../consumers/recording/recordings.ts";
import type { VideoTracks } from "../streams/video.ts";
import type { Access } from "./access.ts";
import type { EventStreams } from "./event_streams.ts";
import { History } from "./history.ts";
import type { PageSockets } from "./page_socket/page_sockets.ts";
import type { Handlers, Policy, Route, RouteTable } from "./route.ts";
import type { Clipping, ProgramPlayback, Status, Studio, Viewing } from "./route_parts.ts";
import { adminChannelRoutes } from "./routes/admin/channel.ts";
import { adminChatRoutes } from "./routes/admin/chat.ts";
import { adminDonationRoutes } from "./routes/admin/donations.ts";
import { adminControlRoutes } from "./routes/admin/controls.ts";
import { adminExportRoutes } from "./routes/admin/exports.ts";
import { adminRewindRoutes } from "./routes/admin/rewind.ts";
import { adminPublishRoutes } from "./routes/admin/publish.ts";
import { adminRecordingRoutes } from "./routes/admin/recordings.ts";
import { adminSoundRoutes } from "./routes/admin/sound.ts";
import { chatRoute } from "./routes/chat.ts";
import { adminClipRoutes, clipRoutes } from "./routes/clips.ts";
import { donateRoute } from "./routes/donate.ts";
import { eventsRoute } from "./routes/events.ts";
import { healthzRoute } from "./routes/healthz.ts";
import { hlsRoutes } from "./routes/hls.ts";
import { languageRoute } from "./routes/language.ts";
import { liveRoute } from "./routes/live.ts";
import { loginRoute } from "./routes/login.ts";
import { manifestRoute } from "./routes/manifest.ts";
import { metricsRoute } from "./routes/metrics.ts";
import { moderationRoutes } from "./routes/moderation.ts";
import { pageRoute } from "./routes/page.ts";
import { qrRoute } from "./routes/qr.ts";
import { reactionsRoute } from "./routes/reactions.ts";
import { recordingRoutes } from "./routes/recordings.ts";
import { settingsRoute } from "./routes/settings.ts";
import { snapshotRoute } from "./routes/snapshot.ts";
import { soundRoutes } from "./routes/sound.ts";
import { stateRoute } from "./routes/state.ts";
import { streamRoute } from "./routes/stream.ts";
import { studioRoute } from "./routes/studio.ts";
import { videoRoutes } from "./routes/video.ts";
import { pageTemplate } from "./pages/page_template.ts";
import type { Languages } from "./pages/languages.ts";
import type { Language } from "./pages/page_texts.ts";
import { type StaticFiles, staticRoute, textOf } from "./static_files.ts";

/** What the routes work with, by subject. */
export interface RouteParts {
  /** How viewers receive the stream. */
  readonly viewing: Viewing;
  /** How programs receive the sound. */
  readonly playback: ProgramPlayback;
  /** The program's H.264. */
  readonly video: VideoTracks;
  /** The program as HLS; `null` without. */
  readonly hls: Hls | null;
  /** Clips, and who may make them. */
  readonly clips: Clipping;
  /** Chat, donations, people and moderation. */
  readonly community: Community;
  /** The page sockets. */
  readonly pageSockets: PageSockets;
  /** The clients that read what happens. */
  readonly eventStreams: EventStreams;
  /** What the program reports. */
  readonly status: Status;
  /** What is recorded; `null` without a folder for it. */
  readonly recordings: Recordings | null;
  /** Where it is published to. */
  readonly publications: Publications;
  /** What the streamer controls. */
  readonly studio: Studio;
}

/**
 * Builds the one table of paths, which says for each who may use it and what answers it. Routes of the
 * same object are aliases.
 */
export async function createRoutes(
  files: StaticFiles,
  languages: Languages,
  access: Pick<Access, "streamerToken" | "viewerPassword">,
  parts: RouteParts,
): Promise<RouteTable> {
  const {
    viewing,
    playback,
    video,
    hls,
    clips,
    community,
    pageSockets,
    status,
    recordings,
    studio,
  } = parts;
  const recordingTicket = newToken();
  const page = (path: string) => ({
    template: pageTemplate(textOf(files, path), files, languages.all),
    languages,
  });
  const banned = page("/banned.html");
  const history = new History(community);
  const watch = { ...viewing, community, status, history, video };
  const snapshot: Route = {
    access: "viewer",
    shared: "data",
    refusesBanned: true,
    refusesKicked: "always",
    ...snapshotRoute(viewing),
  };
  const routes: Readonly<Record<string, Route>> = {
    "/": { access: "viewer", ...pageRoute(page("/index.html"), banned, watch) },
    "/embed": {
      access: "viewer",
      shared: "frame",
      ...pageRoute(page("/embed.html"), banned, watch),
    },
    "/stream": {
      access: "viewer",
      shared: "data",
      refusesBanned: true,
      refusesKicked: "always",
      ...streamRoute(viewing),
    },
    ...soundRoutes(playback, viewing.connections),
    ...videoRoutes(video, playback, viewing.connections),
    ...withPolicy(
      // Unless other sites are allowed, answers have no Vary header, so one cached copy serves everyone.
      { access: "viewer", ...status.run.isEmbeddable && { shared: "data" } },
      hlsRoutes(hls, {
        page: textOf(files, "/hls.html"),
        languages: languages.all,
        channelState: status.channelState,
        chat: community.chat,
      }),
    ),
    "/snapshot": snapshot,
    "/snapshot.jpg": snapshot,
    "/state": {
      access: "viewer",
      shared: "data",
      ...stateRoute(status, viewing, community.donations),
    },
    "/events": {
      access: "viewer",
      shared: "data",
      refusesBanned: true,
      refusesKicked: "always",
      ...eventsRoute(parts.eventStreams, viewing.connections),
    },
    "/settings": { access: "viewer", ...settingsRoute(viewing.choices) },
    "/donate": {
      access: "viewer",
      refusesKicked: "changes",
      ...donateRoute(community.donations),
    },
    "/chat": {
      access: "viewer",
      refusesKicked: "changes",
      ...chatRoute(community.chat, history),
    },
    "/reactions": {
      access: "viewer",
      hasOwnPace: true,
      refusesKicked: "changes",
      ...reactionsRoute(community.reactions),
    },
    ...withPolicy({ access: "viewer", refusesKicked: "changes" }, moderationRoutes(community)),
    ...withPolicy(
      { access: "viewer", refusesBanned: true, refusesKicked: "always" },
      clipRoutes(clips.clips, access.streamerToken, viewing.connections),
    ),
    "/live": {
      access: "viewer",
      isSocket: true,
      ...liveRoute(pageSockets, viewing.connections, access.streamerToken),
    },
    "/manifest.webmanifest": { access: "viewer", ...manifestRoute(studio.channel) },
    "/language": { access: "everyone", ...languageRoute(languages) },
    "/qr.svg": { access: "viewer", ...qrRoute(status) },
    "/healthz": { access: "everyone", ...healthzRoute(status) },
    ...withPolicy(
      { access: "everyone" },
      recordingRoutes(recordings, recordingTicket, viewing.connections),
    ),
    ...withPolicy({ access: "streamer" }, adminRecordingRoutes(recordings, recordingTicket)),
    "/studio": { access: "everyone", ...studioRoute(page("/studio.html"), status) },
    "/metrics": { access: "streamer", ...metricsRoute(status) },
    ...withPolicy({ access: "streamer" }, adminChannelRoutes(studio, viewing, status)),
    ...withPolicy({ access: "streamer" }, adminChatRoutes(community)),
    ...withPolicy({ access: "streamer" }, adminDonationRoutes(community)),
    ...withPolicy({ access: "streamer" }, adminControlRoutes(studio.controls)),
    ...withPolicy({ access: "streamer" }, adminClipRoutes(clips.permission)),
    ...withPolicy({ access: "streamer" }, adminSoundRoutes(studio.sound)),
    ...withPolicy({ access: "streamer" }, adminRewindRoutes(studio.kept)),
    ...withPolicy({ access: "streamer" }, adminPublishRoutes(parts.publications)),
    ...withPolicy({ access: "streamer" }, adminExportRoutes(community.chat, studio.broadcast)),
  };
  const { viewerPassword } = access;
  const login: Readonly<Record<string, Route>> = viewerPassword
    ? {
      "/login": {
        access: "everyone",
        ...loginRoute(page("/login.html"), viewerPassword, studio.channel),
      },
    }
    : {};
  const fixed = [...await fileRoutes(files), ...await textRoutes(languages.all)];
  return new Map([...fixed, ...Object.entries({ ...routes, ...login })]);
}

function withPolicy(
  policy: Policy,
  handlers: Readonly<Record<string, Handlers>>,
): Record<string, Route> {
  return Object.fromEntries(
    Object.entries(handlers).map(([path, own]) => [path, { ...policy, ...own }]),
  );
}

/** Returns a route for the texts of every language, for what pages load late. Those that it lacks are English. */
async function textRoutes(languages: readonly Language[]): Promise<[path: string, route: Route][]> {
  const routes: [string, Route][] = [];
  for (const { tag, texts } of languages) {
    const path = `/texts/${tag}.json`;
    const file = new TextEncoder().encode(JSON.stringify(texts));
    routes.push([path, { access: "everyone", ...await staticRoute(path, file) }]);
  }
  return routes;
}

/** Returns a route for every file. Everyone may have them: they are the same in every installation. */
async function fileRoutes(files: StaticFiles): Promise<[path: string, route: Route][]> {
  const routes: [string, Route][] = [];
  for (const [path, bytes] of files) {
    // Pages are filled in, and texts completed.
    if (/\.(?:html|json)$/.test(path)) continue;
    routes.push([path, { access: "everyone", ...await staticRoute(path, bytes) }]);
  }
  return routes;
}
