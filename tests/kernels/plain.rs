//! What each operation means: the same as a composition of plain tensor operations.

use burn::backend::Dispatch;
use burn::tensor::activation::{log_sigmoid, relu, softmax};
use burn::tensor::{Int, Tensor};
use epitrack::attention::Pooling;
use epitrack::element::Sides;
use epitrack::network::kernels::adam::{Array, Step};
use epitrack::network::kernels::attention::{Attentions, Over, Parameters, Scoring};
use epitrack::network::kernels::dropout::Dropout;
use epitrack::network::kernels::pairwise::{Elements, Maxima};
use epitrack::network::kernels::perceptron::Layers;
use epitrack::network::kernels::strongest::{Strongest, interaction};
use epitrack::network::kernels::wide_linear::Order;

/// One step of Adam.
pub fn step(arrays: Vec<Array>, step: Step) -> Vec<Array> {
    let arrays = arrays.into_iter().map(|array| {
        let gradient = array.gradient;
        let first = array.first * step.beta1 + gradient.clone() * (1.0 - step.beta1);
        let second = array.second * step.beta2 + gradient.clone().square() * (1.0 - step.beta2);
        let change = first.clone() * step.rate / (second.clone().sqrt() + step.epsilon);
        Array {
            parameter: array.parameter - change,
            gradient,
            first,
            second,
        }
    });
    arrays.collect()
}

/// Two small layers, after an optional bias and rectifier.
pub fn perceptron(
    x: Tensor<2>,
    bias: Option<Tensor<1>>,
    layers: Layers,
    dropout: Dropout,
) -> Tensor<2> {
    let x = match bias {
        Some(bias) => relu(x + bias.unsqueeze()),
        None => x,
    };
    let Layers { hidden, output } = layers;
    let hidden = relu(x.matmul(hidden.0) + hidden.1.unsqueeze());
    dropout.apply(hidden).matmul(output.0) + output.1.unsqueeze()
}

/// The loss and its cross-entropy.
pub fn loss(
    logit: Tensor<2>,
    label: Tensor<2>,
    coordinates: Sides<Tensor<2>>,
    targets: Sides<Tensor<2>>,
    lambda: f32,
) -> (Tensor<1>, Tensor<1>) {
    let positive = label.clone() * log_sigmoid(logit.clone());
    let negative = (label.neg() + 1.0) * log_sigmoid(logit.neg());
    let bce = (positive + negative).mean().neg();
    let mean_square = |found: Tensor<2>, wanted: Tensor<2>| (found - wanted).square().mean();
    let coordinates = mean_square(coordinates.enhancer, targets.enhancer)
        + mean_square(coordinates.promoter, targets.promoter);
    let total = bce.clone() * lambda + coordinates;
    (total.clone(), Tensor::cat(vec![total, bce], 0))
}

/// Both attentions, and what is seen through them.
pub fn attend(
    enhancer: Tensor<3>,
    promoter: Tensor<3>,
    parameters: Sides<Parameters<Dispatch>>,
    scoring: Scoring,
) -> Attentions {
    let through = |parameters: Parameters<Dispatch>, over: Over| {
        let weight = |weight| Tensor::<2>::from_dispatch(weight).unsqueeze();
        // [n, l, k] · [1, k, d] → [n, l, d]
        let e = enhancer.clone().matmul(weight(parameters.enhancer));
        let p = promoter.clone().matmul(weight(parameters.promoter));
        attention(e, p, Tensor::from_dispatch(parameters.score), scoring, over)
    };
    let attention_enhancer = through(parameters.enhancer, Over::Enhancer);
    let attention_promoter = through(parameters.promoter, Over::Promoter);
    let seen = Sides::new(
        // [n, l_P, l_E] · [n, l_E, k]
        attention_enhancer.clone().swap_dims(1, 2).matmul(enhancer),
        // [n, l_E, l_P] · [n, l_P, k]
        attention_promoter.clone().matmul(promoter),
    );
    Attentions {
        attention: Sides::new(attention_enhancer, attention_promoter),
        seen,
    }
}

