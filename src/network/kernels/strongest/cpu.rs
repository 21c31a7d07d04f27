//! The strongest interactions on the CPU.

use burn::backend::Flex;
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::{FloatTensor, IntTensor};
use rayon::prelude::*;

use super::{Inputs, Kept, StrongestInteractionsForm};
use crate::element::Sides;
use crate::network::kernels::flex::{
    Matrix, dims, floats, ints, over_rows, part, rows, tensor, unwritten, zeros,
};

impl StrongestInteractionsForm for Flex {
    fn products(inputs: &Inputs<Self>) -> [FloatTensor<Self>; 2] {
        let [n, bins_p, k] = dims(&inputs.seen_enhancer);
        let [_, bins_e, _] = dims(&inputs.seen_promoter);
        let held = [&inputs.seen_enhancer, &inputs.seen_promoter, &inputs.weight];
        let held = held.map(|tensor| rows(tensor.clone()));
        let [seen_e, seen_p, weight] = held.each_ref().map(floats);
        let weight = Matrix::of(weight, k, k);
        let mut weighted = unwritten(n * bins_p * k);
        let mut products = unwritten(n * bins_p * bins_e);
        // Each pair by itself: what its first product makes is in the cache for the second.
        weighted
            .par_chunks_mut(bins_p * k)
            .zip(products.par_chunks_mut(bins_p * bins_e))
            .enumerate()
            .for_each(|(pair, (weighted, products))| {
                let seen_e = Matrix::of(part(seen_e, pair, bins_p * k), bins_p, k);
                let seen_p = Matrix::of(part(seen_p, pair, bins_e * k), bins_e, k);
                let weighted = Matrix::of(&*seen_e.times_into(&weight, weighted), bins_p, k);
                weighted.times_into(&seen_p.transposed(), products);
            });
        // SAFETY: the products of all pairs fill both.
        let [weighted, products] =
            [weighted, products].map(|values| unsafe { values.assume_init().into_vec() });
        [
            tensor(weighted, [n, bins_p, k]),
            tensor(products, [n, bins_p, bins_e]),
        ]
    }

    fn largest(
        interaction: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        count: usize,
    ) -> (FloatTensor<Self>, IntTensor<Self>) {
        let [n, len] = dims(&interaction);
        let interaction = rows(interaction);
        let bias = rows(bias);
        let bias = floats(&bias)[0];
        let mut values = vec![0.0; n * count];
        let mut places = vec![0i32; n * count];
        values
            .par_chunks_mut(count)
            .zip(places.par_chunks_mut(count))
            .zip(floats(&interaction).par_chunks(len))
            .for_each(|((values, places), all)| {
                largest_of(all, values, places);
                values.iter_mut().for_each(|value| *value += bias);
            });
        (tensor(values, [n, count]), tensor(places, [n, count]))
    }

    fn strongest_gradients(
        kept: Kept<Self>,
        gradient: FloatTensor<Self>,
        elsewhere: Sides<FloatTensor<Self>>,
    ) -> [FloatTensor<Self>; 4] {
        let inputs = kept.inputs;
        let [n, bins_p, k] = dims(&inputs.seen_enhancer);
        let [_, bins_e, _] = dims(&inputs.seen_promoter);
        let [_, count] = dims(&gradient);
        let (gradient, places) = (rows(gradient), rows(kept.places));
        let values = Values {
            gradient: floats(&gradient),
            places: ints(&places),
            count,
            bins_p,
            bins_e,
        };
        let held = [inputs.seen_enhancer, inputs.seen_promoter, kept.weighted].map(rows);
        let [seen_enhancer, seen_promoter, weighted] = held.each_ref().map(floats);
        // [n·K, k]: what the two bins of each value saw, the enhancer's part times the gradient.
        let mut promoters = zeros(n * count * k);
        let mut enhancers = zeros(n * count * k);
        promoters
            .par_chunks_mut(k)
            .zip(enhancers.par_chunks_mut(k))
            .enumerate()
            .for_each(|(value, (promoter, enhancer))| {
                let (bin_p, bin_e) = values.bins(value);
                promoter.copy_from_slice(part(seen_promoter, bin_e, k));
                let seen = part(seen_enhancer, bin_p, k);
                add(enhancer, values.gradient[value], seen);
            });
        // [k, n·K] · [n·K, k]
        let gradient_w = over_rows(&enhancers, &promoters, [k, k]);
        let promoters = tensor(promoters, [n * count, k]);
        // [n·K, k] · [k, k]: what r_E is multiplied by in each value.
        let factors = Flex::float_matmul(promoters, Flex::float_transpose(inputs.weight));
        let mut of_seen = elsewhere.map(rows);
        values.spread(floats(&factors), weighted, k, &mut of_seen);
        [
            of_seen.enhancer,
            of_seen.promoter,
            gradient_w,
            tensor(vec![values.gradient.iter().sum::<f32>()], [1]),
        ]
    }
}

