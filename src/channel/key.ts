/** The most UTF-16 units of a page's own name for what it sends. */
export const MAX_KEY = 64;
