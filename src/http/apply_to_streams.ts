import type { Audience } from "../audience/audience.ts";
import type { PlayingPrograms } from "../audience/playing_programs.ts";
import type { Community } from "../channel/community.ts";
import type { ViewerChoices } from "../consumers/session/choices.ts";

/** What running streams depend on. */
export interface StreamRules {
  /** The viewers, what they say and give, and the rules they follow. */
  readonly community: Pick<Community, "donations" | "moderation" | "people">;
  /** What each viewer chose. */
  readonly choices: Pick<ViewerChoices, "events">;
  /** The streams that run. */
  readonly audience: Audience;
  /** The programs that play sound or video. */
  readonly programs: Pick<PlayingPrograms, "end">;
}

/** Applies to running streams what viewers choose and donate, and whom the streamer bans. */
export function applyToStreams({ community, choices, audience, programs }: StreamRules): void {
  const { donations, moderation, people } = community;
  choices.events.on("change", ({ id }) => audience.refresh(id));
  donations.events.on("donation", ({ viewer }) => {
    if (viewer !== null) audience.prioritise(viewer, donations.priorityUntil(viewer));
  });
  moderation.events.on("ban", ({ author }) => {
    for (const stream of [...audience.viewers]) {
      if (stream.id !== null && people.authorOf(stream.id) === author) stream.close();
    }
    programs.end((id) => people.authorOf(id) === author);
  });
}
