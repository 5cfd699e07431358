/// <reference lib="dom" />
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:tls";
import { movingClip } from "../support/clips.ts";
import { type Program, startProgram } from "../support/program.ts";
import { until } from "../support/until.ts";
import { sharedChromium } from "./browser.ts";
import { openStudio } from "./studio_page.ts";
import { sharedChannel, startChannel } from "./test_channel.ts";
import { chatOf, playing, say, watch } from "./watch_page.ts";

const browser = sharedChromium();
const shared = sharedChannel("--tls=self-signed");

const PASSWORD = "open sesame";
const TRUSTING = { ignoreHTTPSErrors: true };

interface Client {
  readonly fps: number;
  readonly delay: number;
  readonly quality: string;
}

/** The program over HTTPS, with the matching origin. */
function secure(program: Program): Program {
  return { ...program, origin: `https://127.0.0.1:${program.port}` };
}

/** Returns the certificate that a server presents, trusted or not. */
async function certificateOf({ port }: Program): Promise<X509Certificate> {
  const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const { raw } = socket.getPeerCertificate();
  socket.destroy();
  await once(socket, "close");
  return new X509Certificate(raw);
}

/** Returns the only client in `/state`'s `stream`. */
function clientIn({ clients_stat }: { clients_stat: Record<string, Client> }): Client {
  return Object.values(clients_stat)[0];
}

function text(bytes: Uint8Array<ArrayBuffer>): string {
  return new TextDecoder().decode(bytes);
}

Deno.test("page over HTTPS plays at full quality, chats, and restricts its cookies to HTTPS", async () => {
  const source = `--source=${(await movingClip()).path}`;
  await using http = await startChannel(
    source,
    "--fps=30",
    "--tls=self-signed",
    `--password=${PASSWORD}`,
  );
  const program = secure(http);
  const { page, complaints } = await watch(browser, program, TRUSTING);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await playing(page);
  await say(page, "Hello", "Ada");
  await until("the message", () => chatOf(page), (chat) => chat.join() === "Ada: Hello");
  const state = async () => {
    const response = await page.request.get(`${program.origin}/state`);
    return (await response.json()).result;
  };
  const { stream } = await until(
    "full quality at full speed",
    state,
    ({ stream }) =>
      clientIn(stream)?.fps > 15 && clientIn(stream).quality === "source" &&
      clientIn(stream).delay !== null,
  );
  const { delay } = clientIn(stream);
  assert(delay < 1000, `${delay} ms`);
  const cookies = await page.context().cookies();
  assert.deepEqual(
    cookies.map(({ name, secure, httpOnly }) => [name, secure, httpOnly]).sort(),
    [["__Host-pass", true, true], ["__Host-viewer", true, true]],
  );
  await page.locator("#share").click();
  assert.equal(
    await page.getByRole("textbox", { name: "address" }).inputValue(),
    `${program.origin}/`,
  );
  const html = await (await page.request.get(program.origin)).text();
  assert(html.includes(`<meta property="og:url" content="${program.origin}/">`));
  assert.deepEqual(complaints, []);
});

Deno.test("studio works over HTTPS", async () => {
  const program = secure(shared);
  const { page, complaints } = await openStudio(browser, program, TRUSTING);
  await page.locator("#preview-note").waitFor({ state: "hidden" });
  await page.locator("#channel-status[data-status=live]").waitFor();
  assert.equal(await page.locator("#address").inputValue(), `${program.origin}/`);
  assert.deepEqual(complaints, []);
});

Deno.test("printed fingerprint is the certificate's, and a restart keeps both", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const args = ["--source=test", "--tls=self-signed", `--data=${folder}/channel.db`];
    const seen = [];
    for (let start = 0; start < 2; start++) {
      await using program = await startProgram(args);
      const certificate = await certificateOf(program);
      const [, printed] = /"fingerprint":"([0-9A-F:]+)"/.exec(program.output()) ?? [];
      assert.equal(certificate.fingerprint256, printed);
      assert(certificate.checkIP("127.0.0.1"));
      assert.equal(certificate.checkHost("localhost"), "localhost");
      assert.match(program.output(), /"https:\/\/127\.0\.0\.1:\d+\/"/);
      seen.push(printed);
    }
    assert.equal(seen[0], seen[1]);
    assert.equal((await Deno.stat(`${folder}/channel.db.pem`)).mode! & 0o777, 0o600);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("programs watch over HTTPS at full quality, also several streams on one HTTP/2 connection", async () => {
  const source = `--source=${(await movingClip()).path}`;
  await using http = await startChannel(source, "--fps=30", "--tls=self-signed");
  const program = secure(http);
  const stream = `${program.origin}/stream`;
  const loads = [["--http1.1", stream], ["--http2", stream], ["--http2", "-Z", stream, stream]];
  for (const urls of loads) {
    const files = urls.filter((url) => url === stream).flatMap(() => ["-o", "/dev/null"]);
    const curl = new Deno.Command("curl", {
      args: ["-sk", "-m", "15", ...urls, ...files],
      stdout: "null",
      stderr: "null",
    }).spawn();
    const state = async () => {
      const args = ["-sk", `${program.origin}/state`];
      const { stdout } = await new Deno.Command("curl", { args }).output();
      return Object.values<{ fps: number; quality: string }>(
        JSON.parse(text(stdout)).result.stream.clients_stat,
      );
    };
    const clients = await until(
      "full speed",
      state,
      (clients) => clients.length === files.length / 2 && clients.every(({ fps }) => fps > 15),
    );
    assert(
      clients.every(({ quality }) => quality === "source"),
      `${urls}: ${JSON.stringify(clients)}`,
    );
    curl.kill("SIGTERM");
    await curl.status;
    await until("no clients", state, (clients) => clients.length === 0);
  }
});

Deno.test("plain HTTP request to an HTTPS port is ended at once, and disturbs no one", async () => {
  for (const what of ["GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n", "\x16\x03\x01\xff\xff", "\0"]) {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port: shared.port });
    await connection.write(new TextEncoder().encode(what));
    await connection.closeWrite();
    const answer = text(
      await new Response(connection.readable).bytes().catch(() => new Uint8Array()),
    );
    assert.doesNotMatch(answer, /HTTP/);
  }
  assert((await certificateOf(shared)).fingerprint256);
});
