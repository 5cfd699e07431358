import type { Community } from "../channel/community.ts";
import type { Access } from "./access.ts";
import { History } from "./history.ts";
import type { PageSockets } from "./page_socket/page_sockets.ts";
import type { Handlers, Route, RouteTable } from "./route.ts";
import type { Status, Studio, Viewing } from "./route_parts.ts";
import { adminChannelRoutes } from "./routes/admin/channel.ts";
import { adminChatRoutes } from "./routes/admin/chat.ts";
import { adminControlRoutes } from "./routes/admin/controls.ts";
import { chatRoute } from "./routes/chat.ts";
import { donateRoute } from "./routes/donate.ts";
import { healthzRoute } from "./routes/healthz.ts";
import { liveRoute } from "./routes/live.ts";
import { loginRoute } from "./routes/login.ts";
import { metricsRoute } from "./routes/metrics.ts";
import { pageRoute } from "./routes/page.ts";
import { qrRoute } from "./routes/qr.ts";
import { settingsRoute } from "./routes/settings.ts";
import { snapshotRoute } from "./routes/snapshot.ts";
import { stateRoute } from "./routes/state.ts";
import { streamRoute } from "./routes/stream.ts";
import { studioRoute } from "./routes/studio.ts";
import { pageTemplate } from "./pages/page_template.ts";
import { type StaticFiles, staticRoute, textOf } from "./static_files.ts";

/** What the routes work with, by subject. */
export interface RouteParts {
  /** How viewers receive the stream. */
  readonly viewing: Viewing;
  /** Chat, donations, people and moderation. */
  readonly community: Community;
  /** The page sockets. */
  readonly pageSockets: PageSockets;
  /** What the program reports. */
  readonly status: Status;
  /** What the streamer controls. */
  readonly studio: Studio;
}

/**
 * Builds the one table of paths, which says for each who may use it and what answers it. Routes of the
 * same object are aliases.
 */
export async function createRoutes(
  files: StaticFiles,
  access: Pick<Access, "streamerToken" | "viewerPassword">,
  { viewing, community, pageSockets, status, studio }: RouteParts,
): Promise<RouteTable> {
  const page = (path: string) => pageTemplate(textOf(files, path), files);
  const history = new History(community);
  const watch = { ...viewing, community, status, history };
  const snapshot: Route = {
    access: "viewer",
    shared: "data",
    refusesBanned: true,
    ...snapshotRoute(viewing),
  };
  const routes: Readonly<Record<string, Route>> = {
    "/": { access: "viewer", ...pageRoute(page("/index.html"), watch) },
    "/embed": { access: "viewer", shared: "frame", ...pageRoute(page("/embed.html"), watch) },
    "/stream": { access: "viewer", shared: "data", refusesBanned: true, ...streamRoute(viewing) },
    "/snapshot": snapshot,
    "/snapshot.jpg": snapshot,
    "/state": {
      access: "viewer",
      shared: "data",
      ...stateRoute(status, viewing, community.donations),
    },
    "/settings": { access: "viewer", ...settingsRoute(viewing.choices) },
    "/donate": { access: "viewer", ...donateRoute(community.donations) },
    "/chat": { access: "viewer", ...chatRoute(community.chat, history) },
    "/live": {
      access: "viewer",
      isSocket: true,
      ...liveRoute(pageSockets, viewing.connections, access.streamerToken),
    },
    "/qr.svg": { access: "viewer", ...qrRoute(status) },
    "/healthz": { access: "everyone", ...healthzRoute(status) },
    "/studio": { access: "everyone", ...studioRoute(page("/studio.html"), status) },
    "/metrics": { access: "streamer", ...metricsRoute(status) },
    ...forStreamer(adminChannelRoutes(studio, viewing, status)),
    ...forStreamer(adminChatRoutes(community)),
    ...forStreamer(adminControlRoutes(studio.controls)),
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
  return new Map([...await fileRoutes(files), ...Object.entries({ ...routes, ...login })]);
}

function forStreamer(handlers: Readonly<Record<string, Handlers>>): Record<string, Route> {
  return Object.fromEntries(
    Object.entries(handlers).map(([path, own]) => [path, { access: "streamer", ...own }]),
  );
}

/** Returns a route for every file. Everyone may have them: they are the same in every installation. */
async function fileRoutes(files: StaticFiles): Promise<[path: string, route: Route][]> {
  const routes: [string, Route][] = [];
  for (const [path, bytes] of files) {
    if (path.endsWith(".html")) continue;
    routes.push([path, { access: "everyone", ...await staticRoute(path, bytes) }]);
  }
  return routes;
}
