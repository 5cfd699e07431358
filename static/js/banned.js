import { pageStatus } from "./ban.js";

/** The mean time between two questions whether the ban was lifted; pages must not ask all at once. Milliseconds. */
const PAUSE_MS = 20_000;

const OK = 200;
/** The password has changed meanwhile. */
const UNAUTHORIZED = 401;

async function check() {
  const status = await pageStatus();
  if (status === OK || status === UNAUTHORIZED) location.reload();
  else wait();
}

function wait() {
  setTimeout(check, PAUSE_MS * (0.75 + Math.random() / 2));
}

wait();
