//! The gradient of the filters on WGPU.
//!
//! Each unit owns a filter, goes from bin to bin, and adds the gradient of the maximum to the sums
//! of the letters that it was made of. Bins are divided among cubes, and within a cube among lanes;
//! their sums are added in a fixed order.

use burn::backend::tensor::FloatTensor;
use burn_wgpu::CubeBackend;
use cubecl::prelude::*;

use super::share::{FILTERS, Held, LANES, Share, TOGETHER, UNITS};
use super::sizes::{LETTERS, Sizes, bin_end, bin_start, sizes};
use crate::network::kernels::cube::{cubes, dims, floats, rows};
use crate::network::kernels::sequence_encoder::Encoded;

/// Words that a unit asks for before the first of them is needed: those of a stretch of the published
/// size in two goes.
const AHEAD: usize = 5;
/// Bits of a letter in a word.
const BITS: usize = 8;
/// Values for which a cube adds up the parts.
const VALUES: usize = 32;
/// Units that divide the parts of a value among themselves.
const ADDERS: usize = 8;

/// The gradient of the filters, `[k, 4, w]`, from that of the activations, `[n, l, k]`.
pub fn filter_gradient(
    encoded: Encoded<CubeBackend>,
    gradient: FloatTensor<CubeBackend>,
) -> FloatTensor<CubeBackend> {
    let pooling = encoded.pooling;
    let [n, _, k] = dims(&gradient);
    let [codes, positions, gradient] = [encoded.codes, encoded.positions, gradient].map(rows);
    let shared = gradient.client.properties().hardware.max_shared_memory_size;
    let share = Share::new(n, k, pooling, shared);
    let sums = floats(&gradient, [share.parts, LETTERS * pooling.width, k]);
    // SAFETY: cubes without work of their own end at once, the others stay inside the arrays.
    unsafe {
        add_gradients::launch_unchecked(
            &sums.client,
            cubes(&sums, share.cubes),
            CubeDim::new_1d(UNITS as u32),
            codes.into_buffer_arg(),
            positions.into_buffer_arg(),
            gradient.into_buffer_arg(),
            sums.clone().into_buffer_arg(),
            share.cubes,
            StretchesLaunch::new(
                n * share.of_sequence,
                share.of_sequence,
                share.of_part,
                share.bins,
            ),
            sizes(pooling, k),
            share.held,
        );
    }
    let filters = floats(&sums, [k, LETTERS, pooling.width]);
    let count = k * LETTERS * pooling.width;
    // SAFETY: cubes without work of their own end at once, the others stay inside the arrays.
    unsafe {
        add_parts::launch_unchecked(
            &filters.client,
            cubes(&filters, count.div_ceil(VALUES)),
            CubeDim::new_1d((VALUES * ADDERS) as u32),
            sums.into_buffer_arg(),
            filters.clone().into_buffer_arg(),
            share.parts,
            k,
            LETTERS * pooling.width,
            encoded.scale,
        );
    }
    filters
}

/// Stretches of neighbouring bins.
#[derive(CubeLaunch, CubeType)]
struct Stretches {
    /// Of all sequences.
    all: usize,
    of_sequence: usize,
    of_part: usize,
    /// Bins of each but the last of a sequence.
    bins: usize,
}

/// One cube for each block of [`FILTERS`] filters, of taps, and of stretches: the sums of the
/// gradients of the maxima that each letter was part of, `[parts, 4·w, k]`.
///
/// - codes: `[n, length]`
/// - positions, gradient: `[n, l, k]`
#[cube(launch_unchecked)]
fn add_gradients(
    codes: &[i32],
    positions: &[i32],
    gradient: &[f32],
    sums: &mut [f32],
    cubes: usize,
    stretches: Stretches,
    sizes: Sizes,
    #[comptime] held: Held,
) {
    if CUBE_POS >= cubes {
        terminate!();
    }
    let unit = UNIT_POS as usize;
    let blocks = sizes.filters.div_ceil(FILTERS);
    let tap_blocks = sizes.width.div_ceil(held.taps);
    let filter = CUBE_POS % blocks * FILTERS + unit % FILTERS;
    let first_tap = CUBE_POS / blocks % tap_blocks * held.taps;
    let part = CUBE_POS / (blocks * tap_blocks);
    // [5·taps, lanes, filters]
    let mut own = Shared::<[f32]>::new_slice(comptime!(held.sums() * UNITS));
    let mut words = Shared::<[u32]>::new_slice(comptime!(held.words.max(1)));
    for sum in 0..comptime!(held.sums()) {
        own[sum * UNITS + unit] = 0.0f32;
    }
    let last = min((part + 1) * stretches.of_part, stretches.all);
    for stretch in part * stretches.of_part..last {
        let first_bin = stretch % stretches.of_sequence * stretches.bins;
        let bins = Bins {
            sequence: stretch / stretches.of_sequence,
            first: first_bin,
            last: min(first_bin + stretches.bins, sizes.bins),
        };
        if comptime!(held.words > 0) {
            // All units are through with the words that were there before.
            sync_cube();
            read_words(codes, &mut words, &bins, first_tap, &sizes, held);
            sync_cube();
        }
        add_bins(
            codes, positions, gradient, &mut own, &words, &bins, filter, first_tap, &sizes, held,
        );
    }
    sync_cube();
    if filter < sizes.filters {
        write_sums(&own, sums, part, filter, first_tap, &sizes, held);
    }
}

