// Ten calls with the types that openapi-typescript generates, reading and writing. Arguments: address, token.
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

// Lists are tables as well: a program that reads JSON says so.
type JSONTypes = "application/json" | "application/problem+json";
declare const process: { argv: string[] };
const [address, token] = process.argv.slice(2) as [string, string];
const reader = createClient<paths, JSONTypes>({ baseUrl: address });
const editor = createClient<paths, JSONTypes>({ baseUrl: address, headers: { Authorization: `Bearer ${token}` } });
let calls = 0;

function got<T>(answer: { data?: T; error?: unknown; response: Response }, status: number): NonNullable<T> {
  calls += 1;
  if (answer.response.status !== status || answer.data == null) {
    throw new Error(`${answer.response.url}: ${answer.response.status} ${JSON.stringify(answer.error)}`);
  }
  return answer.data as NonNullable<T>;
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

const slug = "mine-ban-convention";
const poland = got(await reader.GET("/api/v1/states/{iso3}/", { params: { path: { iso3: "POL" } } }), 200);
check(poland.codes.iso2 === "PL", "the codes of Poland");
const board = got(
  await reader.GET("/api/v1/treaties/{slug}/status/", {
    params: { path: { slug }, query: { on: "2025-12-27", status: ["withdrawn"] } },
  }),
  200,
);
check(board.results.map((line) => line.state.iso3).join() === "EST,LVA,LTU", "who has withdrawn");
const days = { from: "2025-06-16", to: "2025-12-27" };
const counts = got(
  await reader.GET("/api/v1/treaties/{slug}/counts/", { params: { path: { slug }, query: days } }),
  200,
);
check(counts.results[0]?.parties === 165, "the parties on the first day");
const changed = got(
  await reader.GET("/api/v1/treaties/{slug}/changes/", { params: { path: { slug }, query: days } }),
  200,
);
check(changed.from === days.from && changed.results[0]?.actions[0]?.action === "withdrawal", "what changed");
const acts = got(
  await reader.GET("/api/v1/treaty-actions/", { params: { query: { treaty: [slug], state: ["EST", "LVA"], page_size: 2 } } }),
  200,
);
check(acts.results.length === 2 && acts.next !== null, "a page of acts");
const feed = got(await reader.GET("/api/v1/changes/", { params: { query: { page_size: 5 } } }), 200);
check(feed.results.length === 5, "a page of changes");

const draft = got(
  await editor.POST("/api/v1/statements/", {
    params: { header: { "Idempotency-Key": crypto.randomUUID() } },
    body: {
      slug: "of-another-client",
      kind: "news",
      title: "Of another client",
      body: "A try.",
      dated_on: "2026-01-15",
      source_url: "https://example.org/source",
    },
  }),
  201,
);
check(draft.workflow === "draft", "a draft");
const path = { slug: draft.slug };
const seen = await editor.GET("/api/v1/statements/{slug}/moves/", { params: { path } });
got(seen, 200);
const other = got(
  await editor.PATCH("/api/v1/statements/{slug}/", {
    params: { path, header: { "If-Match": seen.response.headers.get("ETag") ?? "" } },
    body: { title: "Of another client, again" },
  }),
  200,
);
check(other.title === "Of another client, again", "another title");
const moved = got(
  await editor.POST("/api/v1/statements/{slug}/moves/", { params: { path }, body: { move: "submit" } }),
  200,
);
check(moved.workflow === "in_review", "a text in review");
const refused = await reader.POST("/api/v1/campaigns/{slug}/pledges/", {
  params: { path: { slug: "humanitarian-disarmament" } },
  body: { name: "", email: "nobody" },
});
check(refused.response.status === 400 && refused.error?.status === 400, "a pledge without a name");
calls += 1;
console.log(`ok: ${calls} calls with the types of openapi-typescript`);
