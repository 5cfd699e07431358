/** Loads the library that reads and makes certificates: it is large, and few runs need it. */
export async function loadX509(): Promise<typeof import("@peculiar/x509")> {
  // It does not load without this one.
  await import("reflect-metadata");
  return await import("@peculiar/x509");
}