/// Writes the sums of all lanes for a filter; every lane has its share of the letters and taps.
///
/// - own: `[5·taps, lanes, filters]`
/// - sums: `[parts, 4·w, k]`
#[cube]
fn write_sums(
    own: &[f32],
    sums: &mut [f32],
    part: usize,
    filter: usize,
    first_tap: usize,
    sizes: &Sizes,
    #[comptime] held: Held,
) {
    let mut value = UNIT_POS as usize / FILTERS;
    while value < comptime!(LETTERS * held.taps) {
        let (letter, tap) = (value / held.taps, value % held.taps + first_tap);
        if tap < sizes.width {
            let row = (part * LETTERS + letter) * sizes.width + tap;
            sums[row * sizes.filters + filter] = of_lanes(own, value);
        }
        value += LANES;
    }
}

/// Neighbouring bins of a sequence.
#[derive(CubeType)]
struct Bins {
    sequence: usize,
    first: usize,
    last: usize,
}

/// Adds the gradients of a filter's maxima in the bins of the unit's lane to the unit's sums.
///
/// - codes: `[n, length]`
/// - positions, gradient: `[n, l, k]`
/// - own: `[5·taps, units]`
/// - words: those that begin at the bases from the `first_tap` of the first bin's first position on
#[cube]
fn add_bins(
    codes: &[i32],
    positions: &[i32],
    gradient: &[f32],
    own: &mut [f32],
    words: &[u32],
    bins: &Bins,
    filter: usize,
    first_tap: usize,
    sizes: &Sizes,
    #[comptime] held: Held,
) {
    let start = bin_start(bins.first, sizes);
    // The values of filters that do not exist go nowhere; their places have to be there.
    let column = min(filter, sizes.filters - 1);
    let row = bins.sequence * sizes.bins;
    let mut bin = bins.first + UNIT_POS as usize / FILTERS;
    let first = (row + min(bin, bins.last - 1)) * sizes.filters + column;
    let mut position = positions[first];
    let mut up = gradient[first];
    while bin < bins.last {
        let at = max(position, start as i32) as usize;
        let value = select(position < 0, 0.0f32, up);
        // The next ones are fetched while these are added.
        bin += LANES;
        let next = (row + min(bin, bins.last - 1)) * sizes.filters + column;
        position = positions[next];
        up = gradient[next];
        let letters = if comptime!(held.words > 0) {
            held_letters(words, at - start, held)
        } else {
            read_letters(codes, bins.sequence, at + first_tap, sizes, held)
        };
        add_letters(own, &letters, value, held);
    }
}

/// The word of [`TOGETHER`] letters that begins at a base, the first in the lowest bits; what
/// follows the sequence counts as none of the four.
#[cube]
fn word(codes: &[i32], sequence: usize, base: usize, sizes: &Sizes) -> u32 {
    let mut word = 0u32;
    #[unroll]
    for letter in 0..TOGETHER {
        let at = base + letter;
        let code = codes[sequence * sizes.length + min(at, sizes.length - 1)] as u32;
        let code = min(code, comptime!(LETTERS as u32));
        let code = select(at < sizes.length, code, comptime!(LETTERS as u32).runtime());
        word |= code << comptime!((BITS * letter) as u32);
    }
    word
}

