import { type Source, sourceArgument } from "./ffmpeg/source.ts";
import { isDevice, titleSource } from "./ffmpeg/source_name.ts";

/** A source that the streamer can choose in the studio. */
export interface SourceChoice {
  /** Identifies the source in the studio's requests. */
  readonly source: string;
  /** For the streamer: `Fake Webcam (/dev/video0)`, `test picture`. */
  readonly name: string;
}

/**
 * Gives sources identifiers that a browser may see. Files and addresses can contain secrets, so they
 * get a number. So does a camera whose name may be a mistyped address.
 */
export class SourceChoices {
  /** The files and addresses so far; their identifier is their place in this list. */
  readonly #unnamed: string[] = [];

  /** Returns the identifier of a source. */
  idOf(source: Source): string {
    const argument = sourceArgument(source);
    if (isDevice(source)) return argument;
    const known = this.#unnamed.indexOf(argument);
    return unnamedChoice(known >= 0 ? known : this.#unnamed.push(argument) - 1);
  }

  /** Returns the text to resolve for an identifier, as for `--source`. */
  textOf(id: string): string {
    return this.#unnamed.find((_, i) => unnamedChoice(i) === id) ?? id;
  }

  /** Lists sources as choices, each once, under its first name. */
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

/** Identifies a file or an address without revealing any of it. */
function unnamedChoice(index: number): string {
  return `source ${index + 1}`;
}
