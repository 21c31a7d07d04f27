//! A side of a product as it lies in memory.

use burn_wgpu::CubeTensor;

use crate::network::kernels::cube::rows;

/// A batch of matrices, row by row or column by column.
pub struct Side {
    /// The values.
    pub tensor: CubeTensor,
    /// Matrices.
    pub batch: usize,
    /// The dimension that stays.
    pub outer: usize,
    /// The dimension that the sums run over.
    pub inner: usize,
    /// Whether neighbours in memory are neighbours in the inner dimension.
    pub along_inner: bool,
    /// From one line of memory to the next.
    pub pitch: usize,
    /// From one matrix to the next; 0 where there is one.
    pub next: usize,
}

impl Side {
    /// Of a tensor `[.., a, b]` whose inner dimension is its last but one (0) or last (1).
    pub fn new(tensor: CubeTensor, inner: usize) -> Self {
        let strides = &tensor.meta.strides()[tensor.meta.num_dims() - 2..];
        let shape = &tensor.meta.shape()[tensor.meta.num_dims() - 2..];
        // One value has no neighbours. Of two ways to read a row or a column, the one along it.
        let lies = |along: usize| strides[along] == 1 || shape[along] == 1;
        match (lies(0), lies(1)) {
            (true, true) => {
                let along = usize::from(shape[1] > 1);
                Self::along(tensor, inner, along)
            }
            (true, false) => Self::along(tensor, inner, 0),
            (false, true) => Self::along(tensor, inner, 1),
            (false, false) => Self::along(rows(tensor), inner, 1),
        }
    }

    /// The same, with lines of memory that run along the dimension which a matrix that is row by
    /// row, or a transposed view of one, has them along.
    pub fn by_lines(tensor: CubeTensor, inner: usize) -> Self {
        let matrix = tensor.meta.num_dims() - 2;
        let (shape, strides) = (tensor.meta.shape(), tensor.meta.strides());
        let transposed = strides[matrix] == 1 && strides[matrix + 1] == shape[matrix];
        let row_by_row = strides[matrix + 1] == 1 && strides[matrix] == shape[matrix + 1];
        match (row_by_row, transposed) {
            (true, _) => Self::along(tensor, inner, 1),
            (false, true) => Self::along(tensor, inner, 0),
            (false, false) => Self::along(rows(tensor), inner, 1),
        }
    }

    /// With lines along one of the matrices' dimensions.
    fn along(tensor: CubeTensor, inner: usize, along: usize) -> Self {
        let (shape, strides) = (tensor.meta.shape(), tensor.meta.strides());
        let matrix = shape.num_dims() - 2;
        let (batch, next) = match matrix {
            0 => (1, 0),
            1 if shape[0] == 1 => (1, 0),
            1 => (shape[0], strides[0]),
            _ => panic!("a product is of matrices or of two batches of them, not of {shape:?}"),
        };
        // The one line of a matrix has no next.
        let pitch = match shape[matrix + 1 - along] {
            1 => shape[matrix + along],
            _ => strides[matrix + 1 - along],
        };
        Self {
            batch,
            outer: shape[matrix + 1 - inner],
            inner: shape[matrix + inner],
            along_inner: along == inner,
            pitch,
            next,
            tensor,
        }
    }

    /// How many values can be read together.
    pub fn together(&self) -> usize {
        let length = match self.along_inner {
            true => self.inner,
            false => self.outer,
        };
        together([length, self.pitch, self.next])
    }
}

/// How many values can be read or written together where these are the distances from line to line
/// and from end to end.
pub fn together<const N: usize>(distances: [usize; N]) -> usize {
    let whole = distances.iter().all(|distance| distance.is_multiple_of(4));
    if whole { 4 } else { 1 }
}
