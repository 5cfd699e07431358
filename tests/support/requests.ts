import { until } from "./until.ts";

/** A server under test. */
export interface Server {
  readonly origin: string;
}

/** The streamer's token in every tested program, unless the test sets another. */
export const ADMIN_TOKEN = "the-streamers-token";

/** The header by which the streamer proves who they are. */
export const AS_STREAMER = { authorization: `Bearer ${ADMIN_TOKEN}` } as const;

/** Returns a new viewer's id cookie as a request header. */
export function newCookie(): { readonly cookie: string } {
  return { cookie: `viewer=${crypto.randomUUID()}` };
}

/** Returns the result of `/state`. */
export async function stateOf({ origin }: Server) {
  return (await (await fetch(`${origin}/state`)).json()).result;
}

/** Waits until `/healthz` has this status, and returns its body. */
export async function untilHealth({ origin }: Server, wanted: number) {
  const ask = async () => {
    const response = await fetch(`${origin}/healthz`);
    return { status: response.status, body: await response.json() };
  };
  const isWanted = ({ status }: { status: number }) => status === wanted;
  return (await until(`${wanted} of /healthz`, ask, isWanted, { timeout: 15_000 })).body;
}

/** Posts JSON and returns the status and the JSON of the response. */
export async function postJson(
  { origin }: Server,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
) {
  const response = await fetch(origin + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

/** Changes something as the streamer, by a path below `/admin`, and returns the response's JSON. */
export async function administer(
  server: Server,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = AS_STREAMER,
) {
  const answer = await postJson(server, `/admin/${path}`, body, headers);
  if (answer.status !== 200) {
    throw new Error(`/admin/${path} gave ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
  return answer.body;
}
