//! A finished figure and its files.

use std::path::Path;

use super::canvas::Drawing;
use super::pdf;
use super::png::{self, PRINT};
use super::svg;
use crate::error::{Error, Result};
use crate::output;

/// The forms of a figure that stands beside tables or a report: what the names of its files end in.
const FORMS: [&str; 3] = ["svg", "pdf", "png"];

/// The names of the files of a figure that stands beside tables or a report: one in each form.
pub fn files(name: &str) -> [String; FORMS.len()] {
    FORMS.map(|form| format!("{name}.{form}"))
}

/// Removes the files of a figure that an earlier work has left in a folder, and this one may not write.
///
/// # Errors
///
/// A file that cannot be removed.
pub fn remove(dir: &Path, name: &str) -> Result<()> {
    let mut files = files(name).into_iter();
    files.try_for_each(|file| output::remove_if_there(&dir.join(file)))
}

/// A finished figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    title: String,
    drawing: Drawing,
}

impl Figure {
    /// A drawing that has its lower edge, and what it is called.
    pub(in crate::figures) fn new(title: &str, drawing: Drawing) -> Self {
        Self {
            title: title.to_string(),
            drawing: drawing.enlarged(),
        }
    }

    /// What is drawn.
    #[cfg(test)]
    pub(in crate::figures) fn drawing(&self) -> &Drawing {
        &self.drawing
    }

    /// Width in points (1/72 inch).
    pub fn width(&self) -> f64 {
        self.drawing.width()
    }

    /// The figure as an SVG file.
    pub fn svg(&self) -> String {
        svg::render(&self.drawing, &self.title)
    }

    /// The figure as a PNG file of so many pixels for each point; [`PRINT`] is what journals ask
    /// for. The file says how large it is on paper.
    ///
    /// # Errors
    ///
    /// A picture without pixels, or with more than some 400 million.
    pub fn png(&self, pixels_per_unit: f32) -> Result<Vec<u8>> {
        png::render(&self.drawing, pixels_per_unit)
    }

    /// The figure as a PDF file, whose text is text.
    ///
    /// # Errors
    ///
    /// None that a figure has led to: what compresses the page may tell one.
    pub fn pdf(&self) -> Result<Vec<u8>> {
        pdf::render(&self.drawing, &self.title)
    }

    /// Writes the figure, complete or not at all, as its name's ending says: `.svg`, `.pdf`, or `.png`
    /// at [`PRINT`].
    ///
    /// # Errors
    ///
    /// Another ending, a folder that cannot be written to, a full disk.
    pub fn write(&self, path: &Path) -> Result<()> {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("svg") => output::write(path, self.svg()),
            Some("png") => output::write(path, self.png(PRINT)?),
            Some("pdf") => output::write(path, self.pdf()?),
            _ => {
                let problem = "a figure's name ends in .svg, .pdf or .png";
                Err(Error::format(path, problem))
            }
        }
    }

    /// Writes the figure in each form into a folder of tables or a report.
    ///
    /// # Errors
    ///
    /// As [`Figure::write`].
    pub fn write_all(&self, dir: &Path, name: &str) -> Result<()> {
        let mut files = files(name).into_iter();
        files.try_for_each(|file| self.write(&dir.join(file)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beside_a_report_a_figure_has_every_form_and_leaves_none() {
        let dir = tempfile::tempdir().unwrap();
        let figure = Figure::new("square", Drawing::new(20.0).ending_at(20.0));
        let there = || {
            let entries = std::fs::read_dir(dir.path()).unwrap();
            let name = |entry: std::fs::DirEntry| entry.file_name().into_string().unwrap();
            let mut names: Vec<String> = entries.map(|entry| name(entry.unwrap())).collect();
            names.sort();
            names
        };
        figure.write_all(dir.path(), "a").unwrap();
        figure.write_all(dir.path(), "b").unwrap();
        let mut wanted = [files("a"), files("b")].concat();
        wanted.sort();
        assert_eq!(there(), wanted);
        assert_eq!(there()[..3], ["a.pdf", "a.png", "a.svg"]);
        remove(dir.path(), "a").unwrap();
        assert_eq!(there(), ["b.pdf", "b.png", "b.svg"]);
        // What is not there needs no removing.
        remove(dir.path(), "a").unwrap();
    }
}
