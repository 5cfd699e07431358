/** A folder of a test's own, which is gone afterwards. */
export interface TemporaryFolder extends Disposable {
  readonly path: string;
  /** The names of what is in it, in order. */
  list(): string[];
}

export function temporaryFolder(): TemporaryFolder {
  const path = Deno.makeTempDirSync({ prefix: "livestream_store_" });
  return {
    path,
    list: () => [...Deno.readDirSync(path)].map(({ name }) => name).sort(),
    [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }),
  };
}
