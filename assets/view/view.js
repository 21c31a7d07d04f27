// Puts the parts of the page together.

function choose(pair) {
  heatmap.show(pair);
  genes.show(pair);
  genome.showPair(pair);
}

function describe() {
  const shown = `${whole(data.pairs_shown)} of ${whole(data.pairs_total)} pairs`;
  byId("summary").textContent = [data.genome, shown, `epitrack ${data.version}`].join(" · ");
  byId("threshold").textContent =
    `pairs at or above ${short(data.threshold)} are predicted to interact (bold).`;
  if (data.doubt) {
    byId("doubt").textContent = `${data.doubt[0].toUpperCase()}${data.doubt.slice(1)}.`;
    byId("doubt").hidden = false;
  }
  byId("context-here").hidden = !data.pairs.some((pair) => typeof pair.context === "number");
  byId("value").textContent = data.value;
  if (data.contributions) {
    const { activity, value } = data.contributions;
    if (activity) byId("contribution-to").textContent = `the activity that is predicted of the element, ${activity}`;
    byId("contribution-value").textContent = value;
    byId("contributions").hidden = false;
  }
  if (data.activity) {
    const values = data.activity.map(({ value }) => value);
    byId("activity-value").textContent = values.join(" ");
    byId("activities").hidden = false;
  }
  byId(partsKnown() ? "parts-here" : "parts-elsewhere").hidden = false;
  for (const [what, which] of data.made) byId("made").append(make("dt", {}, what), make("dd", {}, which));
  const renamed = [...safeNames].filter(([name, safe]) => name !== safe);
  if (renamed.length) {
    const list = renamed.map(([name, safe]) => `${name} as ${safe}`).join(", ");
    byId("renamed").textContent = `The genome view writes some chromosomes with other characters: ${list}.`;
    byId("renamed").hidden = false;
  }
}

/** The colours of the arcs that there are. */
function legend() {
  const entry = (name, text) => {
    const swatch = make("span", { className: "swatch", "aria-hidden": "true" });
    swatch.style.background = rgb(name);
    return make("li", {}, swatch, text);
  };
  const entries = [entry("chosen", "chosen pair")];
  for (const label of Object.keys(LABELS)) {
    const pairs = data.pairs.filter((pair) => labelOf(pair) === label);
    if (pairs.some(isPredicted)) entries.push(entry(colourName(label, true), `${label}, predicted`));
    if (!pairs.every(isPredicted)) entries.push(entry(colourName(label, false), `${label}, not predicted`));
  }
  byId("legend").append(...entries);
}

/** Says why there is nothing to see but how it would be read. */
function refuse(reason) {
  byId("refusal").textContent = reason;
  byId("refusal").hidden = false;
  for (const id of ["pairs", "matrix", "genome"]) byId(id).hidden = true;
}

async function start() {
  if (typeof DecompressionStream === "undefined") {
    refuse(
      "This page holds its data compressed, which this browser cannot read. " +
        "Chrome and Edge can from version 80 on, Firefox from 113, Safari from 16.4.",
    );
    return;
  }
  try {
    await readData();
  } catch (error) {
    refuse(`This page was cut short or changed on its way, and its data cannot be read: ${error.message}`);
    return;
  }
  safeNames = nameSafely();
  table.start(choose);
  heatmap.start(genome.showCell);
  genes.start();
  describe();
  legend();
  for (const button of document.querySelectorAll("[data-place]")) {
    button.addEventListener("click", () => genome.showPair(table.chosen, button.dataset.place));
  }
  if (data.pairs.length) table.choose(table.shown[0]);
  else for (const button of document.querySelectorAll("#matrix button, #genome button")) button.disabled = true;
  await loaded;
  await genome.start();
}

// igv.js stands after this script, so that the page works while its address does not answer.
const loaded = new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve));
start();
