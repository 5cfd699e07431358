type Step = (t: Deno.TestContext) => Promise<void>;

/**
 * Runs steps at once. None may depend on another, and each should mostly wait.
 *
 * Deno can look for leaks of a step only while no other runs, so it looks at the end of the test.
 *
 * @param most Steps at one time.
 */
export async function atOnce(
  t: Deno.TestContext,
  steps: Readonly<Record<string, Step>>,
  most = Infinity,
): Promise<void> {
  const sanitizers = { sanitizeOps: false, sanitizeResources: false, sanitizeExit: false };
  const left = Object.entries(steps);
  const queue = left.values();
  await Promise.all(
    left.slice(0, most).map(async () => {
      for (const [name, fn] of queue) await t.step({ name, fn, ...sanitizers });
    }),
  );
}

/** Returns a function like `Deno.test` for tests that run together, as steps of one test. */
export function testsAtOnce(name: string, most: number): (name: string, fn: Step) => void {
  const steps: Record<string, Step> = {};
  Deno.test(name, (t) => atOnce(t, steps, most));
  return (name, fn) => void (steps[name] = fn);
}
