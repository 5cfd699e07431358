/**
 * Writes `src/channel/confusables.ts` from Unicode's list of look-alike characters in the Debian
 * package python3-confusable-homoglyphs:
 *
 *     apt-get download python3-confusable-homoglyphs && dpkg -x python3-confusable-homoglyphs_*.deb out
 *     tools/deno run --allow-read --allow-write tools/make_confusables.ts \
 *       out/usr/lib/python3/dist-packages/confusable_homoglyphs/confusables.json 15.0
 *     tools/deno fmt src/channel/confusables.ts
 */
import { plainLetters } from "../src/channel/fold.ts";

const [path, version] = Deno.args;
const pairs: Record<string, { c: string }[]> = JSON.parse(Deno.readTextFileSync(path!));

/** Maps each text to a look-alike, in a chain that ends at the representative of its group. */
const parents = new Map<string, string>();

function rootOf(text: string): string {
  const parent = parents.get(text);
  return parent === undefined || parent === text ? text : rootOf(parent);
}

/** Direction marks that only keep the package's own lines readable. */
const bare = (text: string) => text.replaceAll("\u200e", "");

const groups = new Map<string, Set<string>>();
for (const [one, others] of Object.entries(pairs)) {
  for (const { c } of others) parents.set(rootOf(bare(one)), rootOf(bare(c)));
}
for (const text of new Set(Object.keys(pairs).map(bare))) {
  const root = rootOf(text);
  groups.set(root, (groups.get(root) ?? new Set()).add(text));
}

/** Ranks a group's possible representatives: Latin letters first, lower case before upper. */
function chosenOf(texts: Iterable<string>): string {
  const order = [
    /^[a-z]+$/,
    /^[A-Z]+$/,
    /^[\x21-\x7e]+$/,
    /^\p{Script=Latin}+$/u,
    /^[\p{L}\p{N}]+$/u,
  ];
  const rankOf = (text: string) => (order.findIndex((it) => it.test(text)) + 9) % 9;
  return [...texts].sort((a, b) =>
    rankOf(a) - rankOf(b) || [...a].length - [...b].length || (a < b ? -1 : 1)
  )[0]!;
}

const alike = new Map<string, string[]>();
for (const texts of groups.values()) {
  // Names are compared without marks, compatibility forms and signs.
  const chosen = plainLetters(chosenOf(texts)).replace(/[^\p{L}\p{N}]/gu, "");
  if (chosen === "") continue;
  const others = [...texts].filter((text) =>
    [...text].length === 1 && plainLetters(text) === text && text !== chosen
  );
  if (others.length > 0) alike.set(chosen, [...alike.get(chosen) ?? [], ...others]);
}
const lines = [...alike].map(([chosen, others]) => `${chosen} ${others.sort().join("")}`);

Deno.writeTextFileSync(
  new URL("../src/channel/confusables.ts", import.meta.url),
  `// Made by tools/make_confusables.ts; do not edit. Derived from and modified after Unicode's
// confusables.txt ${version} (UTS #39), © 2022 Unicode, Inc.; see confusables.LICENSE.txt.

/**
 * Characters that look alike, one group a line: the one that stands for all, a space, and the others.
 * Marks, compatibility forms, and what looks like neither a letter nor a number are left out.
 */
export const CONFUSABLES: string = String.raw\`
${lines.sort().join("\n")}
\`;
`,
);
