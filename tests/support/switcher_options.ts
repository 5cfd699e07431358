import type { Logger } from "../../src/log/log.ts";
import type { SwitcherOptions } from "../../src/producers/switcher.ts";
import type { WantedMode } from "../../src/producers/ffmpeg/setup.ts";
import { currentSystem } from "../../src/producers/ffmpeg/source.ts";

/** What a test may set of a switcher; by default 640x480 at 30 fps. */
export interface TestedSource extends Partial<WantedMode> {
  readonly source: string;
  /** The ffmpeg program's path or name. */
  readonly ffmpeg?: string;
}

/** Returns the options of a switcher for a test. */
export function switcherOptions(
  { source, ffmpeg = "ffmpeg", ...wanted }: TestedSource,
  log: Logger,
): SwitcherOptions {
  const size = { width: 640, height: 480 };
  return {
    source,
    wanted: { ...size, fps: 30, isFpsGiven: false, ...wanted },
    ffmpeg: { program: ffmpeg, system: currentSystem(), log },
    card: () => ({ ...size, title: "Test" }),
  };
}
