/** ffmpeg's lines may hold the stream key and whatever a server says, so only what stands here is shown of them. */
const REASONS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [
    /Already publishing|already in use|Stream already|BadName|\b409 Conflict/i,
    "the server says that somebody publishes there already: end that, or wait until the server has noticed that it ended",
  ],
  [
    /NetStream\.Publish\.(?:Denied|Rejected|Failed)|NetConnection\.Connect\.Rejected|\b(?:authori[sz]ation|authentication|auth)\b.*(?:fail|den|error|requir)|access denied|\b40[13] (?:Unauthorized|Forbidden)|ERROR:PEER|ERROR:BADSECRET|rejected, .*(?:password|secret|forbidden|unauthori[sz]ed)/i,
    "the server refuses the stream key, user name or password: check the address",
  ],
  [
    /Server error|\b404 Not Found|Method (?:ANNOUNCE )?(?:failed|not allowed)|\b4\d\d\b.*(?:Reply|Not)|rejected/i,
    "the server refuses it: check the application's name and the stream key in the address",
  ],
  [/Connection refused/, "nothing answers there: start the server, or check the port"],
  [
    /Failed to resolve hostname|Name or service not known|name resolution|Cannot resolve/i,
    "there is no host of that name: check the address and the network",
  ],
  [
    /timed out|No route to host|Network is unreachable|Host is down|ERROR:TIMEOUT|Connection setup failure/i,
    "no answer: check the address and the network",
  ],
  [
    /\bTLS\b|\bSSL\b|certificate/i,
    "no encrypted connection can be made: check whether the server expects one, and its certificate",
  ],
  [
    /Requested output format 'whip' is not|Unknown output format: 'whip'/,
    "this ffmpeg cannot publish by WHIP: ffmpeg 8 and later can, if built with OpenSSL or the like",
  ],
  [
    /Protocol not found|Requested output format/,
    "this ffmpeg does not support that kind of address",
  ],
  [/Unknown encoder|Encoder not found/, "this ffmpeg lacks the encoder for the sound"],
  [
    /Broken pipe|Connection reset|Connection was broken|End of file|Input\/output error|Operation not permitted/i,
    "the server ended the connection: check the stream key, or the server's log",
  ],
  [/Cannot allocate memory/, "ffmpeg ran out of memory"],
];

/** Why an ffmpeg was killed that had not connected, and one that had hung. */
export const NO_ANSWER = "no answer: check the address and the network";
/** See {@linkcode NO_ANSWER}. */
export const NO_PROGRESS = "the server takes nothing any more: check it and the network";

/** Returns why ffmpeg ended, to follow a colon: in words, without anything else that its output may hold. */
export function explainFailure(output: string): string {
  // Names in an address are no reason.
  const words = output.replaceAll(/\S+:\/\/\S+/g, "");
  const rule = REASONS.find(([pattern]) => pattern.test(words));
  if (rule) return rule[1];
  return output === ""
    ? "ffmpeg ended without a message"
    : "ffmpeg gave a reason that is not known here";
}
