//! Attention on the CPU.
//!
//! Each pair by itself, whose arrays the second-level cache holds.

mod additive;
mod given;
mod gradients;
mod multiplicative;
mod scores;
mod softmax;
mod way;

use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use rayon::prelude::*;

use super::{AttendForm, Attended, Inputs, Over, Scoring};
use crate::element::Sides;
use crate::network::kernels::flex::{rows, tensor, unwritten};
use given::{Given, Kept};
pub use scores::{attention_of_pair, projection_gradients, scores_of_pair};
pub use softmax::{softmax_of_columns, softmax_of_rows};
use way::{OfScores, Way};

impl AttendForm for Flex {
    type Kept = Sides<Kept>;

    fn attended(inputs: Inputs<Self>, scoring: Scoring) -> Attended<Self> {
        let (enhancer, promoter) = (rows(inputs.enhancer), rows(inputs.promoter));
        let through = |parameters, over| {
            let (enhancer, promoter) = (enhancer.clone(), promoter.clone());
            Given::new([enhancer, promoter], parameters, scoring, over).attended()
        };
        let (of_enhancer, seen_enhancer) = through(inputs.over_enhancer, Over::Enhancer);
        let (of_promoter, seen_promoter) = through(inputs.over_promoter, Over::Promoter);
        Attended {
            attention: Sides::new(of_enhancer.attention.clone(), of_promoter.attention.clone()),
            seen: Sides::new(seen_enhancer, seen_promoter),
            kept: Sides::new(of_enhancer, of_promoter),
        }
    }

    fn attended_gradients(kept: Sides<Kept>, gradients: Sides<FloatTensor<Self>>) -> Inputs<Self> {
        let Given {
            n,
            k,
            bins_e,
            bins_p,
            ..
        } = kept.enhancer.given;
        let ways = kept.zip(gradients.map(rows));
        let ways = ways.map(|(kept, gradient)| Way { kept, gradient });
        let mut of_scores = ways.as_ref().map(|way| OfScores::zeros(&way.kept.given));
        let [mut gradient_e, mut gradient_p] = [bins_e, bins_p].map(|bins| unwritten(n * bins * k));
        gradient_e
            .par_chunks_mut(bins_e * k)
            .zip(gradient_p.par_chunks_mut(bins_p * k))
            .zip(of_scores.enhancer.pairs(&ways.enhancer.kept.given))
            .zip(of_scores.promoter.pairs(&ways.promoter.kept.given))
            .enumerate()
            .for_each(|(pair, (((in_e, in_p), over_e), over_p))| {
                let Sides { enhancer, promoter } = &ways;
                let [of_e, of_p] = enhancer.through_scores(pair, over_e);
                let [also_of_e, also_of_p] = promoter.through_scores(pair, over_p);
                let ([u, v], [also_u, also_v]) =
                    (enhancer.kept.given.weights(), promoter.kept.given.weights());
                // [l, d] · [d, k]
                let in_e = of_e.times_into(&u.transposed(), in_e);
                let in_p = of_p.times_into(&v.transposed(), in_p);
                also_of_e.times_onto(&also_u.transposed(), in_e);
                also_of_p.times_onto(&also_v.transposed(), in_p);
                // [l_E, l_P] · [l_P, k] and [l_P, l_E] · [l_E, k]
                let [attention_e, attention_p] =
                    [enhancer, promoter].map(|way| way.attention(pair));
                attention_e.times_onto(&enhancer.gradient(pair), in_e);
                attention_p
                    .transposed()
                    .times_onto(&promoter.gradient(pair), in_p);
            });
        // SAFETY: the products of all pairs fill both.
        let [gradient_e, gradient_p] =
            [gradient_e, gradient_p].map(|products| unsafe { products.assume_init().into_vec() });
        let of_parameters = ways.zip(of_scores);
        let of_parameters = of_parameters.map(|(way, of_scores)| of_scores.parameters(&way.kept));
        Inputs {
            enhancer: tensor(gradient_e, [n, bins_e, k]),
            promoter: tensor(gradient_p, [n, bins_p, k]),
            over_enhancer: of_parameters.enhancer,
            over_promoter: of_parameters.promoter,
        }
    }
}
