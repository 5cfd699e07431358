import { explain } from "../channel/explanation.ts";
import type { Explanation } from "../live_messages.ts";
import type { ConnectionKeeper, Refusal } from "../net/connections/connection_keeper.ts";
import { HttpProblem } from "./problem.ts";
import { MAX_WAIT_MS, type RequestPace } from "./request_pace.ts";
import type { Remote } from "./call.ts";
import type { Admission } from "./router.ts";
import type { Sender, SenderReader } from "./sender.ts";
import type { WaitingRoom } from "./waiting_room.ts";

/** What {@linkcode createAdmission} needs. */
export interface AdmissionOptions {
  /** Says which connections are too many. */
  readonly connections: Pick<ConnectionKeeper, "refusalOf" | "pardon" | "isLost">;
  /** Limits how fast each client is answered. */
  readonly pace: RequestPace;
  /** Where requests wait for their turn. */
  readonly waitingRoom: WaitingRoom;
  /** Determines whose turn a request takes. */
  readonly senderOf: SenderReader;
  /**
   * Whether a request has the streamer's token. The streamer is admitted whatever others do. May throw
   * an {@linkcode HttpProblem} if the request is malformed.
   */
  readonly isStreamer: (request: Request, remote: Remote) => boolean;
}

/** Delay before a client that does too much is refused, lest it retry at once. Milliseconds. */
const PAUSE_MS = MAX_WAIT_MS;

/** Creates the admission that decides about each request before anything else looks at it. */
export function createAdmission(options: AdmissionOptions): Admission {
  const { connections, pace, waitingRoom, senderOf } = options;
  /** Remembered, as the headers of an upgraded request can no longer be read. */
  const turns = new WeakMap<Request, string>();

  function isStreamer(request: Request, remote: Remote): boolean {
    try {
      return options.isStreamer(request, remote);
    } catch (error) {
      // Reporting the mistake at once would free the sender of every limit.
      if (error instanceof HttpProblem) return false;
      throw error;
    }
  }

  async function delay(request: Request, wait: number): Promise<void> {
    await waitingRoom.wait(wait);
    if (connections.isLost(request)) throw new HttpProblem(503, "The connection is gone");
  }

  async function refuse(problem: HttpProblem, pause: number): Promise<never> {
    await waitingRoom.wait(pause);
    throw problem;
  }

  return {
    admit(request, remote) {
      const sender = senderOf(request, remote);
      const refusal = connections.refusalOf(request);
      if (refusal) {
        if (refusal === "protocol" || !isStreamer(request, remote)) {
          return refuse(problemOf(refusal), refusal === "client" ? PAUSE_MS : 0);
        }
        connections.pardon(request);
      }
      const turn = turnOf(sender);
      turns.set(request, turn);
      const wait = pace.take(turn);
      if (wait === 0 || isStreamer(request, remote)) return null;
      return wait === null ? refuse(tooFast(), PAUSE_MS) : delay(request, wait);
    },
    charge(request, busy) {
      const turn = turns.get(request);
      if (turn !== undefined) pace.charge(turn, busy);
    },
  };
}

/**
 * Returns whose turn a request takes. Requests through an undeclared proxy share a turn of their own,
 * so they do not hold up people at the proxy's machine, such as the streamer.
 */
function turnOf({ capacityKey, isRelayed }: Sender): string {
  return capacityKey + (isRelayed ? " relayed" : "");
}

function tooFast(): HttpProblem {
  return new HttpProblem(429, explain("too-many-requests"), {
    "retry-after": String(MAX_WAIT_MS / 1000),
  });
}

function problemOf(refusal: Refusal): HttpProblem {
  switch (refusal) {
    case "descriptors":
      return closing(503, explain("too-many-connections"), 10);
    case "client":
      return closing(503, explain("too-many-connections-here"), 10);
    case "protocol":
      return closing(505, "Use HTTP/1.1: HTTP/2 is for HTTPS");
  }
}

function closing(status: number, detail: string | Explanation, retryAfter?: number): HttpProblem {
  const retry: Record<string, string> = retryAfter === undefined
    ? {}
    : { "retry-after": String(retryAfter) };
  return new HttpProblem(status, detail, { ...retry, connection: "close" });
}