/// The attention, `[n, l_E, l_P]`, from projections `[n, l_E, d]` and `[n, l_P, d]` and the score
/// `[d, 1]`.
fn attention(
    enhancer: Tensor<3>,
    promoter: Tensor<3>,
    score: Tensor<2>,
    scoring: Scoring,
    over: Over,
) -> Tensor<3> {
    let [n, bins_e, d] = enhancer.dims();
    let [_, bins_p, _] = promoter.dims();
    // [n, l_E, 1, d] and [n, 1, l_P, d] → [n, l_E, l_P, d]
    let (enhancer, promoter) = (
        enhancer.unsqueeze_dim::<4>(2),
        promoter.unsqueeze_dim::<4>(1),
    );
    let both = match scoring {
        Scoring::Additive => (enhancer + promoter).tanh(),
        Scoring::Multiplicative => enhancer * promoter,
    };
    // [n·l_E·l_P, d] · [d, 1] → [n, l_E, l_P]
    let scores = both
        .reshape([n * bins_e * bins_p, d])
        .matmul(score)
        .reshape([n, bins_e, bins_p]);
    match over {
        Over::Enhancer => softmax(scores, 1),
        Over::Promoter => softmax(scores, 2),
    }
}

/// The maxima of pairs.
pub fn pairwise(
    elements: Elements<Dispatch>,
    pairs: Tensor<2, Int>,
    scoring: Scoring,
    count: usize,
) -> Maxima {
    let [n, _] = pairs.dims();
    // [n, 2] → [n] of each side
    let [e, p] = [0, 1].map(|side| {
        let places = pairs.clone().slice([0..n, side..side + 1]);
        places.reshape([n])
    });
    let enhancers = |x| Tensor::<3>::from_dispatch(x).select(0, e.clone());
    let promoters = |x| Tensor::<3>::from_dispatch(x).select(0, p.clone());
    let projected_enhancers = enhancers(elements.projected_enhancers);
    let projected_promoters = promoters(elements.projected_promoters);
    let scores = Tensor::<2>::from_dispatch(elements.scores);
    let [_, d] = scores.dims();
    let attention = |side: usize, over: Over| {
        // [n, l, 2·d] → [n, l, d] and [2, d] → [d, 1]
        let half = |x: &Tensor<3>| x.clone().narrow(2, side * d, d);
        let score = scores.clone().narrow(0, side, 1).reshape([d, 1]);
        let (e, p) = (half(&projected_enhancers), half(&projected_promoters));
        attention(e, p, score, scoring, over)
    };
    let attention_promoter = attention(0, Over::Promoter);
    let attention_enhancer = attention(1, Over::Enhancer);
    // [n, l_E, k] · [n, k, l_P] → [n, l_E, l_P]
    let weighted = promoters(elements.weighted_promoters).swap_dims(1, 2);
    let products = enhancers(elements.enhancers).matmul(weighted);
    // [n, l_P, l_E] · [n, l_E, l_P] · [n, l_P, l_E] → [n, l_P·l_E] → [n, K]
    let interaction = attention_enhancer
        .clone()
        .swap_dims(1, 2)
        .matmul(products)
        .matmul(attention_promoter.clone().swap_dims(1, 2));
    let strongest = interaction.flatten::<2>(1, 2).topk(count, 1);
    let bias = Tensor::<1>::from_dispatch(elements.bias);
    Maxima {
        // [n, l_E, 1] → [n, l_E] and [n, 1, l_P] → [n, l_P]
        enhancer: attention_enhancer.max_dim(2).flatten(1, 2),
        promoter: attention_promoter.max_dim(1).flatten(1, 2),
        strongest: strongest + bias.reshape([1, 1]),
    }
}

/// The strongest interactions.
pub fn strongest(
    seen_enhancer: Tensor<3>,
    seen_promoter: Tensor<3>,
    weight: Tensor<2>,
    bias: Tensor<1>,
    count: usize,
) -> Strongest {
    let seen = Sides::new(seen_enhancer.clone(), seen_promoter.clone());
    // [n, l_P, l_E] → [n, l_P·l_E] → [n, K]
    let values = interaction(seen_enhancer, seen_promoter, weight, bias)
        .flatten::<2>(1, 2)
        .topk(count, 1);
    Strongest { values, seen }
}

