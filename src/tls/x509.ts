/** The library that reads and makes certificates. It is large, so it is loaded where it is wanted. */
export async function loadX509() {
  // It does not load without the other.
  await import("reflect-metadata");
  return await import("@peculiar/x509");
}