/// The values that were kept, whose gradients flow back.
struct Values<'a> {
    /// `[n, K]`
    gradient: &'a [f32],
    /// `[n, K]`
    places: &'a [i32],
    /// `K`
    count: usize,
    bins_p: usize,
    bins_e: usize,
}

impl Values<'_> {
    /// The bins of a value, among all pairs' bins.
    fn bins(&self, value: usize) -> (usize, usize) {
        let (pair, place) = (value / self.count, self.places[value] as usize);
        (
            pair * self.bins_p + place / self.bins_e,
            pair * self.bins_e + place % self.bins_e,
        )
    }

    /// Adds the gradients of what was seen, `[n, l_P, k]` and `[n, l_E, k]`, from what it is multiplied
    /// by: the enhancer's in each value, `[n·K, k]`, the promoter's in each bin, `[n·l_P, k]`.
    fn spread(
        &self,
        factors: &[f32],
        weighted: &[f32],
        k: usize,
        of_seen: &mut Sides<FloatTensor<Flex>>,
    ) {
        let Self { bins_p, bins_e, .. } = *self;
        let Sides { enhancer, promoter } = of_seen;
        enhancer
            .storage_mut::<f32>()
            .par_chunks_mut(bins_p * k)
            .zip(promoter.storage_mut::<f32>().par_chunks_mut(bins_e * k))
            .enumerate()
            .for_each(|(pair, (gradient_e, gradient_p))| {
                let values = pair * self.count..(pair + 1) * self.count;
                for (value, &g) in values.clone().zip(&self.gradient[values]) {
                    let (bin_p, bin_e) = self.bins(value);
                    let (p, e) = (bin_p - pair * bins_p, bin_e - pair * bins_e);
                    let in_e = &mut gradient_e[p * k..(p + 1) * k];
                    let in_p = &mut gradient_p[e * k..(e + 1) * k];
                    add(in_e, g, part(factors, value, k));
                    add(in_p, g, part(weighted, bin_p, k));
                }
            });
    }
}

/// `sum += factor · values`
fn add(sum: &mut [f32], factor: f32, values: &[f32]) {
    for (sum, value) in sum.iter_mut().zip(values) {
        *sum += factor * value;
    }
}

/// The largest values in descending order and their places, the first of equal ones first; NaN
/// counts as larger than any.
pub fn largest_of(all: &[f32], values: &mut [f32], places: &mut [i32]) {
    let (count, mut held) = (values.len(), 0);
    for (part, first) in all.chunks(64).zip((0i32..).step_by(64)) {
        // Most parts have nothing to add once some large values are held.
        let least = if held < count {
            f32::NEG_INFINITY
        } else {
            values[count - 1]
        };
        let passes = |&value: &f32| value > least || value.is_nan();
        if held == count && !part.iter().fold(false, |any, value| any | passes(value)) {
            continue;
        }
        for (&value, place) in part.iter().zip(first..) {
            if held == count && value <= values[count - 1] {
                continue;
            }
            let before = |&larger: &f32| larger >= value || larger.is_nan();
            let at = values[..held].partition_point(before);
            if at == count {
                continue;
            }
            held = (held + 1).min(count);
            values.copy_within(at..held - 1, at + 1);
            places.copy_within(at..held - 1, at + 1);
            values[at] = value;
            places[at] = place;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_largest_are_those_of_a_sort(
            all in prop::collection::vec(prop_oneof![
                20 => (-9i8..9).prop_map(f32::from), 1 => Just(f32::NAN), 1 => Just(f32::INFINITY),
                1 => Just(f32::NEG_INFINITY),
            ], 1..300),
            count in 1usize..40,
        ) {
            let count = count.min(all.len());
            let (mut values, mut places) = (vec![0.0; count], vec![0; count]);
            largest_of(&all, &mut values, &mut places);
            let mut sorted: Vec<usize> = (0..all.len()).collect();
            let key = |place: usize| if all[place].is_nan() { f32::MAX } else { all[place].min(1e9) };
            sorted.sort_by(|&a, &b| key(b).total_cmp(&key(a)));
            let found: Vec<usize> = places.iter().map(|&place| place as usize).collect();
            prop_assert_eq!(&found, &sorted[..count]);
            for (value, &place) in values.iter().zip(&found) {
                prop_assert_eq!(value.to_bits(), all[place].to_bits());
            }
        }
    }
}
