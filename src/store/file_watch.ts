import { closeSync, fstatSync, openSync } from "node:fs";

/**
 * Tells whether a file that is in use was removed, or another one put in its place: what is
 * written to it then is gone when its last user ends. Systems that let nobody remove such a file
 * (Windows) never tell so.
 *
 * A file of SQLite's must be watched until SQLite has closed it: the system drops all of a process's
 * locks on a file as soon as the process closes it once (POSIX, fcntl).
 */
export class FileWatch implements Disposable {
  readonly #descriptors: number[] = [];

  /** @throws {Error} There is no such file, or no permission to read it. */
  watch(path: string): void {
    this.#descriptors.push(openSync(path, "r"));
  }

  /**
   * Asks the open files, for which Node's way takes no permission, since that may be given up by
   * now. Deno 2.6 wants one even so: then nobody knows, and nothing is told.
   */
  get isRemoved(): boolean {
    try {
      return this.#descriptors.some((descriptor) => fstatSync(descriptor).nlink === 0);
    } catch {
      return false;
    }
  }

  [Symbol.dispose](): void {
    for (const descriptor of this.#descriptors) closeSync(descriptor);
    this.#descriptors.length = 0;
  }
}
