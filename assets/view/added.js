// Tracks of the reader's own: values, or named places.

/** A track that was added, as igv.js takes it. */
function addedTrack({ name, colour, kind, range, values, bases, features }) {
  const shared = { name: safeText(name), color: `rgb(${colour})`, height: 50, searchable: false };
  if (kind === "signal") {
    const scale = range ? { autoscale: false, min: range[0], max: range[1] } : { autoscale: true };
    return { ...shared, ...scale, type: "wig", features: [...stretchValues(values), ...baseValues(bases)] };
  }
  const items = features.map(([chrom, start, end, label, score, strand]) => ({
    ...safePlace([chrom, start, end]),
    ...(label && { name: safeText(label) }),
    ...(score > 0 && { score }),
    ...(strand !== "." && { strand }),
  }));
  return { ...shared, type: "annotation", displayMode: "EXPANDED", features: items };
}
