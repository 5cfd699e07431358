import assert from "node:assert/strict";
import { Ladder } from "../../../src/consumers/session/ladder.ts";
import { type VideoOffer, VideoOffers } from "../../../src/consumers/session/video_offer.ts";
import { H264_RENDITIONS } from "../../../src/media/h264/renditions.ts";
import { Rendition, SOURCE } from "../../../src/media/rendition.ts";
import { NO_VIDEO } from "../../../src/streams/video.ts";
import { sizeOf } from "./frame_sizes.ts";
import { SimulatedTracks } from "./simulated_tracks.ts";

/** A ladder that knows the sizes of a clip's JPEGs, each so many times those of a street. */
function ladderOf(factor: number): Ladder {
  const ladder = new Ladder();
  ladder.measured(SOURCE, sizeOf(SOURCE) * factor, 0);
  for (let next; (next = ladder.unmeasured(SOURCE, 0));) {
    ladder.measured(next, sizeOf(next) * factor, 0);
  }
  return ladder;
}

const flow = { isFlowing: true };
const tracks = new SimulatedTracks();
const auto = new VideoOffers(tracks, flow).for("auto")!;
const chosen = new VideoOffers(tracks, flow).for("h264")!;

/** Renditions as `codec quality/scale`. */
function names(ladder: Ladder, offer: VideoOffer | null, ceiling = SOURCE): string[] {
  return ladder.under(ceiling, offer)
    .map(({ rendition: { codec, quality, scale } }) => `${codec} ${quality}/${scale}`);
}

Deno.test("offers are the same object while sizes are about the same, and none without tracks", () => {
  const offers = new VideoOffers(new SimulatedTracks(), flow);
  assert.equal(offers.for("auto"), offers.for("auto"));
  assert.notEqual(offers.for("auto"), offers.for("h264"));
  assert.equal(new VideoOffers(NO_VIDEO, flow).for("h264"), null);
});

Deno.test("offers are made only while frames flow", () => {
  const flow = { isFlowing: true };
  const offers = new VideoOffers(new SimulatedTracks(), flow);
  const before = offers.for("h264");
  flow.isFlowing = false;
  assert.equal(offers.for("h264"), null);
  flow.isFlowing = true;
  assert.equal(offers.for("h264"), before);
});

Deno.test("offers follow tracks that come, go and change their size", () => {
  const changing = new SimulatedTracks(), offers = new VideoOffers(changing, flow);
  const before = offers.for("auto");
  changing.all[0].isAvailable = false;
  assert.deepEqual(
    offers.for("auto")!.rungs.map(({ rendition }) => rendition),
    H264_RENDITIONS.slice(1),
  );
  assert.notEqual(offers.for("auto"), before);
  for (const track of changing.all) track.isAvailable = false;
  assert.equal(offers.for("auto"), null);
});

Deno.test("Ladder of a street has good JPEGs, then H.264, then the smallest JPEG", () => {
  assert.deepEqual(names(ladderOf(1), auto), [
    "jpeg source/1",
    "jpeg 60/1",
    "h264 45/1",
    "h264 32/1",
    "h264 25/0.5",
    "jpeg 5/0.5",
  ]);
});

Deno.test("Ladder of a hand-held clip, on which H.264 does not pay, has JPEGs alone", () => {
  const ladder = ladderOf(1);
  // H.264 that spends nearly as much as the JPEGs that look the same.
  const rungs = H264_RENDITIONS.map((rendition) => ({
    rendition,
    bytes: 0.8 * sizeOf(Rendition.of({ ...rendition, codec: "jpeg" })),
  }));
  assert.deepEqual(ladder.under(SOURCE, { rungs, isChosen: false }), ladder.under(SOURCE));
  assert.equal(names(ladder, { rungs, isChosen: true })[0], "h264 45/1");
});

Deno.test("Ladder with H.264 begins with the ceiling, and never gives less for more", () => {
  for (const factor of [0.3, 0.6, 1, 2]) {
    for (const quality of ["source", 50, 20, 5] as const) {
      const ceiling = SOURCE.with({ quality, filter: "sepia" });
      const rungs = ladderOf(factor).under(ceiling, auto);
      assert.equal(rungs[0].rendition, ceiling);
      assert.equal(rungs.at(-1)!.rendition.codec, "jpeg");
      rungs.slice(1, -1).forEach(({ bytes }, i) => assert.ok(bytes < rungs[i].bytes));
    }
  }
});

Deno.test("Ladder gives H.264 under Gaming's ceiling if it needs less than that", () => {
  const ceiling = SOURCE.with({ quality: 20 });
  assert.deepEqual(names(ladderOf(1), auto, ceiling).slice(0, 2), ["jpeg 20/1", "h264 45/1"]);
});

Deno.test("Ladder gives no H.264 larger than the ceiling", () => {
  assert.ok(
    !names(ladderOf(1), auto, SOURCE.with({ scale: 0.5 })).some((one) => /^h264.*\/1$/.test(one)),
  );
});

Deno.test("Ladder begins with H.264 where a viewer chose that, with JPEGs again once there is none", () => {
  const ladder = ladderOf(1);
  assert.equal(names(ladder, chosen)[0], "h264 45/1");
  assert.equal(names(ladder, chosen, SOURCE.with({ scale: 0.5 }))[0], "h264 25/0.5");
  assert.deepEqual(names(ladder, null), names(ladderOf(1), null));
});

Deno.test("Ladder has nothing of H.264 made to measure it", () => {
  const ladder = new Ladder();
  ladder.under(SOURCE, auto);
  for (let next; (next = ladder.unmeasured(SOURCE, 0)); ladder.measured(next, 1, 0)) {
    assert.equal(next.codec, "jpeg");
  }
});
