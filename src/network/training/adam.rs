//! Adam (Kingma & Ba 2015, arXiv:1412.6980, algorithm 1) and what it remembers.
//!
//! burn has an Adam of its own, whose saved state can only be read back through
//! `Device::default()`: with WGPU among the features that is WGPU, which a machine without an
//! adapter does not have.

use std::collections::BTreeMap;

use burn::tensor::{Gradients, Tensor};

use super::config::TrainingConfig;
use crate::network::kernels::adam::{Array, Step, step};
use crate::network::model::{Epiann, Named};

/// The optimiser's settings and state.
#[derive(Debug, Clone)]
pub struct Adam {
    config: TrainingConfig,
    steps: u64,
    moments: BTreeMap<String, Moments>,
}

/// The decaying means of one parameter array, each `[P]`.
#[derive(Debug, Clone)]
pub struct Moments {
    /// Of the gradient, `m`.
    pub first: Tensor<1>,
    /// Of its square, `v`.
    pub second: Tensor<1>,
}

impl Adam {
    /// Before the first step.
    pub fn new(config: &TrainingConfig) -> Self {
        Self::resume(config, 0, BTreeMap::new())
    }

    /// After `steps` steps, which left these means of the arrays of these names.
    pub fn resume(config: &TrainingConfig, steps: u64, moments: BTreeMap<String, Moments>) -> Self {
        Self {
            config: config.clone(),
            steps,
            moments,
        }
    }

    /// Steps taken.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The means of each array, once there has been a step.
    pub fn moments(&self) -> &BTreeMap<String, Moments> {
        &self.moments
    }

    /// The network after one step down these gradients, which are used up.
    pub fn step(&mut self, network: Epiann, gradients: &mut Gradients) -> Epiann {
        self.steps += 1;
        let settings = self.settings();
        network.updated(gradients, |arrays| {
            let (names, arrays): (Vec<_>, Vec<_>) = arrays
                .into_iter()
                .map(|array| {
                    let Moments { first, second } = self.before(&array);
                    let Named {
                        name,
                        value: parameter,
                        gradient,
                    } = array;
                    let array = Array {
                        parameter,
                        gradient,
                        first,
                        second,
                    };
                    (name, array)
                })
                .unzip();
            let arrays = names.into_iter().zip(step(arrays, settings));
            let arrays = arrays.map(|(name, array)| {
                let (first, second) = (array.first, array.second);
                self.moments.insert(name, Moments { first, second });
                array.parameter
            });
            arrays.collect()
        })
    }

    /// The means of an array before a step, which they are kept for.
    fn before(&mut self, array: &Named) -> Moments {
        self.moments.remove(&array.name).unwrap_or_else(|| Moments {
            first: array.gradient.zeros_like(),
            second: array.gradient.zeros_like(),
        })
    }

    /// The settings of the step that `steps` now counts. The corrections of both means for having
    /// begun at 0 are taken into the step size, as the paper suggests at the end of its section 2.
    fn settings(&self) -> Step {
        let (steps, config) = (self.steps as f64, &self.config);
        let correction = (1.0 - config.beta2.powf(steps)).sqrt();
        Step {
            beta1: config.beta1 as f32,
            beta2: config.beta2 as f32,
            rate: (config.learning_rate * correction / (1.0 - config.beta1.powf(steps))) as f32,
            epsilon: (config.epsilon * correction) as f32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn steps_are_those_of_the_paper() {
        let mut adam = Adam::new(&TrainingConfig::default());
        let device = Device::flex();
        let zeros = || Tensor::<1>::zeros([2], &device);
        let mut found = Array {
            parameter: Tensor::<1>::from_floats([1.0, -2.0], &device),
            gradient: zeros(),
            first: zeros(),
            second: zeros(),
        };
        let (mut theta, mut m, mut v) = ([1.0f64, -2.0], [0.0f64; 2], [0.0f64; 2]);
        for number in 1..=50 {
            let gradients = theta.map(|x| 2.0 * x * f64::from(number % 3));
            found.gradient = Tensor::from_floats(gradients.map(|g| g as f32), &device);
            adam.steps += 1;
            found = step(vec![found], adam.settings()).remove(0);
            for i in 0..2 {
                m[i] = 0.9 * m[i] + 0.1 * gradients[i];
                v[i] = 0.999 * v[i] + 0.001 * gradients[i] * gradients[i];
                let m_hat = m[i] / (1.0 - 0.9f64.powi(number));
                let v_hat = v[i] / (1.0 - 0.999f64.powi(number));
                theta[i] -= 1e-3 * m_hat / (v_hat.sqrt() + 1e-8);
            }
        }
        let got: Vec<f32> = found.parameter.to_data().iter::<f32>().collect();
        for i in 0..2 {
            assert!(
                (f64::from(got[i]) - theta[i]).abs() < 1e-5,
                "{got:?} {theta:?}"
            );
        }
    }
}
