import { History } from "./history.ts";
import type { Route } from "./router.ts";
import { adminChannelRoutes } from "./routes/admin/channel.ts";
import { adminChatRoutes } from "./routes/admin/chat.ts";
import { adminControlRoutes } from "./routes/admin/controls.ts";
import { chatRoute } from "./routes/chat.ts";
import { donateRoute } from "./routes/donate.ts";
import { healthzRoute } from "./routes/healthz.ts";
import { LIVE_PATH, liveRoute } from "./routes/live.ts";
import { loginRoute } from "./routes/login.ts";
import { metricsRoute } from "./routes/metrics.ts";
import { pageRoute } from "./routes/page.ts";
import { qrRoute } from "./routes/qr.ts";
import { settingsRoute } from "./routes/settings.ts";
import { snapshotRoute } from "./routes/snapshot.ts";
import { stateRoute } from "./routes/state.ts";
import { streamRoute } from "./routes/stream.ts";
import { studioRoute } from "./routes/studio.ts";
import type { Services } from "./services.ts";
import { type StaticFiles, staticRoute } from "./static_files.ts";
import { forStreamer } from "./streamer.ts";
import { forWelcome } from "./welcome.ts";

/** Every route there is; files without a route of their own are found by `fallback`. */
export async function createRoutes(services: Services, files: StaticFiles) {
  const statics = new Map<string, Route>();
  for (const [path, bytes] of files) {
    if (!path.endsWith(".html")) statics.set(path, await staticRoute(path, bytes));
  }
  const history = new History(services);
  const studio = files.get("/studio.html");
  const embed = files.get("/embed.html");
  const snapshot = forWelcome(services, snapshotRoute(services));
  const forStreamers = {
    ...adminChannelRoutes(services),
    ...adminChatRoutes(services),
    ...adminControlRoutes(services),
    "/metrics": metricsRoute(services),
  };
  const routes: Record<string, Route> = {
    "/": pageRoute(services, history, services.page),
    "/stream": forWelcome(services, streamRoute(services)),
    "/snapshot": snapshot,
    "/snapshot.jpg": snapshot,
    "/state": stateRoute(services),
    "/settings": settingsRoute(services),
    "/donate": donateRoute(services),
    "/chat": chatRoute(services, history),
    [LIVE_PATH]: liveRoute(services),
    "/qr.svg": qrRoute(services),
    "/healthz": healthzRoute(services),
    ...(embed && { "/embed": pageRoute(services, history, new TextDecoder().decode(embed)) }),
    ...(studio && { "/studio": studioRoute(services, new TextDecoder().decode(studio)) }),
  };
  const login = files.get("/login.html");
  const { viewerPassword } = services;
  if (login && viewerPassword) {
    routes["/login"] = loginRoute(services, viewerPassword, new TextDecoder().decode(login));
  }
  for (const [path, route] of Object.entries(forStreamers)) {
    routes[path] = forStreamer(services, route);
  }
  return { routes, fallback: (path: string) => statics.get(path) ?? null };
}
