import { z } from "zod";
import type { Community } from "../../../channel/community.ts";
import type { Room, RoomSettingName } from "../../../channel/room.ts";
import { ROOM_SETTING_NAMES } from "../../../channel/room.ts";
import { ROOM_SETTINGS } from "../../../channel/room_settings.ts";
import { refusedProblem, refuseFor } from "../../input.ts";
import type { Handlers } from "../../route.ts";
import type { RoomSettings } from "../../../live_messages.ts";
import { action } from "./action.ts";

const author = z.object({ author: z.string().min(1).max(64) });
const messages = z.object({ ids: z.array(z.int().min(1)).max(500) });
const timeOut = author.extend({ seconds: z.number() });

/** `/admin/chat/…` and `/admin/supporters/…`: moderation. */
export function adminChatRoutes(
  { chat, donations, moderation, room }: Community,
): Readonly<Record<string, Handlers>> {
  return {
    "/admin/chat/delete": action(messages, ({ ids }) => {
      const deleted = chat.delete(ids);
      if ("refused" in deleted) throw refusedProblem(deleted.refused);
      return deleted;
    }),
    "/admin/chat/time-out": action(timeOut, ({ author, seconds }) => {
      refuseFor(moderation.timeOut(author, seconds));
    }),
    "/admin/chat/ban": action(author, ({ author }) => {
      const banned = moderation.ban(author);
      if ("refused" in banned) throw refusedProblem(banned.refused);
    }),
    "/admin/chat/pardon": action(author, ({ author }) => {
      refuseFor(moderation.pardon(author));
    }),
    ...Object.fromEntries(
      ROOM_SETTING_NAMES.map((name) => [pathOf(name), settingRoute(room, name)]),
    ),
    "/admin/supporters/remove": action(author, ({ author }) => {
      const outcome = donations.removeSupporter(author);
      if ("refused" in outcome) throw refusedProblem(outcome.refused);
      return outcome;
    }),
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
