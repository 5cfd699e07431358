// What is used of @std/html, which comes here without types.

/** Makes text safe inside HTML elements and quoted attributes. */
export function escape(text: string): string;
