// Puts the parts of the page together.

function choose(pair) {
  heatmap.show(pair);
  genome.showPair(pair);
}

function describe() {
  const shown = `${whole(data.pairs_shown)} of ${whole(data.pairs_total)} pairs`;
  byId("summary").textContent = [data.genome, shown, `epitrack ${data.version}`].join(" · ");
  byId("threshold").textContent =
    `pairs at or above ${short(data.threshold)} are predicted to interact (bold).`;
  byId("value").textContent = data.value;
  if (data.contributions) {
    byId("contribution-value").textContent = data.contributions.value;
    byId("contributions").hidden = false;
  }
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
  const entry = (colour, text) => {
    const swatch = make("span", { className: "swatch", ariaHidden: "true" });
    swatch.style.background = colour;
    return make("li", {}, swatch, text);
  };
  const entries = [entry(CHOSEN, "chosen pair")];
  for (const [label, colours] of Object.entries(LABELS)) {
    const pairs = data.pairs.filter((pair) => labelOf(pair) === label);
    if (pairs.some(isPredicted)) entries.push(entry(colours.strong, `${label}, predicted`));
    if (!pairs.every(isPredicted)) entries.push(entry(colours.weak, `${label}, not predicted`));
  }
  byId("legend").append(...entries);
}

table.start(choose);
heatmap.start(genome.showCell);
describe();
legend();
for (const button of document.querySelectorAll("[data-place]")) {
  button.addEventListener("click", () => genome.showPair(table.chosen, button.dataset.place));
}
if (data.pairs.length) table.choose(table.shown[0]);
else for (const button of document.querySelectorAll("#matrix button, #genome button")) button.disabled = true;
// igv.js stands after this script, so that the page works while its address does not answer.
document.addEventListener("DOMContentLoaded", genome.start);
