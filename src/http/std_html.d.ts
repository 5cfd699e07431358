// The part of @std/html in use, which has no types as an npm package.

/** Makes text safe inside HTML elements and quoted attributes. */
export function escape(text: string): string;
