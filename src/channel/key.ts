/** The most characters (UTF-16) of a page's own name for what it sends. */
export const MAX_KEY = 64;
