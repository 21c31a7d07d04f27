// The attention matrix of the chosen pair: the enhancer's window across, the promoter's down.

const STRIP = 11; // Between bars or axis and the matrix: the ends of the bars, the element.
const NARROW = 560; // Below this width, positions stand along the promoter's axis and the scale below.

const heatmap = {
  pair: null,
  attention: "enhancer",
  matrix: null,
  bars: null,
  plot: null,
  cell: null,
  onClick: null,
};

heatmap.start = function (onClick) {
  heatmap.onClick = onClick;
  const cursor = byId("cursor");
  cursor.addEventListener("mousemove", (event) =>
    heatmap.point(heatmap.cellAt(event.offsetX, event.offsetY)),
  );
  cursor.addEventListener("mouseleave", () => heatmap.point(null));
  cursor.addEventListener("click", (event) => heatmap.open(heatmap.cellAt(event.offsetX, event.offsetY)));
  cursor.addEventListener("keydown", heatmap.key);
  for (const button of document.querySelectorAll("[data-attention]")) {
    button.addEventListener("click", () => heatmap.show(heatmap.pair, button.dataset.attention));
  }
  byId("download").addEventListener("click", () =>
    save(`${heatmap.pair.name}.tsv`, matrixTable(heatmap.pair)),
  );
  new ResizeObserver(heatmap.draw).observe(byId("plot"));
};

heatmap.show = function (pair, attention = heatmap.attention) {
  const matrices = Object.fromEntries(SIDES.map((side) => [side, matrixOf(pair, side)]));
  Object.assign(heatmap, { pair, attention, matrix: matrices[attention], cell: null });
  heatmap.bars = matrices.enhancer &&
    matrices.promoter && {
      enhancer: marginal(matrices.enhancer, "enhancer"),
      promoter: marginal(matrices.promoter, "promoter"),
    };
  byId("download").disabled = !heatmap.bars;
  byId("cursor").setAttribute(
    "aria-label",
    `Attention over ${attention} bins, enhancer across and promoter down. Arrow keys move between cells, Enter shows their bases.`,
  );
  byId("chosen").textContent = sentence(pair);
  byId("top").textContent = SIDES.map((side) => topText(pair, side)).join(" ");
  for (const button of document.querySelectorAll("[data-attention]")) {
    button.setAttribute("aria-pressed", button.dataset.attention === attention);
  }
  heatmap.draw();
};

/** The top regions of an element, for those who hear the page. */
function topText(pair, side) {
  const regions = pair.regions.filter((region) => region.element === side);
  const places = regions.map(
    ({ rank, start, end }) => `${rank}, ${locusText([windowOf(pair, side)[0], start, end])}`,
  );
  return `Top regions of the ${side}: ${places.join("; ") || "none"}.`;
}

/** A canvas's context in CSS pixels, cleared. */
function freshContext(canvas) {
  const scale = window.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  Object.assign(canvas, { width: Math.round(width * scale), height: Math.round(height * scale) });
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  context.font = '11px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif';
  return context;
}

/** Where a base of the window, counted from its start, lies on the canvas. */
function pixel(side, base) {
  const { x, y, width, height } = heatmap.plot;
  const edges = data.bins[side];
  const part = base / edges[edges.length - 1];
  return side === "enhancer" ? x + part * width : y + part * height;
}

/** From white through the element's colour to its dark shade; lightness falls all the way. */
function shade(side, part) {
  const full = colour(side).split(",").map(Number);
  const mix = (from, to, at) => from.map((value, k) => Math.round(value + (to[k] - value) * at));
  const dark = full.map((value) => value * 0.35);
  const mixed = part < 0.5 ? mix([255, 255, 255], full, part * 2) : mix(full, dark, part * 2 - 1);
  return `rgb(${mixed.join(",")})`;
}

/** Where the matrix lies, and how high the marginal bars are. */
function layout(width, height) {
  const narrow = width < NARROW;
  const barHeight = narrow ? 30 : 42;
  const [x, y] = [narrow ? 46 : 104, barHeight + STRIP + 16];
  const [right, below] = narrow ? [barHeight + STRIP + 16, 96] : [barHeight + STRIP + 92, 46];
  return { narrow, barHeight, x, y, width: width - x - right, height: height - y - below };
}

heatmap.draw = function () {
  const canvas = byId("heat");
  const context = freshContext(canvas);
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  heatmap.plot = layout(width, height);
  if (!heatmap.pair || heatmap.plot.width < 20) return;
  if (!heatmap.bars) {
    context.fillText("This page holds no attention matrix of this pair.", heatmap.plot.x, height / 2);
    return;
  }
  drawCells(context);
  for (const side of SIDES) {
    drawAxis(context, side);
    drawBars(context, side);
  }
  drawScale(context);
  heatmap.point(heatmap.cell);
};

