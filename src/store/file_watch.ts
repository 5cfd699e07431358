/**
 * Tells whether a file that is in use was removed, or another one put in its place: what is
 * written to it then is gone when its last user ends. Systems that let nobody remove such a file
 * (Windows) never tell so.
 *
 * A file of SQLite's must be watched until SQLite has closed it: the system drops all of a process's
 * locks on a file as soon as the process closes it once (POSIX, fcntl).
 */
export class FileWatch implements Disposable {
  readonly #files: Deno.FsFile[] = [];

  /** @throws {Error} Of Deno: there is no such file, or no permission. */
  watch(path: string): void {
    this.#files.push(Deno.openSync(path));
  }

  /** Asks the open files themselves, which takes no permission. */
  get isRemoved(): boolean {
    return this.#files.some((file) => file.statSync().nlink === 0);
  }

  [Symbol.dispose](): void {
    for (const file of this.#files) file.close();
    this.#files.length = 0;
  }
}
