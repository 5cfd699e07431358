import assert from "node:assert/strict";
import fc from "fast-check";
import { type Message, type ResourceRecord, writeMessage } from "../../src/discovery/message.ts";
import { FakeLink } from "./fake_link.ts";

const HTTP = "_http._tcp.local";

function ask(name: string, type: string, more: Partial<Message> = {}): Uint8Array {
  return writeMessage({ questions: [{ name, type, wantsUnicast: false }], ...more });
}

function namesOf({ answers }: Pick<Message, "answers">): string[] {
  return answers.map(({ name, type, data }) =>
    typeof data === "string" ? `${name} ${type} ${data}` : `${name} ${type}`
  );
}

function address(name: string, data: string, ttl = 120): ResourceRecord {
  return { name, type: "A", ttl, isUnique: true, data };
}

Deno.test("responder probes three times, 250 ms apart, before it announces", () => {
  using link = new FakeLink();
  const { hosts } = link.add("10.0.0.1", "Party", () => 0);
  const sent = link.during(4000);
  assert.deepEqual(sent.map(({ at }) => at), [1, 250, 500, 750, 1750, 3750]);
  assert.deepEqual(sent.map(({ message }) => message.isResponse), [
    ...[false, false, false],
    ...[true, true, true],
  ]);
  assert.deepEqual(namesOf(sent[3]!.message), [
    `${HTTP} PTR Party.${HTTP}`,
    `_services._dns-sd._udp.local PTR ${HTTP}`,
    "livestream.local A 10.0.0.1",
    `Party.${HTTP} SRV`,
    `Party.${HTTP} TXT`,
    "livestream.local NSEC",
    `Party.${HTTP} NSEC`,
  ]);
  assert.deepEqual(hosts, ["livestream.local"]);
});

Deno.test("responder that comes later gets numbers, and the first keeps its names", () => {
  using link = new FakeLink();
  const first = link.add("10.0.0.1");
  link.time.tick(5000);
  const second = link.add("10.0.0.2");
  const third = link.add("10.0.0.3", "Other");
  link.time.tick(15_000);
  assert.deepEqual(first.hosts, ["livestream.local"]);
  assert.deepEqual([second.hosts, third.hosts].flat().sort(), [
    "livestream-2.local",
    "livestream-3.local",
  ]);
  link.say(ask(HTTP, "PTR"));
  const listed = link.during(200).flatMap(({ message }) => namesOf(message));
  assert.deepEqual(listed.sort(), [
    `${HTTP} PTR Other.${HTTP}`,
    `${HTTP} PTR Party (2).${HTTP}`,
    `${HTTP} PTR Party.${HTTP}`,
  ]);
});

Deno.test("responders that start at the same time all get different names", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 4 }),
      fc.infiniteStream(fc.double({ min: 0, max: 0.99, noNaN: true })),
      (count, randoms) => {
        using link = new FakeLink();
        const random = () => randoms.next().value!;
        const machines = Array.from(
          { length: count },
          (_, index) => link.add(`10.0.0.${index + 1}`, "Party", random),
        );
        link.time.tick(30_000);
        const names = machines.map(({ hosts }) => hosts.at(-1));
        assert.equal(new Set(names).size, count, names.join());
        assert.ok(names.includes("livestream.local"), names.join());
      },
    ),
    { numRuns: 50 },
  );
});

Deno.test("responder gives up a name that another machine answers for later", () => {
  using link = new FakeLink();
  const { hosts } = link.add("10.0.0.1");
  link.time.tick(5000);
  const other = writeMessage({
    isResponse: true,
    answers: [address("LiveStream.local", "10.0.0.9")],
  });
  link.say(other);
  link.time.tick(100);
  link.say(other);
  link.time.tick(5000);
  assert.deepEqual(hosts, ["livestream.local", "livestream-2.local"]);
});

