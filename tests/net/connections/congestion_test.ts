import assert from "node:assert/strict";
import { congestionLine } from "../../../src/net/connections/congestion.ts";

Deno.test("congestionLine says which congestion control streams have, and why", () => {
  assert.equal(congestionLine("auto", "bbr"), "Congestion control of streams: bbr");
  assert.equal(
    congestionLine("auto", "cubic"),
    "Congestion control of streams: cubic, as this system does not allow bbr: " +
      "sysctl net.ipv4.tcp_allowed_congestion_control",
  );
  assert.equal(
    congestionLine("system", "bbr"),
    "Congestion control of streams: bbr, the system's choice (--congestion system)",
  );
});
