import fc from "fast-check";

/**
 * Any character of Unicode, as a unit for `fc.string`. The same as fast-check's own "binary", which takes
 * about a second to set up in each file.
 */
export const codePoint = fc.oneof(
  fc.integer({ min: 0, max: 0xd7ff }),
  // Without the halves of surrogate pairs.
  fc.integer({ min: 0xe000, max: 0x10ffff }),
).map((code) => String.fromCodePoint(code));
