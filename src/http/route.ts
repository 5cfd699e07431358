import type { Call } from "./call.ts";

/** Answers one method of a route. May throw an `HttpProblem`. */
export type Handler = (call: Call) => Response | Promise<Response>;

/** The methods of a route. A route with `GET` but no `HEAD` answers `HEAD` with the headers of `GET`. */
export interface Handlers {
  /** Answers GET. Changes nothing. */
  readonly GET?: Handler;
  /** Answers HEAD where running GET would cost too much. */
  readonly HEAD?: Handler;
  /** Answers POST. May change something. */
  readonly POST?: Handler;
}

/** The methods that a route can have. */
export const METHODS = ["GET", "HEAD", "POST"] as const satisfies readonly (keyof Handlers)[];

/** Who may use a route, and how. */
export interface Policy {
  /**
   * - `everyone`: needs nothing. Such a route must reveal nothing about the channel.
   * - `viewer`: needs the viewers' password, if there is one.
   * - `streamer`: needs the streamer's token instead.
   */
  readonly access: "everyone" | "viewer" | "streamer";
  /**
   * What pages of allowed origins may do with the route; pages of other sites may do nothing with it.
   * They may show and read `data`, and put a `frame` into theirs.
   */
  readonly shared?: "data" | "frame";
  /** Whether the route refuses viewers whom the streamer banned. */
  readonly refusesBanned?: true;
  /** Whether the route refuses viewers whom the streamer just kicked: any request, or only changes. */
  readonly refusesKicked?: "always" | "changes";
  /** Whether `GET` opens a WebSocket. `POST` then exchanges its messages with pages that cannot open one. */
  readonly isSocket?: true;
  /** Whether the route limits the pace of its requests itself; they count against no other's. */
  readonly hasOwnPace?: true;
}

/** A path's handlers and the policy that the server enforces for them. */
export interface Route extends Policy, Handlers {}

/** Every path that the server answers. */
export type RouteTable = ReadonlyMap<string, Route>;

/** Returns the route of a path: its own, or that of all files in its folder. */
export function findRoute(routes: RouteTable, path: string): Route | undefined {
  return routes.get(path) ?? routes.get(`${path.slice(0, path.lastIndexOf("/") + 1)}{file}`);
}

/** Applies to paths without a route: with a password, only viewers can find out that nothing is there. */
export const NO_ROUTE: Policy = { access: "viewer" };

/** Applies to paths without a route among the streamer's, which need no password. */
export const NO_STREAMER_ROUTE: Policy = { access: "streamer" };

/** Lets a request pass with `null`, or answers it itself. May throw an `HttpProblem`. */
export type Check = (call: Call, policy: Policy) => Response | null | Promise<Response | null>;
