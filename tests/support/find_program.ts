/** Searched after the PATH, which often lacks these for users other than root. */
const SYSTEM_FOLDERS = ["/usr/sbin", "/sbin"];

/**
 * Returns the path of a program's file, looking in the folders of the PATH and where Linux keeps
 * servers and network tools; `null` if there is none. Never throws.
 *
 * `make test` installs everything the tests need that the system has packages for, or stops. So a
 * test ignored because of `null` is skipped only on systems without such a package.
 */
export function findProgram(name: string): string | null {
  const isWindows = Deno.build.os === "windows";
  const folders = (Deno.env.get("PATH") ?? "").split(isWindows ? ";" : ":");
  for (const folder of [...folders.filter((folder) => folder !== ""), ...SYSTEM_FOLDERS]) {
    const path = `${folder}/${name}${isWindows ? ".exe" : ""}`;
    if (isProgram(path)) return path;
  }
  return null;
}

function isProgram(path: string): boolean {
  try {
    const { isFile, mode } = Deno.statSync(path);
    return isFile && (mode === null || (mode & 0o111) !== 0);
  } catch {
    return false;
  }
}
