/** A link up to the next space. No lookbehind: Safari before 16.4 would refuse the whole module. */
const LINK = /https?:\/\/[^\s<>"\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/giu;

/** What a link does not begin behind: the rest of a word. */
const WORD_END = /[\p{L}\p{N}_]$/u;

/** Punctuation that ends a sentence rather than an address. */
const TRAILING = /[.,:;!?'’”»…*_~]$/u;

/** @type {Readonly<Record<string, string>>} By closing bracket. */
const OPENING = { ")": "(", "]": "[", "}": "{" };

/**
 * Splits a text at its links. The parts together are the text. Only `http:` and `https:` become links, and only as written in
 * full, so that a link's text always shows where it goes.
 *
 * @param {string} text
 * @returns {{ text: string, href?: string }[]}
 */
export function linkify(text) {
  /** @type {{ text: string, href?: string }[]} */
  const parts = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(LINK)) {
    const link = withoutTrailing(found);
    if (WORD_END.test(text.slice(end, index)) || !isAddress(link)) continue;
    if (index > end) parts.push({ text: text.slice(end, index) });
    parts.push({ text: link, href: link });
    end = index + link.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** @param {string} link */
function withoutTrailing(link) {
  let end = link.length;
  while (end > 0) {
    const last = link[end - 1];
    const opening = OPENING[last];
    const isLoose = opening !== undefined && isUnbalanced(link.slice(0, end), opening, last);
    if (!isLoose && !TRAILING.test(link.slice(0, end))) break;
    end--;
  }
  return link.slice(0, end);
}

/**
 * @param {string} text
 * @param {string} opening
 * @param {string} closing
 */
function isUnbalanced(text, opening, closing) {
  return text.split(closing).length > text.split(opening).length;
}

/** @param {string} link */
function isAddress(link) {
  try {
    const { protocol, username, password } = new URL(link);
    // "https://example.com@evil.test" would show one host and open another.
    return /^https?:$/.test(protocol) && username === "" && password === "";
  } catch {
    return false;
  }
}
