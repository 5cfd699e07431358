/**
 * Runs steps at once. Each needs its own program, and should mostly wait for it.
 *
 * Deno can look for leaks of a step only while no other runs, so it looks at the end of the test.
 */
export async function atOnce(
  t: Deno.TestContext,
  steps: Readonly<Record<string, (t: Deno.TestContext) => Promise<void>>>,
): Promise<void> {
  const sanitizers = { sanitizeOps: false, sanitizeResources: false, sanitizeExit: false };
  await Promise.all(
    Object.entries(steps).map(([name, fn]) => t.step({ name, fn, ...sanitizers })),
  );
}
