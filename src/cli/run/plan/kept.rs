//! Cell lines whose results are there, though not all of the files that they were made from.

use std::slice;

use anyhow::Result;
use epitrack::browser::added::{AddedTrack, OpenAdded};
use epitrack::genome::Reference;
use epitrack::output::provenance::Input;
use epitrack::pipeline::{CellLine, RUN};
use epitrack::run::Run;

use super::Plan;
use super::cell::Cell;

impl Plan {
    /// A cell line without its files as it is in what is made of all: as it was made when it had them, if that
    /// is complete and what the file asks for. And what is said of that.
    pub(super) fn kept(
        &self,
        cell: &Cell,
        reference: &Reference,
        input: &Input,
    ) -> (Option<CellLine>, String) {
        let Ok(line) = self.made_before(cell, input) else {
            return (None, "hub and results.tsv are made without it".to_string());
        };
        let chroms = reference.chroms();
        let is_there = |track: &AddedTrack| {
            let opened = OpenAdded::all(slice::from_ref(track), chroms, &[]);
            opened.is_ok()
        };
        let (there, lost): (Vec<AddedTrack>, Vec<AddedTrack>) =
            cell.add.iter().cloned().partition(is_there);
        let lost: Vec<&str> = lost.iter().map(|track| track.name.as_str()).collect();
        let mut said = "what was made of it before stays in hub and results.tsv".to_string();
        if !lost.is_empty() {
            said += &format!(", without its tracks of {}", lost.join(", "));
        }
        let added = self.add.iter().cloned().chain(there).collect();
        (Some(CellLine { added, ..line }), said)
    }

    /// A cell line whose results are complete.
    fn made_before(&self, cell: &Cell, input: &Input) -> Result<CellLine> {
        let before = Run::open(&self.dir(cell).join(RUN))?.record.settings;
        let inputs = cell.inputs(input, Some(&before))?;
        Ok(self.line(cell, inputs)?.shown()?)
    }
}
