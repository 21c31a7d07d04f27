//! Colours that colour-blind people can tell apart.

use std::fmt;

/// Red, green and blue, as hubs write them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// The palette of Okabe and Ito, Color Universal Design (2008),
/// <https://jfly.uni-koeln.de/color/>, without its black, which is kept for what the browser draws
/// itself, and with the yellow, which is faint on white, last.
const OKABE_ITO: [Rgb; 7] = [
    Rgb(0, 114, 178),
    Rgb(213, 94, 0),
    Rgb(0, 158, 115),
    Rgb(204, 121, 167),
    Rgb(230, 159, 0),
    Rgb(86, 180, 233),
    Rgb(240, 228, 66),
];

/// The colour of a cell line, by its place in the hub. After the seventh they come again.
pub fn cell_line(place: usize) -> Rgb {
    OKABE_ITO[place % OKABE_ITO.len()]
}

impl Rgb {
    /// The same hue at 55 % of its light: told from the colour itself by any eye.
    pub fn darker(self) -> Self {
        let darker = |part: u8| (u16::from(part) * 11 / 20) as u8;
        Self(darker(self.0), darker(self.1), darker(self.2))
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{}", self.0, self.1, self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Machado, Oliveira and Fernandes, A physiologically-based model for simulation of color
    /// vision deficiency (2009), doi 10.1109/TVCG.2009.113: severity 1, on linear RGB.
    const PROTANOPIA: [[f64; 3]; 3] = [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ];
    const DEUTERANOPIA: [[f64; 3]; 3] = [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ];

    /// The colour as this eye sees it, 0 to 1.
    fn seen(Rgb(r, g, b): Rgb, eye: [[f64; 3]; 3]) -> [f64; 3] {
        let linear = [r, g, b].map(|part| (f64::from(part) / 255.0).powf(2.2));
        eye.map(|row| {
            let light: f64 = row.iter().zip(linear).map(|(a, b)| a * b).sum();
            light.clamp(0.0, 1.0).powf(1.0 / 2.2)
        })
    }

    fn distance(a: [f64; 3], b: [f64; 3]) -> f64 {
        a.iter()
            .zip(b)
            .map(|(a, b)| (a - b).powi(2))
            .sum::<f64>()
            .sqrt()
    }

    #[test]
    fn six_cell_lines_are_told_apart_by_colour_blind_eyes() {
        let colours: Vec<Rgb> = (0..6).map(cell_line).collect();
        for eye in [PROTANOPIA, DEUTERANOPIA] {
            for (at, &one) in colours.iter().enumerate() {
                for &other in &colours[at + 1..] {
                    let far = distance(seen(one, eye), seen(other, eye));
                    assert!(far > 0.12, "{one} and {other}: {far}");
                }
                let far = distance(seen(one, eye), seen(one.darker(), eye));
                assert!(far > 0.2, "{one} and its darker shade: {far}");
            }
        }
    }
}
