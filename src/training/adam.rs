//! Adam (Kingma & Ba 2015, arXiv:1412.6980, algorithm 1) over all parameters as one vector.
//!
//! burn has an Adam of its own, whose saved state can only be read back through
//! `Device::default()`: with WGPU among the features that is WGPU, which a machine without an
//! adapter does not have.

use burn::tensor::Tensor;

use super::TrainingConfig;

/// The optimiser's settings and state.
#[derive(Debug, Clone)]
pub struct Adam {
    learning_rate: f64,
    beta1: f64,
    beta2: f64,
    epsilon: f64,
    steps: u64,
    moments: Option<Moments>,
}

/// Decaying means, each `[P]`.
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
        Self {
            learning_rate: config.learning_rate,
            beta1: config.beta1,
            beta2: config.beta2,
            epsilon: config.epsilon,
            steps: 0,
            moments: None,
        }
    }

    /// After `steps` steps.
    pub fn resume(config: &TrainingConfig, steps: u64, moments: Option<Moments>) -> Self {
        Self {
            steps,
            moments,
            ..Self::new(config)
        }
    }

    /// Steps taken.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The means, once there has been a step.
    pub fn moments(&self) -> Option<&Moments> {
        self.moments.as_ref()
    }

    /// The parameters after one step down these gradients, both `[P]`.
    pub fn step(&mut self, parameters: Tensor<1>, gradients: Tensor<1>) -> Tensor<1> {
        let Moments { first, second } = self.moments.take().unwrap_or_else(|| Moments {
            first: gradients.zeros_like(),
            second: gradients.zeros_like(),
        });
        let first = first * self.beta1 + gradients.clone() * (1.0 - self.beta1);
        let second = second * self.beta2 + gradients.square() * (1.0 - self.beta2);
        self.steps += 1;
        // The corrections of both means for having begun at 0 are taken into the step size, as
        // the paper suggests at the end of its section 2.
        let steps = self.steps as f64;
        let correction = (1.0 - self.beta2.powf(steps)).sqrt();
        let rate = self.learning_rate * correction / (1.0 - self.beta1.powf(steps));
        let scale = second.clone().sqrt() + self.epsilon * correction;
        let change = first.clone() * rate / scale;
        self.moments = Some(Moments { first, second });
        parameters - change
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn steps_are_those_of_the_paper() {
        let config = TrainingConfig::default();
        let mut adam = Adam::new(&config);
        let device = Device::flex();
        let mut parameters = Tensor::<1>::from_floats([1.0, -2.0], &device);
        let (mut theta, mut m, mut v) = ([1.0f64, -2.0], [0.0f64; 2], [0.0f64; 2]);
        for step in 1..=50 {
            let gradients = theta.map(|x| 2.0 * x * f64::from(step % 3));
            parameters = adam.step(
                parameters,
                Tensor::from_floats(gradients.map(|g| g as f32), &device),
            );
            for i in 0..2 {
                m[i] = 0.9 * m[i] + 0.1 * gradients[i];
                v[i] = 0.999 * v[i] + 0.001 * gradients[i] * gradients[i];
                let m_hat = m[i] / (1.0 - 0.9f64.powi(step));
                let v_hat = v[i] / (1.0 - 0.999f64.powi(step));
                theta[i] -= 1e-3 * m_hat / (v_hat.sqrt() + 1e-8);
            }
        }
        let got: Vec<f32> = parameters.to_data().iter::<f32>().collect();
        for i in 0..2 {
            assert!(
                (f64::from(got[i]) - theta[i]).abs() < 1e-5,
                "{got:?} {theta:?}"
            );
        }
    }
}