function drawCells(context) {
  const { x, y, width, height } = heatmap.plot;
  const most = Math.max(...heatmap.matrix) || 1;
  const [columns, rows] = SIDES.map((side) => data.bins[side].map((base) => Math.round(pixel(side, base))));
  const shades = Array.from({ length: 256 }, (_, at) => shade(heatmap.attention, at / 255));
  heatmap.matrix.forEach((value, at) => {
    const [i, j] = [Math.floor(at / (rows.length - 1)), at % (rows.length - 1)];
    context.fillStyle = shades[Math.round((255 * value) / most)];
    context.fillRect(columns[i], rows[j], columns[i + 1] - columns[i], rows[j + 1] - rows[j]);
  });
  context.strokeStyle = "#8c959f";
  context.strokeRect(x - 0.5, y - 0.5, width + 1, height + 1);
}

/** Turns the context so that an element's axis runs to the right at the lower edge. */
function along(context, side, draw) {
  const { x, y, width, height } = heatmap.plot;
  context.save();
  if (side === "enhancer") {
    context.translate(0, y);
  } else {
    context.transform(0, 1, -1, 0, x + width, 0); // What was up is now to the right.
  }
  draw(side === "enhancer" ? height : width);
  context.restore();
}

/** Window and annotated element beside the matrix, positions, title. */
function drawAxis(context, side) {
  const { x, y, width, height, narrow } = heatmap.plot;
  const [chrom, start, end] = windowOf(heatmap.pair, side);
  const [, elementStart, elementEnd] = heatmap.pair[side];
  const inside = (position) => pixel(side, Math.min(Math.max(position, start), end) - start);
  along(context, side, (depth) => {
    context.fillStyle = rgb(side);
    context.fillRect(inside(start), depth + 5, inside(end) - inside(start), 1);
    context.fillRect(
      inside(elementStart),
      depth + 3,
      Math.max(1, inside(elementEnd) - inside(elementStart)),
      5,
    );
  });
  context.fillStyle = "#1f2328";
  context.strokeStyle = "#8c959f";
  const room = side === "enhancer" ? width / 80 : height / (narrow ? 80 : 40);
  const step = niceStep((end - start) / room);
  for (let shown = Math.ceil((start + 1) / step) * step; shown <= end; shown += step) {
    const at = Math.round(inside(shown - 0.5)) + 0.5;
    context.beginPath();
    if (side === "enhancer") {
      context.moveTo(at, y + height + 9);
      context.lineTo(at, y + height + 13);
      position(context, whole(shown), at, y + height + 15, 0, ["center", "top"]);
    } else {
      context.moveTo(x - 9, at);
      context.lineTo(x - 13, at);
      if (narrow) position(context, whole(shown), x - 15, at, -Math.PI / 2, ["center", "bottom"]);
      else position(context, whole(shown), x - 16, at, 0, ["right", "middle"]);
    }
    context.stroke();
  }
  context.save();
  if (side === "enhancer") {
    context.translate(x + width / 2, y + height + 38);
  } else {
    context.translate(9, y + height / 2);
    context.rotate(-Math.PI / 2);
  }
  context.font = `600 ${context.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(fitted(context, `${side} window, ${chrom}`, side === "enhancer" ? width : height), 0, 0);
  context.restore();
}

/** Text at a point, turned. */
function position(context, text, x, y, turn, [align, baseline]) {
  context.save();
  context.translate(x, y);
  context.rotate(turn);
  Object.assign(context, { textAlign: align, textBaseline: baseline });
  context.fillText(text, 0, 0);
  context.restore();
}

/** Text, cut where it would be wider than its place. */
function fitted(context, text, width) {
  let shown = text;
  while (shown.length > 1 && context.measureText(shown).width > width) shown = `${shown.slice(0, -2)}…`;
  return shown;
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  return [1, 2, 5, 10].map((times) => times * power).find((step) => step >= least);
}

/** The marginal attention; top regions dark, with their rank and the bases that they span. */
function drawBars(context, side) {
  const { x, y, width, barHeight } = heatmap.plot;
  const values = heatmap.bars[side];
  const most = Math.max(...values) || 1;
  const ranks = topBins(heatmap.pair, side);
  const [, start] = windowOf(heatmap.pair, side);
  along(context, side, () => {
    values.forEach((value, bin) => {
      const [from, to] = [bin, bin + 1].map((edge) => pixel(side, data.bins[side][edge]));
      context.fillStyle = ranks.has(bin) ? shade(side, 0.62) : shade(side, 0.22);
      context.fillRect(from, -STRIP, Math.max(0.5, to - from - 0.5), (-barHeight * value) / most);
    });
    context.fillStyle = shade(side, 0.62);
    for (const region of heatmap.pair.regions.filter((region) => region.element === side)) {
      const [from, to] = [region.start, region.end].map((base) => pixel(side, base - start));
      context.fillRect(from, -STRIP + 3, to - from, 4);
    }
  });
  context.fillStyle = "#1f2328";
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const [bin, rank] of ranks) {
    const middle = pixel(side, (data.bins[side][bin] + data.bins[side][bin + 1]) / 2);
    const top = STRIP + (barHeight * values[bin]) / most + 7;
    if (side === "enhancer") context.fillText(rank, middle, y - top);
    else context.fillText(rank, x + width + top, middle);
  }
  context.fillStyle = "#57606a";
  context.textAlign = side === "enhancer" ? "right" : "center";
  if (side === "enhancer")
    ["max", short(most)].forEach((text, line) =>
      context.fillText(text, x - 6, y - STRIP - barHeight + 4 + 13 * line),
    );
  else context.fillText(`max ${short(most)}`, x + width + STRIP + barHeight / 2, y - 10);
}

/** What the shades mean: to the right of the bars, or on a narrow page below the axis. */
function drawScale(context) {
  const { x, y, width, height, narrow, barHeight } = heatmap.plot;
  const [left, top] = narrow ? [x, y + height + 52] : [x + width + STRIP + barHeight + 34, y];
  const [wide, high] = narrow ? [width, 9] : [11, height];
  const gradient = context.createLinearGradient(
    left,
    narrow ? top : top + high,
    narrow ? left + wide : left,
    top,
  );
  for (let stop = 0; stop <= 20; stop += 1)
    gradient.addColorStop(stop / 20, shade(heatmap.attention, stop / 20));
  context.fillStyle = gradient;
  context.fillRect(left, top, wide, high);
  context.strokeStyle = "#8c959f";
  context.strokeRect(left - 0.5, top - 0.5, wide + 1, high + 1);
  context.fillStyle = "#1f2328";
  const most = Math.max(...heatmap.matrix);
  const middle = String(Number((most / 2).toPrecision(2)));
  const title = `attention over ${heatmap.attention} bins`;
  ["0", middle, short(most)].forEach((text, at) => {
    if (narrow)
      position(context, text, left + (at * wide) / 2, top + 12, 0, [["left", "center", "right"][at], "top"]);
    else position(context, text, left + 16, top + high - (at * high) / 2, 0, ["left", "middle"]);
  });
  if (narrow) position(context, title, left + wide / 2, top + 26, 0, ["center", "top"]);
  else position(context, title, left - 9, top + high / 2, -Math.PI / 2, ["center", "middle"]);
}

/** The cell, as [enhancer bin, promoter bin], under a point of the canvas; null beside the matrix. */
heatmap.cellAt = function (x, y) {
  const { plot } = heatmap;
  if (
    !heatmap.bars ||
    !plot ||
    x < plot.x ||
    y < plot.y ||
    x >= plot.x + plot.width ||
    y >= plot.y + plot.height
  )
    return null;
  const bin = (side, at) => data.bins[side].filter((base) => pixel(side, base) <= at).length - 1;
  return [bin("enhancer", x), bin("promoter", y)];
};

/** Marks a cell and says what it is. */
heatmap.point = function (cell) {
  heatmap.cell = cell;
  const context = freshContext(byId("cursor"));
  if (!cell) {
    byId("cell").textContent = "Point at a cell for its bases; a click or tap shows them in the genome view.";
    return;
  }
  const { x, y, width, height, barHeight } = heatmap.plot;
  const [[left, right], [top, bottom]] = SIDES.map((side, which) =>
    [0, 1].map((edge) => pixel(side, data.bins[side][cell[which] + edge])),
  );
  context.fillStyle = "rgba(31, 35, 40, 0.10)";
  context.fillRect(left, y - STRIP - barHeight, right - left, height + STRIP + barHeight);
  context.fillRect(x, top, width + STRIP + barHeight, bottom - top);
  context.strokeStyle = "#111111";
  context.strokeRect(left - 0.5, top - 0.5, right - left + 1, bottom - top + 1);
  const value = heatmap.matrix[cell[0] * binCount("promoter") + cell[1]];
  const places = SIDES.map(
    (side, which) => `${side} ${locusText(binPlace(heatmap.pair, side, cell[which]))}`,
  );
  byId("cell").textContent = `attention ${short(value)}: ${places.join(" × ")}`;
};

heatmap.open = function (cell) {
  if (!cell) return;
  heatmap.point(cell); // A finger points at nothing before it taps.
  heatmap.onClick(heatmap.pair, cell);
};

heatmap.key = function (event) {
  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  if (event.key === "Enter") heatmap.open(heatmap.cell);
  if (!(event.key in steps) || !heatmap.bars) return;
  event.preventDefault();
  const from = heatmap.cell ?? SIDES.map((side) => Math.floor(binCount(side) / 2));
  const within = (bin, side) => Math.max(0, Math.min(binCount(side) - 1, bin));
  heatmap.point(SIDES.map((side, which) => within(from[which] + steps[event.key][which], side)));
};