Deno.test("responder slows down when every name is taken", () => {
  using link = new FakeLink();
  const { hosts } = link.add("10.0.0.1");
  for (let elapsed = 0; elapsed < 60_000; elapsed += 100) {
    const probed = link.during(100).findLast(({ message }) => !message.isResponse);
    const name = probed?.message.questions[0]?.name;
    if (name) link.say(writeMessage({ isResponse: true, answers: [address(name, "10.0.0.9")] }));
  }
  assert.deepEqual(hosts, []);
  assert.ok(link.sent.length < 60, `${link.sent.length}`);
});

Deno.test("responder answers at once for its own name, and says that it has no IPv6 address", () => {
  using link = new FakeLink();
  link.add("10.0.0.1");
  link.time.tick(6000);
  const from = link.sent.length;
  link.say(ask("LIVESTREAM.local", "A"));
  link.say(ask("livestream.local", "AAAA"));
  const [one, other] = link.sent.slice(from);
  assert.deepEqual(namesOf(one!.message), ["livestream.local A 10.0.0.1"]);
  // It came along with the first answer.
  assert.equal(other, undefined);
  link.time.tick(1000);
  link.say(ask("livestream.local", "AAAA"));
  assert.deepEqual(namesOf(link.sent.at(-1)!.message), ["livestream.local NSEC"]);
});

Deno.test("responder sends a record once a second, however often it is asked", () => {
  using link = new FakeLink();
  link.add("10.0.0.1");
  link.time.tick(6000);
  const from = link.sent.length;
  for (let count = 0; count < 5000; count++) {
    link.say(ask("livestream.local", "A"));
    link.say(ask(HTTP, "PTR"));
    link.time.tick(1);
  }
  for (const name of ["livestream.local A 10.0.0.1", `${HTTP} PTR Party.${HTTP}`]) {
    // One record comes beside the other, if that is due first.
    const times = link.sent.slice(from)
      .filter(({ message: { answers, additionals } }) =>
        namesOf({ answers: [...answers, ...additionals] }).includes(name)
      )
      .map(({ at }) => at);
    assert.ok(times.length >= 4, `${name}: ${times}`);
    const pauses = times.slice(1).map((at, i) => at - times[i]!);
    // An answer to a question for a shared record waits 20 to 120 ms.
    assert.ok(pauses.every((pause) => pause >= 1000 && pause <= 1121), `${name}: ${pauses}`);
  }
});

Deno.test("responder answers a prober within 250 ms, even if it has just answered", () => {
  using link = new FakeLink();
  link.add("10.0.0.1");
  link.time.tick(6000);
  link.say(ask("livestream.local", "A"));
  link.time.tick(250);
  const from = link.sent.length;
  link.say(
    ask("livestream.local", "ANY", { authorities: [address("livestream.local", "10.0.0.9")] }),
  );
  assert.equal(link.sent.length, from + 1);
});

Deno.test("responder does not repeat what the asker knows, here or in the next message", () => {
  using link = new FakeLink();
  link.add("10.0.0.1");
  link.time.tick(6000);
  const known = (ttl: number): Partial<Message> => ({
    answers: [{ name: HTTP, type: "PTR", ttl, isUnique: false, data: `Party.${HTTP}` }],
  });
  link.say(ask(HTTP, "PTR", known(4000)));
  assert.deepEqual(link.during(500), []);
  link.say(ask(HTTP, "PTR", { isTruncated: true }));
  link.say(writeMessage(known(4000)));
  assert.deepEqual(link.during(600), []);
  link.say(ask(HTTP, "PTR", known(100)));
  assert.equal(link.during(500).length, 1);
});

Deno.test("responder answers a plain DNS client alone, with its identifier and a short time", () => {
  using link = new FakeLink();
  link.add("10.0.0.1");
  link.time.tick(6000);
  const from = link.sent.length;
  const client = { hostname: "10.0.0.7", port: 40_000 };
  for (let count = 0; count < 1000; count++) {
    link.say(ask("livestream.local", "A", { id: 77 }), client);
  }
  const answers = link.sent.slice(from);
  assert.equal(answers.length, 50);
  const [{ to, message }] = answers as [typeof answers[0]];
  assert.deepEqual(to, client);
  assert.equal(message.id, 77);
  assert.equal(message.questions.length, 1);
  assert.deepEqual(message.answers, [{
    ...address("livestream.local", "10.0.0.1", 10),
    isUnique: false,
  }]);
});

