import { z } from "zod";
import type { Recordings } from "../../../consumers/recording/recordings.ts";
import { StorageError } from "../../../consumers/recording/storage.ts";
import { HttpProblem } from "../../problem.ts";
import type { Handlers } from "../../route.ts";
import { action } from "./action.ts";

const rule = z.object({ when: z.literal(["off", "always", "motion"]) });
const named = z.object({ name: z.string().max(100) });

/** `/admin/recording…`: what is recorded, and what has been. */
export function adminRecordingRoutes(
  recordings: Recordings | null,
  ticket: string,
): Readonly<Record<string, Handlers>> {
  const required = () => {
    if (recordings) return recordings;
    throw new HttpProblem(409, "Start livestream with --record and a folder to record");
  };
  return {
    "/admin/recording": action(rule, ({ when }) => {
      required().when = when;
      return { when };
    }),
    "/admin/recordings": {
      GET: async () =>
        Response.json(
          { recordings: await storageErrorAs409(required().list()) },
          { headers: { "cache-control": "no-store" } },
        ),
    },
    "/admin/recordings/ticket": action(z.object({}), () => {
      required();
      return { ticket };
    }),
    "/admin/recordings/delete": action(named, async ({ name }) => {
      if (await storageErrorAs409(required().delete(name))) return;
      const isWriting = required().studio.writing === name;
      if (isWriting) throw new HttpProblem(409, "This recording is being written: stop it first");
      throw new HttpProblem(404, "There is no such recording: GET /admin/recordings lists them");
    }),
  };
}

async function storageErrorAs409<T>(task: Promise<T>): Promise<T> {
  try {
    return await task;
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    if (error.isNotFound) {
      throw new HttpProblem(404, `There is no such recording: ${error.message}`);
    }
    throw new HttpProblem(409, `Cannot use the folder of recordings: ${error.message}`);
  }
}
