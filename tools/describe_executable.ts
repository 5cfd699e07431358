/**
 * Prints the name, size and system of an executable, as `make compile` ends.
 *
 * Usage: describe_executable.ts FILE
 */
import { executableKind } from "./executable_kind.ts";

const [given] = Deno.args;
// Deno adds the suffix on Windows.
const path = await Deno.stat(given).then(() => given, () => `${given}.exe`);
const [kind, { size }] = await Promise.all([executableKind(path), Deno.stat(path)]);
const line = `${path}: executable for ${kind}, ${Math.round(size / 1e6)} MB\n`;
await Deno.stdout.write(new TextEncoder().encode(line));