Deno.test("responder repeats only those questions of a plain DNS client that it answers", () => {
  using link = new FakeLink();
  link.add("10.0.0.1");
  link.time.tick(6000);
  const names = ["printer.local", ...Array(20).fill("livestream.local"), ...Array(20).fill(HTTP)];
  const asked = names.map((name) => ({ name, type: "ANY", wantsUnicast: false }));
  link.say(writeMessage({ questions: asked }), { hostname: "10.0.0.7", port: 40_000 });
  const { questions } = link.sent.at(-1)!.message;
  assert.deepEqual(questions.map(({ name }) => name), ["livestream.local", HTTP]);
});

Deno.test("responder takes back its records at the end, and answers no more", () => {
  using link = new FakeLink();
  const { responder } = link.add("10.0.0.1");
  link.time.tick(6000);
  responder.close();
  const { message } = link.sent.at(-1)!;
  assert.deepEqual(message.answers.map(({ type, ttl }) => `${type} ${ttl}`), [
    ...["PTR 0", "A 0", "SRV 0", "TXT 0"],
  ]);
  link.say(ask("livestream.local", "A"));
  assert.deepEqual(link.during(5000), []);
  assert.equal(link.time.timers, 0);
});

Deno.test("responder announces a new title instead of the old one", () => {
  using link = new FakeLink();
  const { responder, hosts } = link.add("10.0.0.1");
  link.time.tick(6000);
  responder.announce({ title: "Night", port: 8081, isSecure: true, path: "/cam/" });
  const [goodbye, ...later] = link.sent.slice(-1).concat(link.during(6000));
  assert.equal(goodbye!.message.answers[0]!.data, `Party.${HTTP}`);
  assert.equal(goodbye!.message.answers[0]!.ttl, 0);
  const announced = later.findLast(({ message }) => message.isResponse)!.message;
  assert.equal(announced.answers[0]!.data, "Night._https._tcp.local");
  const text = announced.answers.find(({ type }) => type === "TXT")!.data as Uint8Array[];
  assert.deepEqual(text.map((part) => new TextDecoder().decode(part)), [
    "txtvers=1",
    "title=Night",
    "path=/cam/",
  ]);
  assert.deepEqual(hosts, ["livestream.local"]);
});

Deno.test("responders on one machine share its name, which stays when one of them ends", () => {
  using link = new FakeLink();
  const first = link.add("10.0.0.1", "Door");
  link.time.tick(6000);
  const second = link.add("10.0.0.1", "Garden");
  link.time.tick(6000);
  assert.deepEqual(second.hosts, ["livestream.local"]);
  first.responder.close();
  const rescued = link.during(1000).flatMap(({ message }) => message.answers)
    .find(({ type }) => type === "A");
  assert.equal(rescued?.ttl, 120);
});

Deno.test("responder survives any bytes, and says little to them", () => {
  const start = [
    ...writeMessage({
      questions: [{ name: "livestream.local", type: "ANY", wantsUnicast: false }],
    }),
  ];
  using link = new FakeLink();
  link.add("10.0.0.1");
  link.time.tick(6000);
  const damaged = fc.tuple(fc.nat(start.length - 1), fc.nat(255)).map(([at, byte]) =>
    Uint8Array.from(start.with(at, byte))
  );
  const typed = fc.tuple(fc.nat(300), fc.uint8Array({ maxLength: 40 })).map(([type, data]) =>
    Uint8Array.from([
      ...[0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, 10, ...new TextEncoder().encode("livestream"), 5],
      ...[...new TextEncoder().encode("local"), 0, type >> 8, type & 255, 0x80, 1, 0, 0, 0, 120],
      ...[0, data.length, ...data],
    ])
  );
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 600 }), damaged, typed), (bytes) => {
      link.say(bytes);
      link.time.tick(1);
    }),
    { numRuns: 3000 },
  );
  assert.ok(link.sent.length < 200, `${link.sent.length}`);
});
