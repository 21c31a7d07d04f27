//! Matrix products, however their sides lie in memory.

use burn::tensor::{Device, Tensor};
use epitrack::network::kernels::matrix_product::{product, product_onto};
use rand_chacha::ChaCha8Rng;

use super::agreement::{Array, close, random};
use crate::support::values;

/// Sizes of a product.
#[derive(Debug, Clone, Copy)]
pub struct Products {
    /// Matrices of the left and of the right side.
    pub batch: [usize; 2],
    pub rows: usize,
    pub inner: usize,
    pub columns: usize,
}

impl Products {
    /// Both sides in every way in which they can lie, as a product and added to something; the same
    /// bytes each time.
    pub fn check(&self, device: &Device) {
        let mut rng = random(0);
        let [left, right] = self.batch;
        let shape = [left.max(right), self.rows, self.columns];
        let sum = Array::random(shape, 1.0, &mut rng);
        for lies in LIES
            .iter()
            .flat_map(|left| LIES.map(|right| [*left, right]))
        {
            let left = side([left, self.rows, self.inner], lies[0], &mut rng);
            let right = side([right, self.inner, self.columns], lies[1], &mut rng);
            let run = |device: &Device, fast: bool| {
                let (left, right, sum) = (left(device), right(device), sum.on(device));
                let both = if fast {
                    let product = product(left.clone(), right.clone());
                    [product, product_onto(sum.clone(), left, right)]
                } else {
                    let product = left.matmul(right);
                    [product.clone(), product + sum.clone()]
                };
                [&both[0], &both[1], &sum].map(values).to_vec()
            };
            let found = run(device, true);
            close(&found, &run(&Device::flex(), false), 1e-5, 1.0);
            assert_eq!(found, run(device, true), "{self:?} {lies:?}");
        }
    }
}

/// How matrices lie in memory.
#[derive(Debug, Clone, Copy)]
enum Lies {
    RowByRow,
    ColumnByColumn,
    /// Row by row, among other columns.
    InPart,
}

const LIES: [Lies; 3] = [Lies::RowByRow, Lies::ColumnByColumn, Lies::InPart];

fn side(
    [batch, rows, columns]: [usize; 3],
    lies: Lies,
    rng: &mut ChaCha8Rng,
) -> impl Fn(&Device) -> Tensor<3> + use<> {
    let shape = match lies {
        Lies::RowByRow => [batch, rows, columns],
        Lies::ColumnByColumn => [batch, columns, rows],
        // As many more as let a device see a part without a copy.
        Lies::InPart => [batch, rows, columns + 64],
    };
    let array = Array::random(shape, 1.0, rng);
    move |device| match lies {
        Lies::RowByRow => array.on(device),
        Lies::ColumnByColumn => array.on(device).swap_dims(1, 2),
        Lies::InPart => array.on(device).narrow(2, 0, columns),
    }
}

/// Tiles of every kind, whole and cut off; parts; a batch on both sides and on one; lines that can
/// and that cannot be read in fours.
pub fn products_agree(device: &Device) {
    let sizes = [
        ([1, 1], [1, 1, 1]),
        ([1, 1], [5, 7, 3]),
        ([1, 1], [3, 2, 40]),
        ([1, 1], [64, 640, 64]),
        ([1, 1], [70, 1029, 130]),
        ([1, 1], [8, 516, 12]),
        ([3, 3], [67, 33, 68]),
        ([1, 4], [9, 20, 40]),
        ([4, 1], [65, 64, 8]),
        ([300, 300], [5, 6, 70]),
        ([300, 1], [12, 20, 68]),
    ];
    for (batch, [rows, inner, columns]) in sizes {
        let products = Products {
            batch,
            rows,
            inner,
            columns,
        };
        products.check(device);
    }
}
