// The table of pairs: search, sort, choose.

/** Each has a number or a text to sort by; those without one come last, whichever the direction. `shown` says
    whether any pair has it. */
const COLUMNS = [
  { title: "#", key: (pair) => pair.rank, cell: rankCell, number: true, rising: true },
  { title: "Probability", key: (pair) => pair.probability, cell: chanceCell, number: true },
  {
    title: "Context",
    key: (pair) => pair.context,
    cell: contextCell,
    number: true,
    shown: (pair) => typeof pair.context === "number",
  },
  { title: "Label", key: (pair) => pair.label, cell: labelCell },
  { title: "Part", key: partOrder, cell: partCell, rising: true, shown: (pair) => pair.part },
  { title: "Gene", key: (pair) => geneOf(pair) || null, cell: geneCell, rising: true, shown: geneOf },
  { title: "Distance", key: (pair) => pair.distance, cell: distanceCell, number: true, rising: true },
  {
    title: "Enhancer",
    key: (pair) => placeOrder(pair.enhancer),
    cell: (pair) => placeCell(pair, "enhancer"),
    rising: true,
  },
  {
    title: "Promoter",
    key: (pair) => placeOrder(pair.promoter),
    cell: (pair) => placeCell(pair, "promoter"),
    rising: true,
  },
];

function placeOrder([chrom, start]) {
  const place = data.chromosomes.findIndex(([name]) => name === chrom);
  return (place < 0 ? data.chromosomes.length : place) * 2 ** 33 + start;
}

function rankCell(pair) {
  return [whole(pair.rank)];
}

function geneCell(pair) {
  return [make("i", {}, geneOf(pair))];
}

function placeCell(pair, side) {
  return [[nameOf(pair, side), locusText(pair[side])].filter(Boolean).join(" ")];
}

function partCell(pair) {
  return [make("span", { className: `part ${partOf(pair)}` }, partOf(pair))];
}

function chanceCell(pair) {
  return [make("span", { className: isPredicted(pair) ? "predicted" : "" }, chance(pair.probability))];
}

function contextCell(pair) {
  return [typeof pair.context === "number" ? chance(pair.context) : ""];
}

function labelCell(pair) {
  const swatch = make("span", { className: "swatch", "aria-hidden": "true" });
  swatch.style.background = rgb(colourName(labelOf(pair), true));
  return [swatch, labelOf(pair)];
}

function distanceCell(pair) {
  if (pair.distance !== null && pair.distance !== undefined) return [whole(pair.distance)];
  return [oneChromosome(pair) ? "–" : "between"];
}

const table = {
  columns: [],
  sorted: null,
  rising: false,
  rows: new Map(),
  shown: [],
  chosen: null,
  onChoose: null,
};

table.start = function (onChoose) {
  table.onChoose = onChoose;
  table.columns = COLUMNS.filter(({ shown }) => !shown || data.pairs.some(shown));
  // What the network has learnt from comes after what it has not.
  const part = table.columns.find(({ title }) => title === "Part");
  table.sorted = part ?? table.columns.find(({ title }) => title === "Probability");
  table.rising = Boolean(table.sorted.rising);
  if (part) table.offerParts();
  const head = make("tr");
  for (const column of table.columns) {
    const button = make("button", { type: "button", onclick: () => table.sortBy(column) });
    column.head = make("th", { scope: "col", className: column.number ? "number" : "" }, button);
    head.append(column.head);
  }
  byId("table").tHead.append(head);
  for (const pair of data.pairs) {
    const cells = table.columns.map((column) => {
      const cell = make("td", { className: column.number ? "number" : "" }, ...column.cell(pair));
      cell.title = cell.textContent;
      return cell;
    });
    const row = make(
      "tr",
      { tabIndex: -1, "aria-selected": "false", onclick: () => table.choose(pair) },
      ...cells,
    );
    const names = [pair.name, geneOf(pair), ...SIDES.map((side) => nameOf(pair, side))];
    const text = plainly([...row.cells].map((cell) => cell.textContent).concat(names).join(" "));
    table.rows.set(pair, { row, text: `${text} ${text.replace(/,/g, "")}` });
  }
  byId("search").addEventListener("input", table.draw);
  byId("part").addEventListener("change", table.draw);
  document.addEventListener("keydown", table.key);
  table.draw();
};

table.sortBy = function (column) {
  table.rising = table.sorted === column ? !table.rising : Boolean(column.rising);
  table.sorted = column;
  table.draw();
};

/** A choice of the parts that there are. */
table.offerParts = function () {
  const option = (value, text, pairs) => make("option", { value }, `${text} (${whole(pairs.length)})`);
  byId("part").append(option("", "all parts", data.pairs));
  for (const [part, text] of Object.entries(PARTS)) {
    const pairs = data.pairs.filter((pair) => partOf(pair) === part);
    if (pairs.length) byId("part").append(option(part, text, pairs));
  }
  byId("part").hidden = false;
};

