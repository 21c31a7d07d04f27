// The genome view: igv.js, and where it looks.

const genome = {
  browser: null,
  chosen: null,
  wanted: null,
  shaded: [],
  busy: false,
  place: "pair",
};

/** Starts igv.js, and says so where it cannot. */
genome.start = async function () {
  if (typeof igv === "undefined") {
    genome.refuse(
      "igv.js could not be loaded from its published address, so there is no genome view. " +
        "The table and the attention matrix work without it.",
    );
    return;
  }
  try {
    genome.browser = await igv.createBrowser(byId("browser"), {
      reference: reference(),
      loadDefaultGenomes: false,
      search: false,
      queryParametersSupported: false,
      showSequence: false,
      showSampleNameButton: false,
      showCenterGuideButton: false,
      tracks: [
        {
          type: "interact",
          name: "pairs",
          featureSource: arcs,
          arcType: "proportional",
          logScale: false,
          min: 0,
          max: 1,
          height: 92,
          alpha: 0,
          blockHeight: 4,
          color: (arc) => arc.color,
        },
        ...SIDES.map(attentionTrack),
        ...(data.activity ?? []).flatMap((of) => SIDES.map((side) => activityTrack(of, side))),
        ...(data.add ?? []).filter(({ measured }) => measured).map(addedTrack),
        ...(data.contributions ? SIDES.map(contributionTrack) : []),
        ...(data.genes ? [geneTrack()] : []),
        windowTrack(),
        regionTrack(),
        ...(data.add ?? []).filter(({ measured }) => !measured).map(addedTrack),
      ],
    });
    genome.name();
    if (genome.chosen) await genome.showPair(genome.chosen);
  } catch (error) {
    genome.refuse(`igv.js could not start: ${error.message}`);
  }
};

/** Names for what igv.js leaves without one to those who hear the page. */
genome.name = function () {
  const names = {
    'select[name="chromosome-select-widget"]': "Chromosome",
    "input.igv-search-input": "Place in the genome view",
    'input[type="range"]': "Zoom",
  };
  for (const [what, name] of Object.entries(names)) {
    for (const node of byId("browser").shadowRoot?.querySelectorAll(what) ?? [])
      node.setAttribute("aria-label", name);
  }
};

genome.note = function (text) {
  byId("genome-note").textContent = text;
  byId("genome-note").hidden = false;
};

genome.refuse = function (reason) {
  genome.note(reason);
  byId("browser").hidden = true;
  for (const button of document.querySelectorAll("[data-place]")) button.disabled = true;
};

/** Places with a margin, for igv.js: more than one side by side. */
genome.locusOf = (places) =>
  places.map(([chrom, start, end]) => `${safeNames.get(chrom)}:${start + 1}-${end}`).join(" ");

function widened([chrom, start, end], margin) {
  return [chrom, Math.max(0, start - margin), Math.min(lengthOf.get(chrom), end + margin)];
}

/** What the buttons show of a pair. */
genome.placesOf = function (pair, place) {
  const windows = SIDES.map((side) => windowOf(pair, side));
  const margin = ([, start, end], part) => Math.ceil((end - start) * part);
  if (SIDES.includes(place)) return [widened(windowOf(pair, place), margin(windowOf(pair, place), 0.1))];
  if (place === "both" || !oneChromosome(pair))
    return windows.map((window) => widened(window, margin(window, 0.05)));
  const [one, two] = windows;
  const span = [one[0], Math.min(one[1], two[1]), Math.max(one[2], two[2])];
  return [widened(span, Math.max(500, margin(span, 0.05)))];
};

/** Moves to places and shades some; a later call overtakes those that wait. */
genome.show = async function (places, shaded) {
  genome.wanted = places;
  genome.shaded = shaded;
  if (!genome.browser || genome.busy) return;
  genome.busy = true;
  try {
    while (genome.wanted) {
      const [next, shades] = [genome.wanted, genome.shaded];
      genome.wanted = null;
      await genome.browser.search(genome.locusOf(next));
      genome.browser.clearROIs();
      await genome.browser.loadROI(
        shades.map(({ name, place, color }) => ({ name, color, features: [safePlace(place)] })),
      );
    }
  } catch (error) {
    genome.note(`igv.js could not show this place: ${error.message}`);
  } finally {
    genome.busy = false;
  }
};

genome.showPair = function (pair, place = genome.place) {
  Object.assign(genome, { chosen: pair, place });
  press(place);
  const shades = SIDES.map((side) => ({
    name: `${side} window`,
    place: windowOf(pair, side),
    color: `rgba(${colour(side)},0.10)`,
  }));
  return genome.show(genome.placesOf(pair, place), shades);
};

/** The bases of a cell of the matrix, shaded, side by side, with the width of three bins around each. */
genome.showCell = function (pair, cell) {
  genome.chosen = pair;
  press(null);
  const places = SIDES.map((side, which) => binPlace(pair, side, cell[which]));
  const shades = SIDES.map((side, which) => ({
    name: `${side} bin`,
    place: places[which],
    color: `rgba(${colour(side)},0.25)`,
  }));
  return genome.show(
    places.map((place) => widened(place, 3 * (place[2] - place[1]))),
    shades,
  );
};

function press(place) {
  for (const button of document.querySelectorAll("[data-place]")) {
    button.setAttribute("aria-pressed", button.dataset.place === place);
  }
}