/// The encoder.
///
/// The one-hot columns of every position are laid side by side, so that the convolution is one
/// matrix product; a letter that is not A, C, G or T is a column of zeros, and so is a position
/// that pads a bin. The product there is 0, which the rectifier would make of the maximum anyway:
/// `max` and `relu` may be exchanged, and the smaller tensor is rectified.
pub fn encode(
    codes: Tensor<2, Int>,
    filters: Tensor<3>,
    pooling: Pooling,
    dropout: Dropout,
) -> Tensor<3> {
    let [_, letters, _] = filters.dims();
    // [n, length, 4]; code 4 equals none of the four letters.
    let alphabet = Tensor::<1, Int>::arange(0..letters as i64, &codes.device());
    let one_hot = codes
        .unsqueeze_dim::<3>(2)
        .equal(alphabet.reshape([1, 1, letters]))
        .float();
    encode_one_hot(one_hot, filters, pooling, dropout)
}

/// The encoder of letters that are numbers: `[n, length, 4]`.
pub fn encode_one_hot(
    one_hot: Tensor<3>,
    filters: Tensor<3>,
    pooling: Pooling,
    dropout: Dropout,
) -> Tensor<3> {
    let [n, _, _] = one_hot.dims();
    let [k, letters, w] = filters.dims();
    let (c, l, m) = (pooling.positions(), pooling.bins(), pooling.pool);
    // [n, c, w·4]: for each position the w columns that a filter sees there.
    let taps = (0..w)
        .map(|tap| one_hot.clone().slice([0..n, tap..tap + c]))
        .collect();
    let columns = Tensor::cat(taps, 2);
    // [n, l·m, w·4]
    let left = pooling.left();
    let padded = pad_positions(columns, left, l * m - c - left);
    // [w·4, k]
    let table = filters.permute([2, 1, 0]).reshape([w * letters, k]);
    // [n·l·m, w·4] · [w·4, k] → [n, l, m, k] → [n, l, 1, k]
    let positions = padded.reshape([n * l * m, w * letters]).matmul(table);
    let maxima = positions.reshape([n, l, m, k]).max_dim(2);
    dropout.apply(relu(maxima.reshape([n, l, k])))
}

/// Zeros before and after the positions: `[n, c, d]` → `[n, before + c + after, d]`.
fn pad_positions(x: Tensor<3>, before: usize, after: usize) -> Tensor<3> {
    let [n, _, d] = x.dims();
    let device = x.device();
    let zeros = |count: usize| Tensor::<3>::zeros([n, count, d], &device);
    Tensor::cat(vec![zeros(before), x, zeros(after)], 1)
}

/// The wide linear layer.
pub fn wide_linear(seen: Tensor<3>, weight: Tensor<2>, order: Order) -> Tensor<2> {
    let seen = match order {
        Order::Bins => seen,
        // [n, l, k] → [n, k, l]
        Order::Filters => seen.swap_dims(1, 2),
    };
    // [n, l·k] · [l·k, outputs]
    seen.flatten::<2>(1, 2).matmul(weight)
}

/// Windows of packed sequence: eight codes of four bits to a word.
pub fn cut(sequence: Tensor<1, Int>, starts: Tensor<1, Int>, length: usize) -> Tensor<2, Int> {
    let [n] = starts.dims();
    let places = Tensor::<1, Int>::arange(0..length as i64, &starts.device());
    // [n, 1] + [1, length] → [n, length] → [n·length]
    let places = starts.reshape([n, 1]) + places.reshape([1, length]);
    let places = places.reshape([n * length]);
    let words = sequence.select(0, places.clone() / 8);
    let shifts = places % 8 * 4;
    let codes = words.bitwise_right_shift(shifts).bitwise_and_scalar(0xf);
    codes.reshape([n, length])
}
