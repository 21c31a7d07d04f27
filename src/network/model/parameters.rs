//! The network's parameters as named arrays, how they are updated, and their first values.

use std::fmt::Debug;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Device, Element, Gradients, Int, Tensor, TensorData, Transaction};
use rand::RngExt;
use rand_distr::StandardNormal;

use super::init::leaf;
use super::{Epiann, ModelConfig, Weights};
use crate::error::{Error, Result};
use crate::seed::{Purpose, stream};

/// Standard deviation of the first weights, and first value of the biases: those of the authors'
/// published graph (`docs/methods.md`, "Training").
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
        let mut rng = stream(seed, Purpose::Weights, 0);
        let first = |path: &Path, len: usize| {
            if path.is_bias() {
                return vec![INITIAL; len];
            }
            (&mut rng)
                .sample_iter::<f32, _>(StandardNormal)
                .filter(|deviate| deviate.abs() <= TRUNCATION)
                .map(|deviate| deviate * INITIAL)
                .take(len)
                .collect()
        };
        Ok(config.init(device).filled(first))
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
        Ok(network.filled(|path, _| weights.values(&path.name()).to_vec()))
    }

    /// The same network with the values that `values` has for each name and length.
    fn filled(self, values: impl FnMut(&Path, usize) -> Vec<f32>) -> Self {
        self.map(&mut Fill {
            path: Path::default(),
            values,
        })
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

    /// The same network with its parameter arrays replaced by what `update` makes of all of them, in
    /// their order: `[P]` each, without a graph.
    ///
    /// The gradients are taken out of `gradients`; a parameter that the loss does not depend on
    /// has gradient 0.
    pub fn updated(
        self,
        gradients: &mut Gradients,
        update: impl FnOnce(Vec<Named>) -> Vec<Tensor<1>>,
    ) -> Self {
        let mut take = Take {
            path: Path::default(),
            gradients,
            taken: Vec::new(),
        };
        let emptied = self.map(&mut take);
        let updated = update(take.taken);
        emptied.map(&mut Put {
            values: updated.into_iter(),
        })
    }
}

/// A parameter array that was taken out of its network, which thus does not hold its memory, row by
/// row and without a graph.
#[derive(Debug)]
pub struct Named {
    /// The name in a safetensors file.
    pub name: String,
    /// `[P]`
    pub value: Tensor<1>,
    /// `[P]`
    pub gradient: Tensor<1>,
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

struct Fill<F> {
    path: Path,
    values: F,
}

impl<F: FnMut(&Path, usize) -> Vec<f32>> ModuleMapper for Fill<F> {
    keep_path!();

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (shape, device) = (param.dims(), param.val().device());
        let values = (self.values)(&self.path, shape.iter().product());
        let value = Tensor::from_data(TensorData::new(values, shape), &device);
        Param::initialized(param.id, leaf(value))
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

struct Take<'a> {
    path: Path,
    gradients: &'a mut Gradients,
    taken: Vec<Named>,
}

impl ModuleMapper for Take<'_> {
    keep_path!();

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, value, _) = param.consume();
        let (shape, device) = (value.shape(), value.device());
        let gradient = value
            .grad_remove(self.gradients)
            .unwrap_or_else(|| Tensor::zeros(shape.clone(), &device.clone().without_autodiff()));
        let last = D as isize - 1;
        self.taken.push(Named {
            name: self.path.name(),
            value: value.without_autodiff().flatten(0, last),
            gradient: gradient.flatten(0, last),
        });
        // A place of this shape, which costs nothing as long as nobody looks.
        let of_shape = shape.clone();
        let zeros = move |device: &Device, _| Tensor::zeros(of_shape, device);
        Param::uninitialized(id, zeros, device, false, shape)
    }
}

struct Put<I> {
    values: I,
}

impl<I: Iterator<Item = Tensor<1>>> ModuleMapper for Put<I> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let value = self
            .values
            .next()
            .expect("an array for each that was taken");
        let value = value.reshape(param.lazy_shape()).autodiff();
        Param::initialized(param.id, leaf(value))
    }
}

/// The values of a tensor, row by row.
///
/// # Errors
///
/// A device that failed on the way there.
pub fn host<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>> {
    host_all([tensor]).map(|[values]| values)
}

/// The values of tensors, each row by row, for which a device is waited for once.
///
/// # Errors
///
/// A device that failed on the way there.
pub fn host_all<const D: usize, const N: usize>(tensors: [Tensor<D>; N]) -> Result<[Vec<f32>; N]> {
    let all = tensors
        .into_iter()
        .fold(Transaction::default(), Transaction::register);
    let data = all.try_execute().map_err(failed)?;
    Ok(std::array::from_fn(|place| values(&data[place])))
}

/// Whole numbers, row by row.
///
/// # Errors
///
/// A device that failed on the way there.
pub fn host_ints<const D: usize>(tensor: Tensor<D, Int>) -> Result<Vec<i32>> {
    let data = tensor.try_into_data().map_err(failed)?;
    Ok(values(&data))
}

/// The values at once, unless the device has them as another type.
fn values<E: Element + Copy>(data: &TensorData) -> Vec<E> {
    match data.as_slice::<E>() {
        Ok(values) => values.to_vec(),
        Err(_) => data.iter::<E>().collect(),
    }
}

fn failed(error: impl Debug) -> Error {
    Error::Device(format!("the device failed: {error:?}"))
}

/// What is said of a network that gives no numbers.
pub fn not_finite() -> Error {
    Error::NotFinite(
        "the network's output is not a finite number: are the weights of a run that diverged?"
            .to_string(),
    )
}
