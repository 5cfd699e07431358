import { type PartHead, readPartHead } from "./part_head.ts";

/** The most characters between two pictures. */
const MAX_HEAD = 2_048;
/** The most bytes of one picture, with its padding. */
const MAX_BODY = 64 << 20;

/** Bytes of a stream that belong together. */
export interface Piece {
  /** A view into the chunk, or what was kept of earlier ones. */
  readonly bytes: Uint8Array;
  /** The head of the part of which they are the body; `null` where none is known. */
  readonly head: PartHead | null;
}

/**
 * Cuts the stream of another livestream into the bodies of its parts, whose lengths it says. As soon as anything is not
 * as this program writes it (`encodePart`), the bytes pass as they come: other cameras need no heads.
 */
export class PartPieces {
  /** What has come of the next head, as Latin-1; `null` once the stream is found to be another one. */
  #text: string | null = "";
  #head: PartHead | null = null;
  /** How many bytes of the body are still to come. */
  #left = 0;

  /** Takes the next bytes; returns them without heads. */
  push(chunk: Uint8Array): Piece[] {
    const pieces: Piece[] = [];
    let at = 0;
    while (at < chunk.length && this.#text !== null) {
      if (this.#left === 0) {
        const before = this.#text;
        at = this.#readHead(chunk, at);
        // A picture may begin in what was taken for a head.
        if (this.#text === null && before !== "") {
          pieces.push({ bytes: encodeLatin1(before), head: null });
        }
        continue;
      }
      const end = Math.min(chunk.length, at + this.#left);
      pieces.push({ bytes: chunk.subarray(at, end), head: this.#head });
      this.#left -= end - at;
      at = end;
    }
    if (at < chunk.length) pieces.push({ bytes: chunk.subarray(at), head: null });
    return pieces;
  }

  /** Reads on in a head; returns where in the chunk its body begins, or where it is no such stream any more. */
  #readHead(chunk: Uint8Array, at: number): number {
    const before = this.#text!;
    const read = chunk.subarray(at, at + MAX_HEAD);
    const text = before + String.fromCharCode(...read);
    // The delimiter before the head begins with one line break.
    const end = text.indexOf("\r\n\r\n", 2);
    if (end < 0 && text.length < MAX_HEAD && mayBeHead(text)) {
      this.#text = text;
      return at + read.length;
    }
    const head = end < 0 ? null : readPartHead(text.slice(0, end));
    if (head === null || head.length > MAX_BODY) {
      this.#text = null;
      return at;
    }
    this.#text = "";
    this.#head = head;
    this.#left = head.length;
    return at + end + 4 - before.length;
  }
}

function encodeLatin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const BEGINNINGS = ["--", "\r\n--"];

function mayBeHead(text: string): boolean {
  return BEGINNINGS.some((beginning) => text.startsWith(beginning) || beginning.startsWith(text));
}
