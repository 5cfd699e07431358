/**
 * A mistake that the person at the terminal can correct. Its message is one sentence that says what to do;
 * the program prints no stack trace.
 */
export class UserError extends Error {
  /** The name of the class. */
  override readonly name = "UserError";
  /** The exit code of the process: 2 for a wrong command line, 1 for anything else. */
  readonly exitCode: 1 | 2;

  /** Creates an error with this message. */
  constructor(message: string, exitCode: 1 | 2 = 1, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** A JPEG whose bytes contradict each other. Such a frame is dropped and counted. */
export class CorruptJpegError extends Error {
  /** The name of the class. */
  override readonly name = "CorruptJpegError";
}

/** A valid JPEG of a kind that a codec does not support; the message names the kind. */
export class UnsupportedJpegError extends Error {
  /** The name of the class. */
  override readonly name = "UnsupportedJpegError";
}

/** Returns the message of whatever was thrown, without Deno's advice about its own flags. */
export function messageOf(error: unknown): string {
  if (error instanceof Deno.errors.NotCapable) return "the program has no permission for it";
  return error instanceof Error ? error.message : String(error);
}
