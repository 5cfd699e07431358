import { z } from "zod";
import { UnlistedSoundError } from "../../../producers/sound/sound_producer.ts";
import { HttpProblem } from "../../problem.ts";
import type { Handlers } from "../../route.ts";
import type { Studio } from "../../route_parts.ts";
import { action } from "./action.ts";
import { userErrorAs409 } from "./user_error_as_409.ts";

const changes = z.object({
  source: z.string().max(1000).optional(),
  muted: z.boolean().optional(),
  gain: z.number().min(-20).max(20).optional(),
  delay: z.int().min(-1000).max(1000).optional(),
  onDemand: z.boolean().optional(),
});

/** `/admin/sound`: lists the sources of sound, switches between them, and sets the sound. */
export function adminSoundRoutes(sound: Studio["sound"]): Readonly<Record<string, Handlers>> {
  return {
    "/admin/sound": {
      GET: async () =>
        Response.json(
          // In this order: a device gets its identifier when it is listed.
          { sources: await userErrorAs409(sound.sources()), current: sound.studio.source },
          { headers: { "cache-control": "no-store" } },
        ),
      ...action(changes, async ({ source, ...settings }) => {
        // A source takes seconds to open; whoever mutes it must not wait for that.
        sound.set(settings);
        if (source !== undefined) await userErrorAs409(switchTo(sound, source));
        return sound.studio;
      }),
    },
  };
}

/** A request can only choose a listed source, so it never supplies ffmpeg's arguments. */
async function switchTo(sound: Studio["sound"], source: string): Promise<void> {
  try {
    await sound.switchTo(source);
  } catch (error) {
    if (error instanceof UnlistedSoundError) {
      throw new HttpProblem(400, "Choose a source that GET /admin/sound lists");
    }
    throw error;
  }
}
