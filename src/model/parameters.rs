//! The network's parameters as named arrays, as one vector, and their first values.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Device, Gradients, Tensor, TensorData};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

use super::{Epiann, ModelConfig, Weights};
use crate::error::{Error, Result};
use crate::seed::{Purpose, stream};

/// Standard deviation of the first weights, and first value of the biases (design section 2,
/// point 7).
const INITIAL: f32 = 0.1;
/// Where the normal distribution is cut, in standard deviations: that of TensorFlow's
/// `truncated_normal`, which the authors used.
const TRUNCATION: f32 = 2.0;

impl Epiann {
    /// A network before training. The values depend on the seed alone, not on the device.
    ///
    /// # Errors
    ///
    /// A configuration of which no network exists.
    pub fn new(config: &ModelConfig, seed: u64, device: &Device) -> Result<Self> {
        config.validate()?;
        let mut first = FirstValues {
            path: Path::default(),
            rng: stream(seed, Purpose::Weights, 0),
        };
        Ok(config.init(device).map(&mut first))
    }

    /// A network with these weights.
    ///
    /// # Errors
    ///
    /// Weights that are missing, unknown, or of another shape than the configuration asks for;
    /// all of them are named.
    pub fn load(config: &ModelConfig, weights: &Weights, device: &Device) -> Result<Self> {
        config.validate()?;
        let network = config.init(device);
        weights.check_names(&network.weights()?)?;
        Ok(network.map(&mut Load {
            path: Path::default(),
            weights,
        }))
    }

    /// The weights by name, on the host.
    ///
    /// # Errors
    ///
    /// A device that failed.
    pub fn weights(&self) -> Result<Weights> {
        let mut read = Read {
            path: Path::default(),
            weights: Ok(Weights::default()),
        };
        self.visit(&mut read);
        read.weights
    }

    /// All parameters one after the other, in the order of the network's fields: `[P]`.
    pub fn parameters(&self) -> Tensor<1> {
        let mut flatten = Flatten::default();
        self.visit(&mut flatten);
        Tensor::cat(flatten.parts, 0)
    }

    /// The gradients of all parameters, in the order of [`Epiann::parameters`]: `[P]`.
    ///
    /// A parameter that the loss does not depend on has gradient 0.
    pub fn gradients(&self, gradients: &Gradients) -> Tensor<1> {
        let mut flatten = FlattenGradients {
            gradients,
            parts: Vec::new(),
        };
        self.visit(&mut flatten);
        Tensor::cat(flatten.parts, 0)
    }

    /// The same network with other parameters, in the order of [`Epiann::parameters`].
    ///
    /// # Shapes
    ///
    /// - parameters: `[P]`, without a graph
    pub fn with_parameters(self, parameters: &Tensor<1>) -> Self {
        self.map(&mut Unflatten {
            parameters,
            offset: 0,
        })
    }
}

/// The dotted name of the parameter that is being visited.
#[derive(Default)]
struct Path(Vec<String>);

impl Path {
    fn name(&self) -> String {
        self.0.join(".")
    }

    fn is_bias(&self) -> bool {
        self.0.last().is_some_and(|name| name == "bias")
    }
}

/// The parts of a visitor or mapper that keep its path.
macro_rules! keep_path {
    () => {
        fn enter_module(&mut self, name: &str, _container: &str) {
            self.path.0.push(name.to_string());
        }

        fn exit_module(&mut self, _name: &str, _container: &str) {
            self.path.0.pop();
        }
    };
}

/// A parameter of the same identity with another value.
fn replaced<const D: usize>(param: Param<Tensor<D>>, value: Tensor<D>) -> Param<Tensor<D>> {
    Param::initialized(param.id, leaf(value))
}

/// A value that gradients are asked for, on a device that computes them.
pub(super) fn leaf<const D: usize>(value: Tensor<D>) -> Tensor<D> {
    if value.device().is_autodiff() {
        value.require_grad()
    } else {
        value
    }
}

struct FirstValues {
    path: Path,
    rng: ChaCha8Rng,
}

impl ModuleMapper for FirstValues {
    keep_path!();

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (shape, device) = (param.dims(), param.val().device());
        let len = shape.iter().product();
        let values: Vec<f32> = if self.path.is_bias() {
            vec![INITIAL; len]
        } else {
            (&mut self.rng)
                .sample_iter::<f32, _>(StandardNormal)
                .filter(|deviate| deviate.abs() <= TRUNCATION)
                .map(|deviate| deviate * INITIAL)
                .take(len)
                .collect()
        };
        let value = Tensor::from_data(TensorData::new(values, shape), &device);
        replaced(param, value)
    }
}

struct Load<'a> {
    path: Path,
    weights: &'a Weights,
}

impl ModuleMapper for Load<'_> {
    keep_path!();

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (shape, device) = (param.dims(), param.val().device());
        let values = self.weights.values(&self.path.name()).to_vec();
        let value = Tensor::from_data(TensorData::new(values, shape), &device);
        replaced(param, value)
    }
}

struct Read {
    path: Path,
    weights: Result<Weights>,
}

impl ModuleVisitor for Read {
    keep_path!();

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Ok(weights) = &mut self.weights {
            match host(param.val()) {
                Ok(values) => weights.insert(self.path.name(), param.dims().to_vec(), values),
                Err(error) => self.weights = Err(error),
            }
        }
    }
}

#[derive(Default)]
struct Flatten {
    parts: Vec<Tensor<1>>,
}

impl ModuleVisitor for Flatten {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let value = param.val().without_autodiff();
        self.parts.push(value.flatten(0, D as isize - 1));
    }
}

struct FlattenGradients<'a> {
    gradients: &'a Gradients,
    parts: Vec<Tensor<1>>,
}

impl ModuleVisitor for FlattenGradients<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let value = param.val();
        let gradient = value
            .grad(self.gradients)
            .unwrap_or_else(|| Tensor::zeros(value.dims(), &value.device().without_autodiff()));
        self.parts.push(gradient.flatten(0, D as isize - 1));
    }
}

struct Unflatten<'a> {
    parameters: &'a Tensor<1>,
    offset: usize,
}

impl ModuleMapper for Unflatten<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let shape = param.dims();
        let len = shape.iter().product();
        let value = self.parameters.clone().narrow(0, self.offset, len);
        let value = value.reshape(shape);
        self.offset += len;
        replaced(param, value.autodiff())
    }
}

/// The values of a tensor, row by row.
///
/// # Errors
///
/// A device that failed on the way there.
pub fn host<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>> {
    let data = tensor
        .try_into_data()
        .map_err(|error| Error::Device(format!("the device failed: {error:?}")))?;
    Ok(data.iter::<f32>().collect())
}
