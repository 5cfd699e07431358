/** An npm package that the program imports, or a package that one needs. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** The folder in Deno's cache. */
  readonly folder: string;
}

/** The npm packages of the lock file. */
export interface NpmPackages {
  /** Deno's cache of npm packages. */
  readonly cache: string;
  /** Those that some module can import, sorted by name and version. */
  readonly imported: readonly NpmPackage[];
  /** The folders of all others, which only the tests import. */
  readonly otherFolders: readonly string[];
}

/** The part in use of what `deno info --json` prints. */
interface DenoInfo {
  readonly npmCache: string;
  readonly modules: readonly { readonly npmPackage?: string }[];
  readonly npmPackages: Readonly<Record<string, DenoPackage>>;
}

interface DenoPackage {
  readonly name: string;
  readonly version: string;
  readonly dependencies: readonly string[];
  readonly localPath: string;
}

/**
 * Returns the npm packages of the lock file. Those that the modules import are downloaded first,
 * unless they are in Deno's cache.
 *
 * @param modules Files where the program or one of its threads starts.
 */
export async function npmPackages(modules: readonly string[]): Promise<NpmPackages> {
  await deno("cache", "--frozen", ...modules);
  const { npmCache: cache }: DenoInfo = JSON.parse(await deno("info", "--json"));
  const imported = new Map<string, NpmPackage>();
  const folders = new Set<string>();
  for (const module of modules) {
    const { modules, npmPackages }: DenoInfo = JSON.parse(await deno("info", "--json", module));
    const keys = modules.flatMap(({ npmPackage }) => npmPackage ?? []);
    for (const { name, version, localPath } of withDependencies(keys, npmPackages)) {
      // The same package can occur for several sets of peer dependencies.
      imported.set(localPath, { name, version, folder: localPath });
    }
    for (const { localPath } of Object.values(npmPackages)) folders.add(localPath);
  }
  return {
    cache,
    imported: [...imported.values()].sort((one, other) => idOf(one) < idOf(other) ? -1 : 1),
    otherFolders: [...folders].filter((folder) => !imported.has(folder)),
  };
}

/** Returns a package's name with its version. */
export function idOf({ name, version }: NpmPackage): string {
  return `${name} ${version}`;
}

function withDependencies(keys: readonly string[], all: DenoInfo["npmPackages"]): DenoPackage[] {
  const reached = new Set(keys);
  // A set also yields what is added to it meanwhile.
  for (const key of reached) for (const needed of all[key]!.dependencies) reached.add(needed);
  return [...reached].map((key) => all[key]!);
}

async function deno(...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`deno ${args.join(" ")} failed: ${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}
