//! How every figure of `epitrack plot` looks, and where it goes.

use std::path::PathBuf;

use anyhow::Result;
use epitrack::analysis::plot::read_look;
use epitrack::figures::{Colour, Figure, Look};
use epitrack::output::Claim;

use crate::cli::given::set;

/// How a figure looks, and where it goes. What is given here comes before what stands in the file.
#[derive(Debug, clap::Args)]
pub struct FigureArgs {
    /// The figure: FILE.svg, FILE.pdf, or FILE.png of 600 dots per inch
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// The figure's title
    #[arg(long)]
    title: Option<String>,

    /// The figure's width in mm, such as 85 for one column of a journal; its height follows
    #[arg(long, value_name = "MM")]
    width: Option<f64>,

    /// The size of the axes' titles in points, to which everything else is in proportion: 7 by default
    #[arg(long, value_name = "PT")]
    font_size: Option<f64>,

    /// Colours in place of the first ones, such as #e66101: of the curves in their order, or of the
    /// enhancer and the promoter
    #[arg(long, value_name = "COLOUR", value_delimiter = ',')]
    colours: Vec<Colour>,

    /// TOML whose table [figure] has any of title, width, font_size, y_range and colours
    #[arg(long = "config", value_name = "FILE")]
    file: Option<PathBuf>,
}

impl FigureArgs {
    /// How the figure looks.
    pub fn look(&self) -> Result<Look> {
        let mut look = match &self.file {
            Some(file) => read_look(file)?,
            None => Look::default(),
        };
        set(&mut look.title, self.title.clone().map(Some));
        set(&mut look.width, self.width.map(Some));
        set(&mut look.font_size, self.font_size.map(Some));
        if !self.colours.is_empty() {
            look.colours.clone_from(&self.colours);
        }
        Ok(look)
    }

    /// Writes the figure where nothing is lost.
    pub fn write(&self, figure: &Figure) -> Result<()> {
        let _claim = Claim::files(std::slice::from_ref(&self.out))?;
        Ok(figure.write(&self.out)?)
    }
}

/// The range of an axis that has no natural ends.
#[derive(Debug, clap::Args)]
pub struct RangeArg {
    /// Where the y axis begins and ends; what lies beyond is cut off
    #[arg(long, value_name = "LOW,HIGH", value_parser = range, allow_hyphen_values = true)]
    y_range: Option<[f64; 2]>,
}

impl RangeArg {
    /// The look with this range, if one is given.
    pub fn of(&self, look: Look) -> Look {
        Look {
            y_range: self.y_range.or(look.y_range),
            ..look
        }
    }
}

fn range(text: &str) -> Result<[f64; 2], String> {
    let ends = text.split_once(',').and_then(|(low, high)| {
        let end = |text: &str| text.trim().parse().ok();
        Some([end(low)?, end(high)?])
    });
    ends.ok_or_else(|| "has to be LOW,HIGH".to_string())
}
