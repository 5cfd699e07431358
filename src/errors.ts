/**
 * A mistake that the person at the terminal can mend. Its message is one sentence that says what
 * to do; no stack trace is shown.
 */
export class UserError extends Error {
  override readonly name = "UserError";
  /** What the process exits with: 2 for a wrong command line, 1 for all else. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** A JPEG whose bytes contradict themselves. Such a frame is dropped and counted. */
export class CorruptJpegError extends Error {
  override readonly name = "CorruptJpegError";
}

/** A sound JPEG of a kind that a codec does not take; the message names the kind. */
export class UnsupportedJpegError extends Error {
  override readonly name = "UnsupportedJpegError";
}

/** Returns the text of whatever was thrown, without Deno's advice about its own flags. */
export function messageOf(error: unknown): string {
  if (error instanceof Deno.errors.NotCapable) return "the program has no permission for it";
  return error instanceof Error ? error.message : String(error);
}
