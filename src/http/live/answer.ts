import type { ClientMessage } from "../../live_messages.ts";
import { TOO_MUCH } from "../post_limit.ts";
import { say } from "../say.ts";
import type { Audience } from "./audience.ts";
import type { LiveServices } from "./live_services.ts";
import type { LiveSocket } from "./live_socket.ts";

type Answers = {
  readonly [Type in ClientMessage["type"]]: (
    message: Extract<ClientMessage, { readonly type: Type }>,
    socket: LiveSocket,
    services: LiveServices,
    audience: Audience,
  ) => void;
};

const ANSWERS: Answers = {
  painted({ type: _, ...report }, socket, { registry }) {
    socket.stream = report.stream;
    registry.pages.painted({ ...report, viewer: socket.peer.cookie });
  },

  chat({ key, text, name }, socket, { chat, posts }, audience) {
    const { viewer, capacityKey } = socket.peer;
    const wait = posts.take(capacityKey);
    if (wait > 0) return socket.send({ type: "refused", key, reason: TOO_MUCH, retryAfter: wait });
    const said = say(chat, audience, { viewer, key, text, name });
    if ("refused" in said) {
      const { reason, retryAfter } = said.refused;
      socket.send({ type: "refused", key, reason, retryAfter });
    } else if (said.repeated) socket.send({ type: "chat", message: said.message, key });
  },

  older({ before }, socket, { chat }) {
    socket.send({ type: "older", before, ...chat.before(before) });
  },
};

/** Does what a page's message asks for, and tells whom it concerns. */
export function answer(
  message: ClientMessage,
  socket: LiveSocket,
  services: LiveServices,
  audience: Audience,
): void {
  const handle = ANSWERS[message.type] as (
    message: ClientMessage,
    ...rest: [LiveSocket, LiveServices, Audience]
  ) => void;
  handle(message, socket, services, audience);
}
