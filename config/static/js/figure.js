// The figure: one treaty as a map, a chart and a table, on any day of change, compared with another day if one likes.
// Without this script the page shows map and chart below each other, and its form asks the server for a day.
// The state of the figure is in the address: on, compare, view, region, group.
const make = (name, attributes = {}, ...inside) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== false && value !== null) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...inside);
  return made;
};
const SVG = "http://www.w3.org/2000/svg";
const STEP = 90; // milliseconds for each change while the years play
const NAMED = 12; // as many States that differ are named in a sentence; the table has all
const language = document.documentElement.lang;
const wordy = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { dateStyle: "long", timeZone: "UTC" });
const told = (day) => wordy.format(new Date(`${day}T00:00:00Z`));
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/** The number of the last day of change that is not after a day; 0 for an earlier one. */
const placeOf = (days, day) => Math.max(0, days.findLastIndex((each) => each <= day));
/** The letters of a State's status at a place. */
const lettersAt = (state, place) => state.steps.findLast(([from]) => from <= place)?.[1] ?? state.steps[0][1];

function figure(root, data) {
  const { words, days, states } = data;
  const asked = new URLSearchParams(location.search);
  const byCode = new Map(states.map((state) => [state.iso3, state]));
  const at = {
    place: placeOf(days, root.dataset.on),
    day: root.dataset.on,
    compare: asked.get("compare") ?? "",
    view: asked.get("view") ?? "map",
    region: asked.get("region") ?? "",
    groups: asked.getAll("group").filter((key) => data.groups.some((group) => group.key === key)),
  };
  const panels = new Map([...root.querySelectorAll("[data-tab]")].map((panel) => [panel.dataset.tab, panel]));

  // --- The table, which only this script makes: the page of the treaty has a longer one.
  const body = make("tbody");
  const other = make("th", { scope: "col" }, words.then);
  const table = make("table", {}, make("thead", {}, make("tr", {}, make("th", { scope: "col" }, words.state), make("th", { scope: "col" }, words.status), other)), body);
  panels.set("table", make("div", { "data-tab": "table", class: "scroller figure__table", tabindex: "0", role: "group", "aria-label": words.table }, table));
  root.append(panels.get("table"));
  const rows = states.map((state) => {
    const status = make("td");
    const then = make("td");
    const row = make("tr", {}, make("th", { scope: "row" }, make("a", { href: `${root.dataset.states}${state.iso3.toLowerCase()}/` }, state.name)), status, then);
    body.append(row);
    return { state, status, then, row };
  });

  // --- Tabs
  const tabs = new Map();
  const tablist = make("div", { role: "tablist", class: "figure__tabs", "aria-label": words.views });
  for (const [view, panel] of panels) {
    panel.id ||= `figure-${view}`;
    const tab = make("button", { type: "button", role: "tab", id: `tab-${view}`, "aria-controls": panel.id, onclick: () => show({ view }) }, words[view]);
    panel.setAttribute("role", "tabpanel");
    panel.removeAttribute("aria-label");
    panel.setAttribute("aria-labelledby", tab.id);
    tabs.set(view, tab);
    tablist.append(tab);
  }
  tablist.addEventListener("keydown", (event) => {
    const order = [...tabs.keys()];
    const forward = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const to = event.key === "Home" ? 0 : event.key === "End" ? order.length - 1 : forward && (order.indexOf(at.view) + forward + order.length) % order.length;
    if (to === undefined) return;
    event.preventDefault();
    show({ view: order[to] });
    tabs.get(order[to]).focus();
  });

  // --- The day, the other day, the region
  const slider = make("input", { type: "range", id: "figure-day", min: 0, max: days.length - 1, step: 1, oninput: () => go(Number(slider.value)) });
  const sentence = make("p", { class: "figure__sentence" });
  const difference = make("p", { class: "figure__difference small" });
  const live = make("div", { "aria-live": "polite" }, sentence, difference);
  const go = (place) => show({ place: Math.min(Math.max(place, 0), days.length - 1), moved: true });
  const button = (text, act, label = text) => make("button", { type: "button", class: "figure__button", "aria-label": label, title: label, onclick: act }, text);
  let playing = 0;
  const stop = () => {
    clearInterval(playing);
    playing = 0;
    live.setAttribute("aria-live", "polite");
    play.textContent = words.play;
  };
  const play = make("button", {
    type: "button",
    class: "figure__button",
    onclick: () => {
      if (playing) return stop();
      if (at.place === days.length - 1) go(0);
      live.setAttribute("aria-live", "off"); // or a screen reader would read each of some hundred days
      play.textContent = words.pause;
      playing = setInterval(() => (at.place === days.length - 1 ? stop() : go(at.place + 1)), STEP);
    },
  }, words.play);
  const compare = make("input", { type: "date", id: "figure-compare", min: days[0], max: days.at(-1), value: at.compare, onchange: () => show({ compare: compare.value }) });
  const region = make("select", { id: "figure-region", onchange: () => show({ region: region.value }) }, make("option", { value: "" }, words.everywhere));
  for (const name of [...new Set(states.map((state) => state.region))].sort()) region.append(make("option", { value: name }, name));
  region.value = at.region;
  if (region.selectedIndex < 0) at.region = region.value = "";
  const group = make("select", { id: "figure-group", onchange: () => show({ groups: group.value ? [group.value] : [] }) }, make("option", { value: "" }, words.everyone));
  for (const { key, name } of data.groups) group.append(make("option", { value: key }, name));
  group.value = at.groups[0] ?? ""; // an address may name several: a State of any of them is shown
  const field = (input, label) => make("div", { class: "field" }, make("label", { for: input.id }, label), input);
  root.prepend(
    tablist,
    make("div", { class: "figure__tools" },
      make("div", { class: "field figure__day" }, make("label", { for: slider.id }, words.day), slider),
      make("div", { class: "figure__buttons" }, button("‹", () => go(at.place - 1), words.back), button("›", () => go(at.place + 1), words.on), play),
      field(compare, words.compare), field(region, words.region), field(group, words.group)),
    live,
  );
  play.hidden = matchMedia("(prefers-reduced-motion: reduce)").matches;

  // --- The map
  const map = root.querySelector(".map > svg:not(.map__inset)");
  const drawing = map?.closest("figure");
  const legend = drawing?.querySelector(".legend");
  if (legend && !legend.querySelector(".as-recorded__note")) legend.append(make("li", { class: "as-recorded__note" }, make("span", { class: "as-recorded__key", "aria-hidden": "true" }), drawing.dataset.asRecorded));
  const links = [...root.querySelectorAll(".map a.map__state")].map((link) => ({ link, state: byCode.get(link.getAttribute("href").match(/(\w+)\/$/)[1].toUpperCase()) }));
  const insets = [...root.querySelectorAll(".map__inset use[href*='#']")].map((use) => ({ use, state: byCode.get(use.getAttribute("href").split("#")[1]) })).filter(({ state }) => state);
  const tip = make("div", { class: "figure__tip", hidden: true, "aria-hidden": "true" });
  const point = (link) => {
    tip.textContent = link.getAttribute("aria-label");
    tip.hidden = false;
    const shape = link.getBoundingClientRect();
    const frame = map.parentElement.getBoundingClientRect();
    tip.style.insetBlockStart = `${shape.top - frame.top + shape.height / 2}px`;
    tip.style.left = `${Math.min(Math.max(shape.left - frame.left + shape.width / 2, 60), frame.width - 60)}px`;
  };
  for (const { link } of links) {
    link.setAttribute("aria-label", link.querySelector("title")?.textContent ?? "");
    link.querySelector("title")?.remove(); // the tip takes its place
    for (const name of ["mouseenter", "focus"]) link.addEventListener(name, () => point(link));
    for (const name of ["mouseleave", "blur"]) link.addEventListener(name, () => { tip.hidden = true; });
  }
  if (map) map.after(tip);
  // One stop of the Tab key for each region; the arrows go from State to State within it.
  const regions = new Map();
  for (const each of links) if (each.state) regions.set(each.state.region, [...(regions.get(each.state.region) ?? []), each]);
  for (const inside of regions.values()) {
    inside.sort((a, b) => a.state.name.localeCompare(b.state.name, language));
    inside.forEach(({ link }, number) => {
      link.setAttribute("tabindex", number ? "-1" : "0");
      link.addEventListener("keydown", (event) => {
        const to = { ArrowRight: number + 1, ArrowDown: number + 1, ArrowLeft: number - 1, ArrowUp: number - 1, Home: 0, End: inside.length - 1 }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        const next = inside[(to + inside.length) % inside.length].link;
        link.setAttribute("tabindex", "-1");
        next.setAttribute("tabindex", "0");
        next.focus();
      });
    });
  }
  if (map) {
    const whole = map.viewBox.baseVal;
    const full = { x: whole.x, y: whole.y, width: whole.width, height: whole.height };
    const view = { ...full };
    const look = (factor, dx, dy) => {
      const width = Math.min(full.width, Math.max(full.width / 8, view.width * factor));
      const height = (width * full.height) / full.width;
      view.x = Math.min(Math.max(full.x, view.x + (view.width - width) / 2 + dx * view.width), full.x + full.width - width);
      view.y = Math.min(Math.max(full.y, view.y + (view.height - height) / 2 + dy * view.height), full.y + full.height - height);
      Object.assign(view, { width, height });
      map.setAttribute("viewBox", `${view.x} ${view.y} ${width} ${height}`);
    };
    map.after(make("div", { class: "figure__zoom" },
      button("+", () => look(0.6, 0, 0), words.closer), button("−", () => look(1 / 0.6, 0, 0), words.farther),
      button("←", () => look(1, -0.3, 0), words.left), button("→", () => look(1, 0.3, 0), words.right),
      button("↑", () => look(1, 0, -0.3), words.up), button("↓", () => look(1, 0, 0.3), words.down),
      button("↺", () => look(99, 0, 0), words.whole)));
  }

  // --- The chart
  const chart = root.querySelector(".chart svg");
  let marker = null;
  if (chart) {
    marker = document.createElementNS(SVG, "line");
    marker.setAttribute("class", "chart__day");
    chart.append(marker);
  }
  const { first, last, left, right, top, bottom } = chart?.dataset ?? {};
  const millis = (day) => Date.parse(`${day}T00:00:00Z`);

  const paint = (element, letters, hidden) => {
    const kind = hidden ? "outside" : data.kinds[letters[0]];
    const names = [...element.classList].filter((name) => !name.startsWith("map--"));
    element.setAttribute("class", [...names, `map--${kind}`, ...(letters.length > 1 && !hidden ? ["map--open"] : [])].join(" "));
  };

  function show(change) {
    Object.assign(at, change);
    if (change.moved) at.day = days[at.place];
    slider.value = at.place;
    slider.setAttribute("aria-valuetext", told(at.day));
    const then = at.compare ? placeOf(days, at.compare) : null;
    const isMember = (state) => ([iso3, since, until]) => iso3 === state.iso3 && since <= at.day && (!until || at.day <= until);
    const belongs = (state) => !at.groups.length || data.groups.some(({ key, members }) => at.groups.includes(key) && members.some(isMember(state)));
    const hidden = (state) => (at.region !== "" && state.region !== at.region) || !belongs(state);
    const differs = (state) => then !== null && !hidden(state) && lettersAt(state, at.place) !== lettersAt(state, then);
    sentence.textContent = filled(words.told, { day: told(at.day), ...Object.fromEntries(Object.entries(data.counts).map(([name, each]) => [name, each[at.place]])) });
    const changed = states.filter(differs);
    difference.textContent = then === null ? "" : filled(changed.length ? words.changed : words.same, {
      n: changed.length,
      day: told(at.compare),
      names: changed.length > NAMED ? words.many : changed.map((state) => `${state.name} (${data.labels[lettersAt(state, then)]} → ${data.labels[lettersAt(state, at.place)]})`).join("; "),
    });
    for (const { link, state } of links) {
      if (!state) continue;
      const letters = lettersAt(state, at.place);
      paint(link, letters, hidden(state));
      link.classList.toggle("map__changed", differs(state));
      link.setAttribute("aria-label", `${state.name}: ${data.labels[letters]}`);
    }
    for (const { use, state } of insets) paint(use, lettersAt(state, at.place), hidden(state));
    for (const { state, status, then: cell, row } of rows) {
      status.textContent = data.labels[lettersAt(state, at.place)];
      cell.textContent = then === null ? "" : data.labels[lettersAt(state, then)];
      cell.hidden = then === null;
      row.hidden = hidden(state);
    }
    drawing?.classList.toggle("map--as-recorded", at.day > drawing.dataset.completeTo);
    other.hidden = then === null;
    for (const [view, panel] of panels) {
      const chosen = view === at.view || (!panels.has(at.view) && view === "map");
      panel.hidden = !chosen;
      tabs.get(view).setAttribute("aria-selected", String(chosen));
      tabs.get(view).setAttribute("tabindex", chosen ? "0" : "-1");
    }
    for (const link of root.querySelectorAll("a[data-day]")) {
      const address = new URL(link.href);
      address.searchParams.set(address.searchParams.has("pinned_to") ? "pinned_to" : "on", at.day);
      link.href = address;
    }
    if (marker && first) {
      const share = Math.min(1, Math.max(0, (millis(at.day) - millis(first)) / Math.max(1, millis(last) - millis(first))));
      const x = Number(left) + share * (Number(right) - Number(left));
      for (const [name, value] of Object.entries({ x1: x, x2: x, y1: top, y2: bottom })) marker.setAttribute(name, value);
    }
    if (Object.keys(change).length && !playing) {
      const query = new URLSearchParams(location.search);
      const values = { compare: at.compare, view: at.view === "map" ? "" : at.view, region: at.region, ...(change.moved ? { on: at.day } : {}) };
      for (const [name, value] of Object.entries(values)) value ? query.set(name, value) : query.delete(name);
      query.delete("group");
      for (const key of at.groups) query.append("group", key);
      history.replaceState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}${location.hash}`);
    }
  }
  show({});
}

for (const root of document.querySelectorAll("[data-history]")) {
  const begin = async () => {
    const answer = await fetch(root.dataset.history).catch(() => null);
    if (answer?.ok) figure(root, await answer.json()); // or the page stays as the server made it
  };
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    begin();
  }, { rootMargin: "200px" });
  seen.observe(root);
}