/** Text as it is compared: in small letters, with the hyphen that is on keyboards. */
const plainly = (text) => text.toLowerCase().replace(/[–−]/g, "-");

/** The words of the search. Of a pair as the page writes it, or as files call it, what says where it is. */
function wordsOf(search) {
  const where = plainly(search).split(" · ")[0].replace(/, [\d,]+ k?b$/, "");
  const bare = where.replace(/→|->|~/g, " ").replace(/\b(enhancer|promoter) (?=\S+:[\d,]+)/g, "");
  return bare.split(/\s+/).map((word) => word.replace(/,$/, "")).filter(Boolean);
}

/** What a word of the search asks of a pair: `#7` its rank, a place (1-based, with commas or without) an element
    over it, or to be found in its text. */
function question(word) {
  const rank = /^#(\d+)$/.exec(word);
  if (rank) return (pair) => pair.rank === Number(rank[1]);
  const place = /^(.+):([\d,]+)(?:-([\d,]+))?$/.exec(word);
  const [from, to] = (place ?? []).slice(2).map((text) => text && Number(text.replace(/,/g, "")));
  const over = ([chrom, start, end]) =>
    place && chrom.toLowerCase() === place[1] && start < (to || from) && end >= from;
  return (pair) => table.rows.get(pair).text.includes(word) || SIDES.some((side) => over(pair[side]));
}

/** The order of two numbers or two texts. */
const compare = (a, b) => (typeof a === "string" ? a.localeCompare(b, "en", { numeric: true }) : a - b);

/** Puts the pairs that match every word of the search into the table, in order. */
table.draw = function () {
  const words = wordsOf(byId("search").value);
  const questions = words.map(question);
  const part = byId("part").value;
  const { key } = table.sorted;
  const sign = table.rising ? 1 : -1;
  const missing = (pair) => Number(key(pair) === null || key(pair) === undefined);
  table.shown = data.pairs
    .filter((pair) => (!part || partOf(pair) === part) && questions.every((holds) => holds(pair)))
    .sort(
      (a, b) =>
        missing(a) - missing(b) ||
        (missing(a) ? 0 : sign * compare(key(a), key(b))) ||
        mostProbableFirst(a, b),
    );
  const none = make(
    "tr",
    { className: "empty" },
    make("td", { colSpan: table.columns.length }, data.pairs.length ? "No pair matches." : "No pairs."),
  );
  const rows = table.shown.map((pair) => table.rows.get(pair).row);
  byId("table").tBodies[0].replaceChildren(...(rows.length ? rows : [none]));
  byId("count").textContent = `${whole(table.shown.length)} of ${whole(data.pairs.length)}`;
  for (const column of table.columns) {
    const sorted = column === table.sorted;
    column.head.setAttribute("aria-sort", sorted ? (table.rising ? "ascending" : "descending") : "none");
    const arrow = sorted ? (table.rising ? " ▲" : " ▼") : "";
    column.head.firstChild.replaceChildren(column.title, make("span", { "aria-hidden": "true" }, arrow));
  }
  table.mark();
};

/** One row at a time can be reached with the tab key: the chosen one, or the first. */
table.mark = function () {
  const reached = table.shown.includes(table.chosen) ? table.chosen : table.shown[0];
  for (const [pair, { row }] of table.rows) {
    row.setAttribute("aria-selected", pair === table.chosen);
    row.tabIndex = pair === reached ? 0 : -1;
  }
};

table.choose = function (pair) {
  table.chosen = pair;
  table.mark();
  const { row } = table.rows.get(pair);
  const inside = row.closest(".scroll");
  if (inside) {
    const [above, below] = [
      row.offsetTop - byId("table").tHead.offsetHeight,
      row.offsetTop + row.offsetHeight - inside.clientHeight,
    ];
    inside.scrollTop = Math.max(Math.min(inside.scrollTop, above), below);
  }
  table.onChoose(pair);
};

/** `/` goes to the search box; arrows, Home, End and page keys move in the table. */
table.key = function (event) {
  const search = byId("search");
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && !event.composedPath()[0].matches?.("input, textarea, select")) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.target === search && event.key === "Escape") {
    search.value = "";
    table.draw();
  } else if (event.target === search && event.key === "ArrowDown" && table.shown.length) {
    event.preventDefault();
    table.rows.get(table.shown.includes(table.chosen) ? table.chosen : table.shown[0]).row.focus();
  } else if (event.target.closest?.("tbody")) {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
    if (!(event.key in steps) || !table.shown.length) return;
    event.preventDefault();
    const from = table.shown.findIndex((pair) => table.rows.get(pair).row === event.target);
    const next = table.shown[Math.max(0, Math.min(table.shown.length - 1, from + steps[event.key]))];
    table.rows.get(next).row.focus({ preventScroll: true });
    if (next !== table.chosen) table.choose(next);
  }
};
