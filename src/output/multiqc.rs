//! Custom content of MultiQC: files `*_mqc.json`, which it finds by their names and puts into one report
//! with what other programs said (<https://docs.seqera.io/multiqc/custom_content>).

use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::write_json;
use crate::error::Result;

/// How a section is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Plot {
    /// Columns of the table at the head of the report.
    GeneralStats,
    /// A table of its own.
    Table,
    /// Lines over epochs.
    LineGraph,
}

/// A section of the report, to which each sample's file adds its data.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// What all files of the section share.
    pub id: &'static str,
    /// Its heading.
    pub name: &'static str,
    /// What it shows.
    pub description: &'static str,
    /// How.
    pub plot: Plot,
    /// Axes of a graph.
    pub axes: Option<[&'static str; 2]>,
}

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// What it is called.
    pub title: &'static str,
    /// What it means.
    pub description: &'static str,
    /// The largest value, where that is known.
    pub max: Option<f64>,
}

impl Section {
    /// Writes what a sample adds, values by their names, as a file `*_mqc.json`.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn write(
        &self,
        path: &Path,
        columns: &[(&str, Column)],
        data: impl IntoIterator<Item = (String, Value)>,
    ) -> Result<()> {
        let mut section = json!({
            "id": self.id,
            "section_name": self.name,
            "description": self.description,
            "plot_type": self.plot,
            "data": data.into_iter().collect::<Map<String, Value>>(),
        });
        let config = match (self.plot, self.axes) {
            (Plot::GeneralStats, _) => Value::Array(columns.iter().map(one).collect()),
            (_, axes) => {
                let [x, y] = axes.unwrap_or_default();
                json!({"id": format!("{}_plot", self.id), "title": format!("epitrack: {}", self.name),
                    "xlab": x, "ylab": y})
            }
        };
        section["pconfig"] = config;
        if self.plot == Plot::Table {
            let headers = columns
                .iter()
                .map(|(name, column)| (name.to_string(), header(column)));
            section["headers"] = Value::Object(headers.collect());
        }
        write_json(path, &section)
    }
}

/// A column of the table at the head of the report: an object of one name.
fn one((name, column): &(&str, Column)) -> Value {
    let mut object = Map::new();
    object.insert(name.to_string(), header(column));
    Value::Object(object)
}

fn header(column: &Column) -> Value {
    let mut header = json!({
        "title": column.title,
        "description": column.description,
        "format": if column.max.is_some() { "{:,.3f}" } else { "{:,.0f}" },
    });
    if let Some(max) = column.max {
        (header["min"], header["max"]) = (json!(0.0), json!(max));
    }
    header
}
