const FORBIDDEN = 403;

/** Replaces the page of a viewer whom the streamer has banned by the one that says so. */
export async function showBan() {
  // The page of a viewer who has no cookie would come back as it is.
  if (await pageStatus() === FORBIDDEN) location.reload();
}

/** Returns the HTTP status with which the server would answer this page now; 0 if it does not. */
export async function pageStatus() {
  try {
    return (await fetch(location.href, { method: "HEAD", cache: "no-store" })).status;
  } catch {
    return 0;
  }
}
