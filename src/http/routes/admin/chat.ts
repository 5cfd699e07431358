import { z } from "zod";
import type { Community } from "../../../channel/community.ts";
import { explain } from "../../../channel/explanation.ts";
import type { Room, RoomSettingName } from "../../../channel/room.ts";
import { ROOM_SETTING_NAMES } from "../../../channel/room.ts";
import { ROOM_SETTINGS } from "../../../channel/room_settings.ts";
import { refusedProblem, refuseFor } from "../../input.ts";
import { HttpProblem } from "../../problem.ts";
import type { Handlers } from "../../route.ts";
import type { RoomSettings } from "../../../live_messages.ts";
import { AUTHOR, moderationOrders } from "../moderation_orders.ts";
import { action } from "./action.ts";

const message = z.object({ id: z.int().min(1) });
const speech = z.object({
  text: z.string(),
  replyTo: z.int().min(1).optional(),
  // The studio's own name for the message, by which a repetition is recognised.
  key: z.string().min(1).max(64).default(() => crypto.randomUUID()),
});

/** `/admin/chat/…`: the streamer's messages, and moderation. */
export function adminChatRoutes(community: Community): Readonly<Record<string, Handlers>> {
  const { chat, moderators, pin, room, streamer } = community;
  const orders = Object.entries(moderationOrders(community)).map(([name, schema]) => [
    `/admin/chat/${name}`,
    action(schema, ({ authors, carryOut }) => {
      if (name !== "delete" && authors().includes(streamer.author)) {
        throw new HttpProblem(400, explain("author-is-streamer"));
      }
      return carryOut();
    }),
  ]);
  return {
    "/admin/chat/post": action(speech, (speech) => {
      const posted = chat.speak(speech);
      if ("refused" in posted) throw refusedProblem(posted.refused);
      return posted;
    }),
    "/admin/chat/pin": action(message, ({ id }) => refuseFor(pin.pin(id))),
    "/admin/chat/unpin": action(z.object({}), () => refuseFor(pin.unpin())),
    "/admin/chat/appoint": action(AUTHOR, ({ author }) => refuseFor(moderators.appoint(author))),
    "/admin/chat/dismiss": action(AUTHOR, ({ author }) => refuseFor(moderators.dismiss(author))),
    ...Object.fromEntries(orders),
    ...Object.fromEntries(
      ROOM_SETTING_NAMES.map((name) => [pathOf(name), settingRoute(room, name)]),
    ),
  };
}

function pathOf(name: RoomSettingName): string {
  return `/admin/chat/${ROOM_SETTINGS[name].name.replaceAll(" ", "-")}`;
}

/** Sets a rule of the chat; answers with its value if that was cleaned up. */
function settingRoute(room: Room, name: RoomSettingName): Handlers {
  const { field, schema } = ROOM_SETTINGS[name];
  return action<RoomSettings[RoomSettingName]>(schema, (value) => {
    refuseFor(room.set(name, value));
    const accepted = room.settings[name];
    return accepted === value ? {} : { [field]: accepted };
  });
}
