//! What each base of both windows adds to the log-odds of a pair, or to a predicted activity.
//!
//! Marginal attention says where a network collects what it knows; a contribution says what its answer
//! rests on, base by base and with a sign. `docs/methods.md`, "Contributions", has the formulas.

mod activity;
mod gradient;
pub mod ism;

use burn::tensor::Device;
use serde::{Deserialize, Serialize};

use crate::element::Sides;
use crate::error::Result;
use crate::network::model::{ByElement, Epiann, not_finite};
use crate::text::choice::{Choice, Named};

pub(super) use activity::ActivityGradients;
pub use activity::ActivityWindow;
pub(super) use gradient::{BLOCK, Gradients};

/// The code of every letter but A, C, G, T.
const NONE: u8 = 4;

/// How contributions are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// The gradient of the logit by the letters, one pass back (Simonyan, Vedaldi & Zisserman 2013,
    /// arXiv:1312.6034), less its mean over the four letters of a base (Majdandzic et al. 2023,
    /// doi:10.1186/s13059-023-02956-3).
    #[default]
    Gradient,
    /// In-silico mutagenesis: the logit with every substitution of every base (Zhou & Troyanskaya
    /// 2015, doi:10.1038/nmeth.3547).
    Ism,
}

impl Choice for Method {
    const ALL: &'static [Named<Self>] = &[
        (
            Self::Gradient,
            "gradient",
            "Gradient × input, corrected for what all letters share",
        ),
        (
            Self::Ism,
            "ism",
            "In-silico mutagenesis: every substitution of every base, exactly",
        ),
    ];
}

/// What bases contribute to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Explained {
    /// The logit of a pair.
    #[default]
    Logit,
    /// An activity that the network predicts of the annotated element, whatever its partner is.
    Activity,
}

impl Choice for Explained {
    const ALL: &'static [Named<Self>] = &[
        (
            Self::Logit,
            "logit",
            "The log-odds of an interaction, from both windows of a pair",
        ),
        (
            Self::Activity,
            "activity",
            "The activity that a run with such a task predicts of the element, from its own window; by gradient",
        ),
    ];
}

/// What each base of a window adds to the logit of a pair, or to an activity.
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    method: Method,
    letters: Vec<[f32; 4]>,
}

impl Contribution {
    /// Of the letters A, C, G, T at each base, as [`letters`](Self::letters) has them.
    pub fn new(method: Method, letters: Vec<[f32; 4]>) -> Self {
        Self { method, letters }
    }

    /// The mean of several, at least one, that were computed in one way.
    pub fn mean(all: &[&Self]) -> Self {
        let mut letters = all[0].letters.clone();
        for other in &all[1..] {
            for (sum, letter) in letters
                .as_flattened_mut()
                .iter_mut()
                .zip(other.letters.as_flattened())
            {
                *sum += letter;
            }
        }
        let count = all.len() as f32;
        letters
            .as_flattened_mut()
            .iter_mut()
            .for_each(|sum| *sum /= count);
        Self::new(all[0].method, letters)
    }

    /// How it was computed.
    pub fn method(&self) -> Method {
        self.method
    }

    /// Of each letter at each base, `[L][4]`. By gradient: d logit (or activity) / d one-hot, less its mean
    /// over the four letters. By mutagenesis: the logit with this letter there less that of the sequence, 0 for
    /// the sequence's own letter.
    pub fn letters(&self) -> &[[f32; 4]] {
        &self.letters
    }

    /// Of each base of the sequence, `[L]`, in logits: positive where it supports the interaction.
    /// Gradient × input; by mutagenesis minus the mean change over the three substitutions; 0 at
    /// bases that are none of A, C, G, T.
    pub fn of_bases(&self, codes: &[u8]) -> Vec<f32> {
        let bases = self.hypothetical().into_iter().zip(codes);
        let of_base = |(letters, &code): ([f32; 4], &u8)| match code {
            NONE.. => 0.0,
            code => letters[usize::from(code)],
        };
        bases.map(of_base).collect()
    }

    /// Hypothetical contributions as TF-MoDISco reads them, `[L][4]`: what each letter would add, which
    /// for the sequence's own letters is [`of_bases`](Self::of_bases). By mutagenesis these are the
    /// changes less their mean over the four letters, times 4/3.
    pub fn hypothetical(&self) -> Vec<[f32; 4]> {
        match self.method {
            Method::Gradient => self.letters.clone(),
            Method::Ism => {
                let of_base = |letters: &[f32; 4]| {
                    let mean = letters.iter().sum::<f32>() / 4.0;
                    letters.map(|change| (change - mean) * 4.0 / 3.0)
                };
                self.letters.iter().map(of_base).collect()
            }
        }
    }
}

/// The contributions of both windows of pairs, in order: see
/// [`Predictor::contributions`](super::inference::Predictor::contributions).
pub(super) fn of_pairs(
    network: &Epiann,
    by_element: &ByElement,
    device: &Device,
    method: Method,
    windows: &[Sides<&[u8]>],
) -> Result<Vec<Sides<Contribution>>> {
    let letters = match method {
        Method::Gradient => Gradients::new(network, by_element, device)?.of_pairs(windows)?,
        Method::Ism if *device != Device::flex() => {
            ism::mutagenesis_on_device(by_element, device, windows)?
        }
        Method::Ism => {
            let network = ism::Network::new(network)?;
            let of_pair = |&windows: &Sides<&[u8]>| ism::mutagenesis(&network, windows);
            windows.iter().map(of_pair).collect()
        }
    };
    let mut values = letters.iter().flat_map(Sides::as_ref).flatten().flatten();
    let finite = values.all(|value| value.is_finite());
    drop(values);
    if !finite {
        return Err(not_finite());
    }
    let of_pair =
        |sides: Sides<Vec<[f32; 4]>>| sides.map(|letters| Contribution::new(method, letters));
    Ok(letters.into_iter().map(of_pair).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_has_the_gradient_of_its_own_letter() {
        let letters = vec![[3.0, -1.0, -1.0, -1.0], [0.5, 0.5, -0.5, -0.5], [1.0; 4]];
        let contribution = Contribution::new(Method::Gradient, letters.clone());
        assert_eq!(contribution.of_bases(&[0, 3, 4]), [3.0, -0.5, 0.0]);
        assert_eq!(contribution.hypothetical(), letters);
    }

    #[test]
    fn a_base_that_every_substitution_harms_supports_the_interaction() {
        let letters = vec![[-3.0, 0.0, -6.0, -9.0], [0.0, 3.0, 0.0, 0.0], [0.0; 4]];
        let contribution = Contribution::new(Method::Ism, letters);
        assert_eq!(contribution.of_bases(&[1, 0, 4]), [6.0, -1.0, 0.0]);
        for letters in contribution.hypothetical() {
            assert_eq!(letters.iter().sum::<f32>(), 0.0);
        }
    }
}
