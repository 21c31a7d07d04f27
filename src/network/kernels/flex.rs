//! Tensors of the CPU backend as slices and matrices.

use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ops::Range;
use std::slice;

use burn::backend::Flex;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::tensor::{Element, TensorData};
use rayon::prelude::*;

/// The shape of a tensor of `D` dimensions.
pub fn dims<const D: usize>(tensor: &FloatTensor<Flex>) -> [usize; D] {
    tensor.layout().shape().dims()
}

/// The same tensor, row by row without gaps, and nothing else in its memory.
pub fn rows(tensor: FloatTensor<Flex>) -> FloatTensor<Flex> {
    tensor.to_contiguous()
}

/// The values of a tensor that has no gaps.
pub fn floats(tensor: &FloatTensor<Flex>) -> &[f32] {
    tensor
        .as_slice()
        .expect("the network computes with f32, row by row")
}

/// The values of a tensor that has no gaps.
pub fn ints(tensor: &IntTensor<Flex>) -> &[i32] {
    tensor
        .as_slice()
        .expect("the CPU's integers are i32, row by row")
}

/// A tensor of these values, row by row.
pub fn tensor<E: Element, const D: usize>(values: Vec<E>, shape: [usize; D]) -> FloatTensor<Flex> {
    FloatTensor::<Flex>::from_data(TensorData::new(values, shape))
}

/// A matrix with its values or a view of them, row by row or, transposed, column by column.
pub struct Matrix<V> {
    values: V,
    shape: [usize; 2],
    strides: [usize; 2],
}

impl<V: AsRef<[f32]>> Matrix<V> {
    /// These values row by row.
    pub fn of(values: V, rows: usize, columns: usize) -> Self {
        assert_eq!(values.as_ref().len(), rows * columns);
        Self {
            values,
            shape: [rows, columns],
            strides: [columns, 1],
        }
    }

    /// The values in the order in which they are held.
    pub fn values(&self) -> &[f32] {
        self.values.as_ref()
    }

    /// Rows and columns.
    pub fn shape(&self) -> [usize; 2] {
        self.shape
    }

    /// The same values with rows and columns exchanged.
    pub fn transposed(&self) -> Matrix<&[f32]> {
        let flip = |[a, b]: [usize; 2]| [b, a];
        Matrix {
            values: self.values.as_ref(),
            shape: flip(self.shape),
            strides: flip(self.strides),
        }
    }

    /// Some of the columns.
    pub fn columns(&self, columns: Range<usize>) -> Matrix<&[f32]> {
        let [rows, all] = self.shape;
        assert!(columns.start < columns.end && columns.end <= all);
        Matrix {
            values: &self.values()[columns.start * self.strides[1]..],
            shape: [rows, columns.len()],
            strides: self.strides,
        }
    }

    /// The matrix product, on one thread.
    pub fn times(&self, other: &Matrix<impl AsRef<[f32]>>) -> Matrix<Vec<f32>> {
        let [rows, columns] = [self.shape[0], other.shape[1]];
        let mut product = unwritten(rows * columns);
        self.times_into(other, &mut product);
        // SAFETY: the product fills all places.
        let product = unsafe { product.assume_init() };
        Matrix::of(product.into_vec(), rows, columns)
    }

    /// The matrix product, on one thread, row by row into `product`, all of which it fills.
    pub fn times_into<'a>(
        &self,
        other: &Matrix<impl AsRef<[f32]>>,
        product: &'a mut [MaybeUninit<f32>],
    ) -> &'a mut [f32] {
        let columns = other.shape[1];
        assert_eq!(self.shape[0] * columns, product.len());
        self.times_into_columns(other, Columns::of(product, columns));
        // SAFETY: the product was written to every place.
        unsafe { product.assume_init_mut() }
    }

    /// The matrix product, on one thread, into some columns of a matrix, all of which it fills.
    pub fn times_into_columns(&self, other: &Matrix<impl AsRef<[f32]>>, product: Columns<f32>) {
        assert_eq!([self.shape[0], other.shape[1]], product.shape);
        // SAFETY: there is a place for each value.
        unsafe { self.multiply(other, product.start, product.stride, false) };
    }

    /// The matrix product, on one thread, added row by row to `sum`.
    pub fn times_onto(&self, other: &Matrix<impl AsRef<[f32]>>, sum: &mut [f32]) {
        let columns = other.shape[1];
        assert_eq!(self.shape[0] * columns, sum.len());
        // SAFETY: there is a place for each value, and a value in it.
        unsafe { self.multiply(other, sum.as_mut_ptr(), columns, true) };
    }

    /// # Safety
    ///
    /// `out` points to as many places as the product has, whose rows are `stride` places apart;
    /// where it is added, they hold values.
    unsafe fn multiply(
        &self,
        other: &Matrix<impl AsRef<[f32]>>,
        out: *mut f32,
        stride: usize,
        add: bool,
    ) {
        let ([rows, inner], [inner_too, columns]) = (self.shape, other.shape);
        assert_eq!(inner, inner_too);
        let [left, right] =
            [self.strides, other.strides].map(|strides| strides.map(|s| s as isize));
        // SAFETY: a matrix holds the values that its shape and strides reach, as every way to make
        // one sees to; for `out`, see above.
        unsafe {
            gemm::gemm(
                rows,
                columns,
                inner,
                out,
                1,
                stride as isize,
                add,
                self.values().as_ptr(),
                left[1],
                left[0],
                other.values().as_ptr(),
                right[1],
                right[0],
                1.0,
                1.0,
                false,
                false,
                false,
                gemm::Parallelism::None,
            );
        }
    }
}

