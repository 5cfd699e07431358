import assert from "node:assert/strict";
import type { Publication } from "../../../src/consumers/publisher/publication.ts";
import { Publications } from "../../../src/consumers/publisher/publications.ts";
import { UserError } from "../../../src/errors.ts";
import type { PublicationState } from "../../../src/live_messages.ts";

/** A publication that is live as soon as it has begun. */
class FakePublication implements Publication {
  readonly name = "rtmp://host";
  state: PublicationState = "off";

  get status() {
    return { state: this.state, since: 0, problem: null, nextTry: null, kbps: 0 };
  }

  start(): void {
    this.state = "live";
  }

  stop(): void {
    this.state = "off";
  }

  tick(): void {}

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
    await Promise.resolve();
  }
}

Deno.test("targets are added, switched and removed", async () => {
  const made: FakePublication[] = [];
  await using publications = new Publications(() => {
    made.push(new FakePublication());
    return made.at(-1)!;
  });
  const [one, two] = [publications.add("rtmp://host/a"), publications.add("rtmp://host/b")];
  assert.deepEqual(publications.list.map(({ id, state }) => [id, state]), [
    [one, "live"],
    [two, "live"],
  ]);
  assert.equal(publications.switch(one, false), true);
  assert.deepEqual(publications.count(), { off: 1, connecting: 0, live: 1, waiting: 0 });
  assert.equal(publications.remove(two), true);
  assert.equal(made[1].state, "off");
  assert.deepEqual([publications.switch(two, true), publications.remove(two)], [false, false]);
  assert.notEqual(publications.add("rtmp://host/b"), two);
});

Deno.test("there are at most eight targets, each once", async () => {
  await using publications = new Publications(() => new FakePublication());
  publications.add("rtmp://host/KEY");
  const refused = (address: string) => {
    try {
      publications.add(address);
      return "";
    } catch (error) {
      assert(error instanceof UserError);
      return error.message;
    }
  };
  assert.match(refused("rtmp://host/KEY"), /already$/);
  for (let i = 2; i <= 8; i++) publications.add(`rtmp://host/${i}`);
  assert.match(refused("rtmp://host/KEY9"), /more than 8/);
  assert.equal(publications.list.length, 8);
});
