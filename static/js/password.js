let isAsking = false;

/**
 * Checks whether the server refuses requests because the password has changed or expired. If so, reloads the page, and the
 * server shows the form to enter it. Call this when a request fails.
 */
export async function enterPasswordIfWanted() {
  if (isAsking) return;
  isAsking = true;
  try {
    const answer = await fetch("state", { method: "HEAD", cache: "no-store" });
    // Only once: a second reload would cancel the first.
    if (answer.status === 401) return location.reload();
  } catch {
    // The server does not answer, so the password is not the cause.
  }
  isAsking = false;
}
