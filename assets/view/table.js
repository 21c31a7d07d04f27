// The table of pairs: search, sort, choose.

const chromosomeOrder = new Map(data.chromosomes.map(([name], place) => [name, place]));
const placeOrder = ([chrom, start]) => (chromosomeOrder.get(chrom) ?? chromosomeOrder.size) * 2 ** 33 + start;

/** Each has a number to sort by; those without a number come last, whichever the direction. */
const COLUMNS = [
  { title: "Probability", key: (pair) => pair.probability, cell: chanceCell, number: true },
  { title: "Label", key: (pair) => pair.label, cell: labelCell },
  { title: "Distance", key: (pair) => pair.distance, cell: distanceCell, number: true, rising: true },
  {
    title: "Enhancer",
    key: (pair) => placeOrder(pair.enhancer),
    cell: (pair) => [locusText(pair.enhancer)],
    rising: true,
  },
  {
    title: "Promoter",
    key: (pair) => placeOrder(pair.promoter),
    cell: (pair) => [locusText(pair.promoter)],
    rising: true,
  },
];

function chanceCell(pair) {
  return [make("span", { className: isPredicted(pair) ? "predicted" : "" }, chance(pair.probability))];
}

function labelCell(pair) {
  const swatch = make("span", { className: "swatch", ariaHidden: "true" });
  swatch.style.background = LABELS[labelOf(pair)].strong;
  return [swatch, labelOf(pair)];
}

function distanceCell(pair) {
  if (pair.distance !== null && pair.distance !== undefined) return [whole(pair.distance)];
  return [oneChromosome(pair) ? "–" : "between"];
}

const table = { sorted: COLUMNS[0], rising: false, rows: new Map(), shown: [], chosen: null, onChoose: null };

table.start = function (onChoose) {
  table.onChoose = onChoose;
  const head = make("tr");
  for (const column of COLUMNS) {
    const button = make("button", { type: "button", onclick: () => table.sortBy(column) });
    column.head = make("th", { scope: "col", className: column.number ? "number" : "" }, button);
    head.append(column.head);
  }
  byId("table").tHead.append(head);
  for (const pair of data.pairs) {
    const cells = COLUMNS.map((column) => {
      const cell = make("td", { className: column.number ? "number" : "" }, ...column.cell(pair));
      cell.title = cell.textContent;
      return cell;
    });
    const row = make(
      "tr",
      { tabIndex: -1, ariaSelected: "false", onclick: () => table.choose(pair) },
      ...cells,
    );
    const text = [...row.cells, { textContent: pair.name }]
      .map((cell) => cell.textContent)
      .join(" ")
      .toLowerCase();
    table.rows.set(pair, { row, text: `${text} ${text.replace(/,/g, "")}` });
  }
  byId("search").addEventListener("input", table.draw);
  document.addEventListener("keydown", table.key);
  table.draw();
};

table.sortBy = function (column) {
  table.rising = table.sorted === column ? !table.rising : Boolean(column.rising);
  table.sorted = column;
  table.draw();
};

/** Puts the pairs that match every word of the search into the table, in order. */
table.draw = function () {
  const words = byId("search").value.toLowerCase().split(/\s+/);
  const { key } = table.sorted;
  const sign = table.rising ? 1 : -1;
  const missing = (pair) => Number(key(pair) === null || key(pair) === undefined);
  table.shown = data.pairs
    .filter((pair) => words.every((word) => table.rows.get(pair).text.includes(word)))
    .sort((a, b) => missing(a) - missing(b) || sign * (key(a) - key(b)) || b.probability - a.probability);
  const none = make(
    "tr",
    { className: "empty" },
    make("td", { colSpan: COLUMNS.length }, data.pairs.length ? "No pair matches." : "No pairs."),
  );
  const rows = table.shown.map((pair) => table.rows.get(pair).row);
  byId("table").tBodies[0].replaceChildren(...(rows.length ? rows : [none]));
  byId("count").textContent = `${whole(table.shown.length)} of ${whole(data.pairs.length)}`;
  for (const column of COLUMNS) {
    const sorted = column === table.sorted;
    column.head.ariaSort = sorted ? (table.rising ? "ascending" : "descending") : "none";
    const arrow = sorted ? (table.rising ? " ▲" : " ▼") : "";
    column.head.firstChild.replaceChildren(column.title, make("span", { ariaHidden: "true" }, arrow));
  }
  table.mark();
};

/** One row at a time can be reached with the tab key: the chosen one, or the first. */
table.mark = function () {
  const reached = table.shown.includes(table.chosen) ? table.chosen : table.shown[0];
  for (const [pair, { row }] of table.rows) {
    row.ariaSelected = String(pair === table.chosen);
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