/// Rows of a part of a product over many rows.
const ROWS: usize = 256;

/// `leftᵀ · right`, the sum over many rows: `[rows, a]ᵀ · [rows, b]` → `[a, b]`.
///
/// A result this small has too few places for many threads to share: the rows are divided, and the
/// products of the parts are added in their order.
pub fn over_rows(left: &[f32], right: &[f32], [a, b]: [usize; 2]) -> FloatTensor<Flex> {
    let parts: Vec<Matrix<Vec<f32>>> = left
        .par_chunks(ROWS * a)
        .zip(right.par_chunks(ROWS * b))
        .map(|(left, right)| {
            let rows = left.len() / a;
            let left = Matrix::of(left, rows, a);
            left.transposed().times(&Matrix::of(right, rows, b))
        })
        .collect();
    let mut sums = vec![0.0; a * b];
    for part in parts {
        for (sum, part) in sums.iter_mut().zip(part.values()) {
            *sum += part;
        }
    }
    tensor(sums, [a, b])
}

impl Matrix<Vec<f32>> {
    /// The values in the order in which they are held, to be changed.
    pub fn values_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }

    /// The values in the order in which they are held.
    pub fn into_values(self) -> Vec<f32> {
        self.values
    }
}

/// Some columns of a matrix that is held row by row, to be written to.
pub struct Columns<'a, T> {
    start: *mut T,
    shape: [usize; 2],
    stride: usize,
    matrix: PhantomData<&'a mut [MaybeUninit<T>]>,
}

// SAFETY: no two of them have a place in common, so that each is like a `&mut [T]`.
unsafe impl<T: Send> Send for Columns<'_, T> {}

impl<'a, T> Columns<'a, T> {
    /// All columns.
    fn of(places: &'a mut [MaybeUninit<T>], columns: usize) -> Self {
        Self {
            start: places.as_mut_ptr().cast(),
            shape: [places.len() / columns, columns],
            stride: columns,
            matrix: PhantomData,
        }
    }

    /// A matrix of so many columns in parts of `len` columns, the last one may be narrower.
    pub fn parts(places: &'a mut [MaybeUninit<T>], columns: usize, len: usize) -> Vec<Self> {
        let all = Self::of(places, columns);
        (0..columns.div_ceil(len))
            .map(|part| {
                let of_part = part_of(columns, part, len);
                Self {
                    // SAFETY: the first row has all columns.
                    start: unsafe { all.start.add(of_part.start) },
                    shape: [all.shape[0], of_part.len()],
                    stride: all.stride,
                    matrix: PhantomData,
                }
            })
            .collect()
    }

    /// Each row's places.
    pub fn rows(self) -> impl Iterator<Item = &'a mut [MaybeUninit<T>]> {
        let [rows, columns] = self.shape;
        (0..rows).map(move |row| {
            // SAFETY: the places are there and nobody else's for `'a`, and no two rows share any.
            unsafe { slice::from_raw_parts_mut(self.start.add(row * self.stride).cast(), columns) }
        })
    }
}

/// Memory for values that are all written before any is read: the products fill arrays of many
/// megabytes, and zeros there would be written for nothing.
pub fn unwritten<T>(len: usize) -> Box<[MaybeUninit<T>]> {
    Box::new_uninit_slice(len)
}

/// Zeros, written by all cores: fresh memory is dear where every page of it has to be asked for.
pub fn zeros(len: usize) -> Vec<f32> {
    rayon::iter::repeat_n(0.0, len).collect()
}

/// Part number `place` of a slice that is cut into parts of `len` values.
pub fn part(all: &[f32], place: usize, len: usize) -> &[f32] {
    &all[place * len..(place + 1) * len]
}

/// The places of part number `part` of `all` places that are cut into parts of `len`.
pub fn part_of(all: usize, part: usize, len: usize) -> Range<usize> {
    part * len..((part + 1) * len).min(all)
}
