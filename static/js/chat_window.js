/** The address of the watch page that shows only the chat, and opens no stream. */
const ADDRESS = "./?chat";

/** Whether this page is the chat in a window of its own. */
export const isChatWindow = new URLSearchParams(location.search).has("chat");

/**
 * Opens the chat in a small window of its own, or brings that to the front.
 *
 * @returns {Window | null} `null` if the browser blocked it.
 */
export function openChatWindow() {
  return open(ADDRESS, "livestream-chat", "popup,width=400,height=720");
}
