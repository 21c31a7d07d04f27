// The attention matrix of the chosen pair: the enhancer's window across, the promoter's down.

const BARS = 42; // Height of the marginal bars.
const STRIP = 11; // Between bars or axis and the matrix: the ends of the bars, the element.
const MARGIN = { left: 104, top: BARS + STRIP + 16, right: BARS + STRIP + 92, bottom: 46 };

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
  byId("cursor").ariaLabel =
    `Attention over ${attention} bins of ${pair.name}. Arrow keys move between cells, Enter shows their bases.`;
  for (const button of document.querySelectorAll("[data-attention]")) {
    button.ariaPressed = String(button.dataset.attention === attention);
  }
  heatmap.draw();
};

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
  const colour = data.colours[side].split(",").map(Number);
  const mix = (from, to, at) => from.map((value, k) => Math.round(value + (to[k] - value) * at));
  const dark = colour.map((value) => value * 0.35);
  const mixed = part < 0.5 ? mix([255, 255, 255], colour, part * 2) : mix(colour, dark, part * 2 - 1);
  return `rgb(${mixed.join(",")})`;
}

heatmap.draw = function () {
  const canvas = byId("heat");
  const context = freshContext(canvas);
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  heatmap.plot = {
    x: MARGIN.left,
    y: MARGIN.top,
    width: width - MARGIN.left - MARGIN.right,
    height: height - MARGIN.top - MARGIN.bottom,
  };
  if (!heatmap.pair || heatmap.plot.width < 20) return;
  if (!heatmap.bars) {
    context.fillText("This page holds no attention matrix of this pair.", MARGIN.left, height / 2);
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
  heatmap.matrix.forEach((value, at) => {
    const [i, j] = [Math.floor(at / (rows.length - 1)), at % (rows.length - 1)];
    context.fillStyle = shade(heatmap.attention, value / most);
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
  const { x, y, width, height } = heatmap.plot;
  const [chrom, start, end] = windowOf(heatmap.pair, side);
  const [, elementStart, elementEnd] = heatmap.pair[side];
  const inside = (position) => pixel(side, Math.min(Math.max(position, start), end) - start);
  along(context, side, (depth) => {
    context.fillStyle = `rgb(${data.colours[side]})`;
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
  const step = niceStep((end - start) / (side === "enhancer" ? width / 80 : height / 40));
  for (let shown = Math.ceil((start + 1) / step) * step; shown <= end; shown += step) {
    const at = Math.round(inside(shown - 0.5)) + 0.5;
    context.textAlign = side === "enhancer" ? "center" : "right";
    context.textBaseline = side === "enhancer" ? "top" : "middle";
    context.beginPath();
    if (side === "enhancer") {
      context.moveTo(at, y + height + 9);
      context.lineTo(at, y + height + 13);
      context.fillText(whole(shown), at, y + height + 15);
    } else {
      context.moveTo(x - 9, at);
      context.lineTo(x - 13, at);
      context.fillText(whole(shown), x - 16, at);
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
  const { x, y, width } = heatmap.plot;
  const values = heatmap.bars[side];
  const most = Math.max(...values) || 1;
  const ranks = topBins(heatmap.pair, side);
  const [, start] = windowOf(heatmap.pair, side);
  along(context, side, () => {
    values.forEach((value, bin) => {
      const [from, to] = [bin, bin + 1].map((edge) => pixel(side, data.bins[side][edge]));
      context.fillStyle = ranks.has(bin) ? shade(side, 0.62) : shade(side, 0.22);
      context.fillRect(from, -STRIP, Math.max(0.5, to - from - 0.5), (-BARS * value) / most);
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
    const top = STRIP + (BARS * values[bin]) / most + 7;
    if (side === "enhancer") context.fillText(rank, middle, y - top);
    else context.fillText(rank, x + width + top, middle);
  }
  context.fillStyle = "#57606a";
  context.textAlign = side === "enhancer" ? "right" : "center";
  if (side === "enhancer") context.fillText(`max ${short(most)}`, x - 6, y - STRIP - BARS + 4);
  else context.fillText(`max ${short(most)}`, x + width + STRIP + BARS / 2, y - 10);
}

function drawScale(context) {
  const { x, y, width, height } = heatmap.plot;
  const left = x + width + STRIP + BARS + 34;
  const gradient = context.createLinearGradient(0, y + height, 0, y);
  for (let stop = 0; stop <= 20; stop += 1)
    gradient.addColorStop(stop / 20, shade(heatmap.attention, stop / 20));
  context.fillStyle = gradient;
  context.fillRect(left, y, 11, height);
  context.strokeStyle = "#8c959f";
  context.strokeRect(left - 0.5, y - 0.5, 12, height + 1);
  context.fillStyle = "#1f2328";
  context.textAlign = "left";
  context.textBaseline = "middle";
  const most = Math.max(...heatmap.matrix);
  const middle = String(Number((most / 2).toPrecision(2)));
  [short(most), middle, "0"].forEach((text, at) => context.fillText(text, left + 16, y + (at * height) / 2));
  context.save();
  context.translate(left - 9, y + height / 2);
  context.rotate(-Math.PI / 2);
  context.textAlign = "center";
  context.fillText(`attention over ${heatmap.attention} bins`, 0, 0);
  context.restore();
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
    byId("cell").textContent = "Point at a cell for its bases; click to see them in the genome view.";
    return;
  }
  const { x, y, width, height } = heatmap.plot;
  const [[left, right], [top, bottom]] = SIDES.map((side, which) =>
    [0, 1].map((edge) => pixel(side, data.bins[side][cell[which] + edge])),
  );
  context.fillStyle = "rgba(31, 35, 40, 0.10)";
  context.fillRect(left, y - STRIP - BARS, right - left, height + STRIP + BARS);
  context.fillRect(x, top, width + STRIP + BARS, bottom - top);
  context.strokeStyle = "#111111";
  context.strokeRect(left - 0.5, top - 0.5, right - left + 1, bottom - top + 1);
  const value = heatmap.matrix[cell[0] * binCount("promoter") + cell[1]];
  const places = SIDES.map(
    (side, which) => `${side} ${locusText(binPlace(heatmap.pair, side, cell[which]))}`,
  );
  byId("cell").textContent = `attention ${short(value)}: ${places.join(" × ")}`;
};

heatmap.open = function (cell) {
  if (cell) heatmap.onClick(heatmap.pair, cell);
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
