/** Returns the test files at a path, which is a file or a folder, by name; all of them by default. */
export async function testFiles(path = "tests"): Promise<string[]> {
  const { isDirectory } = await Deno.stat(path);
  if (!isDirectory) return [path];
  const files: string[] = [];
  for await (const entry of Deno.readDir(path)) {
    const inside = `${path}/${entry.name}`;
    if (entry.isDirectory) files.push(...await testFiles(inside));
    else if (entry.name.endsWith("_test.ts")) files.push(inside);
  }
  return files.sort();
}
