let isAsking = false;

/**
 * To be called when the server does not give what the page asks for, which may be for want of the password: it was
 * changed, or entered too long ago. Then the page is loaded anew, and the server shows where to enter it.
 */
export async function enterPasswordIfWanted() {
  if (isAsking) return;
  isAsking = true;
  try {
    const answer = await fetch("state", { method: "HEAD", cache: "no-store" });
    // Once only: to load it a second time would break off the first.
    if (answer.status === 401) return location.reload();
  } catch {
    // The server is away; that is not for want of a password.
  }
  isAsking = false;
}
