//! What pairs need of their elements, side by side, in one kernel.

use burn_wgpu::CubeTensor;
use cubecl::prelude::*;

use crate::element::Sides;
use crate::network::kernels::cube::{dims, elementwise, floats, rows};

/// What there is of a bin of some elements, or of some pairs'.
pub struct Side {
    /// `[n, l, k]`
    pub activations: CubeTensor,
    /// `[n, l, 2·d]`
    pub projected: CubeTensor,
}

/// The elements of each pair.
///
/// # Shapes
///
/// - pairs: `[n, 2]`, the enhancer's and the promoter's place among the elements
pub fn gathered(elements: Sides<Side>, pairs: CubeTensor) -> Sides<Side> {
    let [n, _] = dims(&pairs);
    let found = elements.as_ref().map(|side| {
        let of_pairs = |of: &CubeTensor| {
            let [_, l, width] = dims(of);
            floats(of, [n, l, width])
        };
        Side {
            activations: of_pairs(&side.activations),
            projected: of_pairs(&side.projected),
        }
    });
    let sizes = found.as_ref().map(|side| {
        let values = |of: &CubeTensor| {
            let [_, l, width] = dims(of);
            l * width
        };
        (values(&side.activations), values(&side.projected))
    });
    let Sides { enhancer, promoter } = sizes;
    let of_pair = enhancer.0 + enhancer.1 + promoter.0 + promoter.1;
    let like = found.enhancer.activations.clone();
    let (cubes, units) = elementwise(&like, n * of_pair);
    let buffers = |side: Side| {
        SideBuffersLaunch::new(
            rows(side.activations).into_buffer_arg(),
            rows(side.projected).into_buffer_arg(),
        )
    };
    let written = |side: &Side| (side.activations.clone(), side.projected.clone());
    let (of_enhancer, of_promoter) = (written(&found.enhancer), written(&found.promoter));
    // SAFETY: units without work of their own end at once, the others stay inside the arrays.
    unsafe {
        gather::launch_unchecked(
            &like.client,
            cubes,
            units,
            buffers(elements.enhancer),
            buffers(elements.promoter),
            rows(pairs).into_buffer_arg(),
            of_enhancer.0.into_buffer_arg(),
            of_enhancer.1.into_buffer_arg(),
            of_promoter.0.into_buffer_arg(),
            of_promoter.1.into_buffer_arg(),
            SizesLaunch::new(n, enhancer.0, enhancer.1, promoter.0, promoter.1),
        );
    }
    found
}

/// [`Side`] in kernels.
#[derive(CubeLaunch, CubeType)]
struct SideBuffers {
    activations: Box<[f32]>,
    projected: Box<[f32]>,
}

/// How many pairs there are, and how many values an element has in each array.
#[derive(CubeLaunch, CubeType, Clone, Copy)]
struct Sizes {
    n: usize,
    activations_e: usize,
    projected_e: usize,
    activations_p: usize,
    projected_p: usize,
}

/// One unit for each value of each pair, its enhancer's first.
#[cube(launch_unchecked)]
fn gather(
    enhancers: &SideBuffers,
    promoters: &SideBuffers,
    pairs: &[i32],
    activations_e: &mut [f32],
    projected_e: &mut [f32],
    activations_p: &mut [f32],
    projected_p: &mut [f32],
    sizes: Sizes,
) {
    let of_enhancer = sizes.activations_e + sizes.projected_e;
    let of_pair = of_enhancer + sizes.activations_p + sizes.projected_p;
    if ABSOLUTE_POS >= sizes.n * of_pair {
        terminate!();
    }
    let pair = ABSOLUTE_POS / of_pair;
    let place = ABSOLUTE_POS % of_pair;
    if place < of_enhancer {
        let element = pairs[2 * pair] as usize;
        if place < sizes.activations_e {
            activations_e[pair * sizes.activations_e + place] =
                enhancers.activations[element * sizes.activations_e + place];
        } else {
            let place = place - sizes.activations_e;
            projected_e[pair * sizes.projected_e + place] =
                enhancers.projected[element * sizes.projected_e + place];
        }
    } else {
        let element = pairs[2 * pair + 1] as usize;
        let place = place - of_enhancer;
        if place < sizes.activations_p {
            activations_p[pair * sizes.activations_p + place] =
                promoters.activations[element * sizes.activations_p + place];
        } else {
            let place = place - sizes.activations_p;
            projected_p[pair * sizes.projected_p + place] =
                promoters.projected[element * sizes.projected_p + place];
        }
    }
}
