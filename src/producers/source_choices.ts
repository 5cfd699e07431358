import { type Source, sourceArgument } from "./ffmpeg/source.ts";
import { titleSource } from "./ffmpeg/source_name.ts";

/** A source that can be chosen. */
export interface SourceChoice {
  /** Stands for the source in the studio's requests. */
  readonly source: string;
  /** For the streamer: `Fake Webcam (/dev/video0)`, `test picture`. */
  readonly name: string;
}

/**
 * Knows sources by what may go to a browser: files and addresses, which may hold secrets, by a number.
 */
export class SourceChoices {
  /** The files and addresses so far, known by their place in this list. */
  readonly #unnamed: string[] = [];

  /** Returns what stands for a source. */
  idOf(source: Source): string {
    const argument = sourceArgument(source);
    if (source.kind === "test" || source.kind === "camera") return argument;
    const known = this.#unnamed.indexOf(argument);
    return unnamedChoice(known >= 0 ? known : this.#unnamed.push(argument) - 1);
  }

  /** Returns what to resolve for a choice, as for `--source`. */
  textOf(id: string): string {
    return this.#unnamed.find((_, i) => unnamedChoice(i) === id) ?? id;
  }

  /** Lists sources as choices, each once, under the first name that is given. */
  list(sources: Iterable<Source>): SourceChoice[] {
    const choices = new Map<string, SourceChoice>();
    for (const each of sources) {
      const source = this.idOf(each);
      if (choices.has(source)) continue;
      choices.set(source, { source, name: titleSource(each).forStreamer });
    }
    return [...choices.values()];
  }
}

/** What stands for a file or an address: neither a name nor a part of it. */
function unnamedChoice(index: number): string {
  return `source ${index + 1}`;
}
