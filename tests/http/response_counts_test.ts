import assert from "node:assert/strict";
import { ResponseCounts } from "../../src/http/response_counts.ts";

Deno.test("response counts are kept by status", async () => {
  const counts = new ResponseCounts();
  const handler = counts.counting((request: Request, status: number) => {
    assert.equal(request.method, "GET");
    return new Response(null, { status });
  });
  for (const status of [200, 404, 200, 503]) {
    const response = await handler(new Request("http://localhost/"), status);
    assert.equal(response.status, status);
  }
  assert.deepEqual([...counts.byStatus], [[200, 2], [404, 1], [503, 1]]);
});
