// Tracks of the reader's own: values, or named places.

/** A track that was added, as igv.js takes it. */
function addedTrack({ name, colour, kind, range, values, bases, features }) {
  const shared = { name: safeText(name), color: `rgb(${colour})`, height: 50, searchable: false };
  if (kind === "signal") {
    const scale = range ? { autoscale: false, min: range[0], max: range[1] } : { autoscale: true };
    return { ...shared, ...scale, type: "wig", features: addedValues(values, bases) };
  }
  const items = features.map(([chrom, start, end, label, score, strand]) => ({
    ...safePlace([chrom, start, end]),
    ...(label && { name: safeText(label) }),
    ...(score > 0 && { score }),
    ...(strand !== "." && { strand }),
  }));
  return { ...shared, type: "annotation", displayMode: "EXPANDED", features: items };
}

/** Values of stretches, and of bases side by side in 16 bits each. */
function addedValues(stretches, bases) {
  const found = stretches.flatMap(([chrom, numbers]) =>
    Array.from({ length: Math.floor(numbers.length / 3) }, (_, at) => ({
      ...safePlace([chrom, numbers[3 * at], numbers[3 * at + 1]]),
      value: numbers[3 * at + 2],
    })),
  );
  for (const { chrom, start, max, i16 } of bases) {
    const bytes = Uint8Array.from(atob(i16), (character) => character.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < bytes.length / 2; at += 1) {
      const value = (view.getInt16(2 * at, true) / 32767) * max;
      found.push({ ...safePlace([chrom, start + at, start + at + 1]), value });
    }
  }
  return found;
}
