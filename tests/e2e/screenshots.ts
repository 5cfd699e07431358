/** Returns the path of a screenshot that people look at. */
export async function screenshotPath(name: string): Promise<string> {
  const folder = new URL("../output/", import.meta.url).pathname;
  await Deno.mkdir(folder, { recursive: true });
  return `${folder}${name}.png`;
}
