import type { ServerMessage } from "../../live_messages.ts";
import { channelState } from "./channel_state.ts";
import type { LiveServices } from "./live_services.ts";
import type { LivePeer } from "./live_socket.ts";

/** How many supporters a page is told of. */
export const SUPPORTERS = 20;

/** What a page needs to know when it comes. */
export function hello(services: LiveServices, { viewer, cookie }: LivePeer): ServerMessage {
  const { instanceId, settings, people, chat, donations } = services;
  return {
    type: "hello",
    instance: instanceId,
    state: channelState(services),
    settings: settings.get(cookie ?? ""),
    you: people.of(viewer),
    ...chat.newest(),
    supporters: donations.supporters(SUPPORTERS),
  };
}
