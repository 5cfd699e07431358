import { messageOf, UserError } from "../errors.ts";

/**
 * Checks that the server can listen on a port, before something is done that depends on it.
 *
 * @throws {UserError} What {@linkcode listenError} returns.
 */
export function requireListening(host: string, port: number): void {
  try {
    Deno.listen({ hostname: host, port }).close();
  } catch (error) {
    throw listenError(error, host, port);
  }
}

/** Returns an error that says what to do if the server cannot listen. */
export function listenError(error: unknown, host: string, port: number): UserError {
  const options = { cause: error };
  if (error instanceof Deno.errors.AddrInUse) {
    const other = port < 65535 ? port + 1 : port - 1;
    return new UserError(
      `Port ${port} is in use. Stop the other program, or use --port ${other}`,
      1,
      options,
    );
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return new UserError(
      `No permission to listen on port ${port}. Use one above 1023 (--port)`,
      1,
      options,
    );
  }
  if (error instanceof Deno.errors.NotCapable) {
    return new UserError(
      `--host must be 0.0.0.0, ::, localhost or an IPv4 address of this machine: ${host}`,
      1,
      options,
    );
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return new UserError(`${host} is not an address of this machine (--host)`, 1, options);
  }
  return new UserError(`Cannot listen on ${host}:${port}: ${messageOf(error)}`, 1, options);
}