/// Puts down the words that begin at the bases from the `first_tap` of the first bin's first position
/// on.
#[cube]
fn read_words(
    codes: &[i32],
    words: &mut [u32],
    bins: &Bins,
    first_tap: usize,
    sizes: &Sizes,
    #[comptime] held: Held,
) {
    let start = bin_start(bins.first, sizes);
    let positions = bin_end(bins.last - 1, sizes) - start;
    let count = positions + comptime!(TOGETHER * (held.of_maximum() - 1));
    let mut place = UNIT_POS as usize;
    while place < count {
        let mut found = Array::<u32>::new(AHEAD);
        #[unroll]
        for ahead in 0..AHEAD {
            let base = start + first_tap + place + comptime!(ahead * UNITS);
            found[ahead] = word(codes, bins.sequence, base, sizes);
        }
        #[unroll]
        for ahead in 0..AHEAD {
            let to = place + comptime!(ahead * UNITS);
            if to < count {
                words[to] = found[ahead];
            }
        }
        place += comptime!(AHEAD * UNITS);
    }
}

/// The letters of a maximum, from the words of the stretch: `[ceil(taps / 4)]`.
#[cube]
fn held_letters(words: &[u32], at: usize, #[comptime] held: Held) -> Array<u32> {
    let mut letters = Array::<u32>::new(comptime!(held.of_maximum()));
    #[unroll]
    for place in 0..comptime!(held.of_maximum()) {
        letters[place] = words[at + comptime!(place * TOGETHER)];
    }
    letters
}

/// The letters of a maximum, from the sequence: `[ceil(taps / 4)]`.
#[cube]
fn read_letters(
    codes: &[i32],
    sequence: usize,
    at: usize,
    sizes: &Sizes,
    #[comptime] held: Held,
) -> Array<u32> {
    let mut letters = Array::<u32>::new(comptime!(held.of_maximum()));
    #[unroll]
    for place in 0..comptime!(held.of_maximum()) {
        letters[place] = word(codes, sequence, at + comptime!(place * TOGETHER), sizes);
    }
    letters
}

/// Adds a gradient to the unit's sums of the letters that a maximum was made of. They are different
/// sums: all are read before the first is written, so that the unit waits once.
///
/// - own: `[5·taps, units]`
#[cube]
fn add_letters(own: &mut [f32], letters: &Array<u32>, gradient: f32, #[comptime] held: Held) {
    let mut places = Array::<u32>::new(held.taps);
    let mut sums = Array::<f32>::new(held.taps);
    #[unroll]
    for tap in 0..held.taps {
        let shift = comptime!((tap % TOGETHER * BITS) as u32);
        let code = (letters[comptime!(tap / TOGETHER)] >> shift) & comptime!((1 << BITS) - 1u32);
        places[tap] =
            code * comptime!((held.taps * UNITS) as u32) + comptime!((tap * UNITS) as u32);
    }
    #[unroll]
    for tap in 0..held.taps {
        sums[tap] = own[places[tap] as usize + UNIT_POS as usize];
    }
    #[unroll]
    for tap in 0..held.taps {
        own[places[tap] as usize + UNIT_POS as usize] = sums[tap] + gradient;
    }
}

/// The sum of what all lanes found for the unit's filter.
///
/// - own: `[values, lanes, filters]`
#[cube]
fn of_lanes(own: &[f32], value: usize) -> f32 {
    let mut sum = 0.0f32;
    #[unroll]
    for lane in 0..LANES {
        sum += own[(value * LANES + lane) * FILTERS + UNIT_POS as usize % FILTERS];
    }
    sum
}

/// One cube for every [`VALUES`] of the values of all letters and taps of `k` filters, one unit for
/// each of them and every [`ADDERS`]th part: the sums over the parts, times a factor.
///
/// - sums: `[parts, of_filter, k]`
/// - filters: `[k, of_filter]`
#[cube(launch_unchecked)]
fn add_parts(
    sums: &[f32],
    filters: &mut [f32],
    parts: usize,
    k: usize,
    of_filter: usize,
    factor: f32,
) {
    let count = of_filter * k;
    if CUBE_POS * VALUES >= count {
        terminate!();
    }
    let unit = UNIT_POS as usize;
    let place = CUBE_POS * VALUES + unit % VALUES;
    let mut shares = Shared::<[f32]>::new_slice(comptime!(VALUES * ADDERS));
    let mut sum = 0.0f32;
    if place < count {
        let mut part = unit / VALUES;
        while part < parts {
            sum += sums[part * count + place];
            part += ADDERS;
        }
    }
    shares[unit] = sum;
    sync_cube();
    if unit < VALUES && place < count {
        let mut sum = 0.0f32;
        #[unroll]
        for share in 0..ADDERS {
            sum += shares[share * VALUES + unit];
        }
        filters[place % k * of_filter + place / k] = factor * sum;
    }
}
