//! Pairs that are computed together, each of their windows once.

use std::collections::BTreeMap;

use burn::tensor::{Device, Int, Tensor, TensorData};

use crate::element::{Element, Sides};

/// Some pairs and the distinct windows that they are made of: regions, or the base codes themselves.
pub struct Block<T> {
    /// Of each side.
    pub elements: Sides<Vec<T>>,
    /// The places of both windows of each pair.
    pub pairs: Vec<[i32; 2]>,
}

impl<T: Copy> Block<T> {
    /// The same pairs, of what a function makes of each window.
    pub fn map<U>(&self, of: impl Fn(T) -> U) -> Block<U> {
        let side = |windows: &Vec<T>| windows.iter().map(|&window| of(window)).collect();
        Block {
            elements: self.elements.as_ref().map(side),
            pairs: self.pairs.clone(),
        }
    }
}

impl<T: Ord + Copy> Block<T> {
    /// Of the windows of pairs.
    pub fn new(windows: impl Iterator<Item = Sides<T>>) -> Self {
        let mut places: Sides<BTreeMap<T, i32>> = Sides::default();
        let mut elements: Sides<Vec<T>> = Sides::default();
        let pairs = windows.map(|windows| {
            Element::BOTH.map(|element| {
                let window = *windows.get(element);
                let known = elements.get_mut(element);
                *places.get_mut(element).entry(window).or_insert_with(|| {
                    known.push(window);
                    known.len() as i32 - 1
                })
            })
        });
        Self {
            pairs: pairs.collect(),
            elements,
        }
    }
}

/// The places of both windows of pairs, on a device: `[n, 2]`.
pub fn places(pairs: &[[i32; 2]], device: &Device) -> Tensor<2, Int> {
    let data = TensorData::new(pairs.as_flattened().to_vec(), [pairs.len(), 2]);
    Tensor::from_data(data, device)
}
