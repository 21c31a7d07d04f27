//! The file of effects and what lies beside it.

use std::path::{Path, PathBuf};

use super::effect::{self, Effect, Form};
use crate::error::{Error, Result};
use crate::formats::{Lines, VcfReader, VcfRecord};
use crate::genome::Chroms;
use crate::output::provenance::VERSION;
use crate::output::{Partial, folder_of};
use crate::pairs::PairTable;

/// The entry of INFO.
const ENTRY: &str = "EPI";
/// The key of the header's line that names the version.
const KEY: &str = "epitrack";

/// What is written.
pub struct Files {
    /// The file of effects.
    pub out: PathBuf,
    /// What describes it.
    pub json: PathBuf,
    form: Form,
}

impl Files {
    /// By the name of the file of effects.
    ///
    /// # Errors
    ///
    /// A name without one of the endings.
    pub fn of(out: &Path) -> Result<Self> {
        let name = out.file_name().unwrap_or_default().to_string_lossy();
        let plain = name.strip_suffix(".gz").unwrap_or(&name);
        let stem = |ending: &str| plain.strip_suffix(ending).filter(|stem| !stem.is_empty());
        let (form, stem) = match (stem(".vcf"), stem(".tsv")) {
            (Some(stem), _) => (Form::Vcf, stem),
            (None, Some(stem)) => (Form::Table, stem),
            (None, None) => {
                let message = "effects of variants go to a name that ends in .vcf, .vcf.gz, .tsv \
                               or .tsv.gz";
                return Err(Error::format(out, message));
            }
        };
        Ok(Self {
            out: out.to_path_buf(),
            json: folder_of(out).join(format!("{stem}.json")),
            form,
        })
    }
}

/// The file of effects as far as it is written.
pub struct Writer<'a> {
    lines: Lines,
    form: Form,
    table: &'a PairTable,
    chroms: &'a Chroms,
}

impl<'a> Writer<'a> {
    /// Begins it with its header, of a run that has a context or none.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn new(
        files: &Files,
        reader: &VcfReader,
        (table, chroms): (&'a PairTable, &'a Chroms),
        context: bool,
    ) -> Result<Self> {
        let (fields, meaning) = (effect::fields(context), effect::meaning(context));
        let header = match files.form {
            Form::Vcf => {
                let added = [
                    format!("##{KEY}={VERSION}"),
                    format!(
                        "##INFO=<ID={ENTRY},Number=.,Type=String,Description=\"What the variant does \
                         to a predicted interaction. {meaning}. Format: {}\">",
                        fields.join("|")
                    ),
                ];
                reader.header_with(ENTRY, KEY, &added).join("\n")
            }
            Form::Table => format!("chrom\tposition\tid\tref\t{}", fields.join("\t")),
        };
        Ok(Self {
            lines: Lines::new(&files.out, &header)?,
            form: files.form,
            table,
            chroms,
        })
    }

    /// Adds a record with its effects, of which there may be none.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn add(&mut self, record: &VcfRecord, effects: &[&Effect]) -> Result<()> {
        let fields = |effect: &&Effect| {
            let allele = &record.alternates[effect.allele];
            let pair = self.table.pairs[effect.pair].id(self.chroms).to_string();
            effect.fields(allele, &pair, self.form)
        };
        match self.form {
            Form::Vcf => {
                let entries = effects.iter().map(|effect| fields(effect).join("|"));
                let entries: Vec<String> = entries.collect();
                self.lines.add(&record.with_info(ENTRY, &entries))
            }
            Form::Table => {
                let place: Vec<&str> = record.place().collect();
                let place = place.join("\t");
                let rows = effects.iter().map(|effect| fields(effect).join("\t"));
                let rows: Vec<String> = rows.map(|row| format!("{place}\t{row}")).collect();
                rows.iter().try_for_each(|row| self.lines.add(row))
            }
        }
    }

    /// The complete file, to which the caller gives its name.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn finish(self) -> Result<Partial> {
        self.lines.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_says_what_is_written() {
        let of = |name: &str| {
            let files = Files::of(&Path::new("dir").join(name)).ok()?;
            let json = files.json.strip_prefix("dir").ok()?.to_path_buf();
            Some((files.form, json))
        };
        let json = |name: &str| PathBuf::from(name);
        assert_eq!(of("a.vcf"), Some((Form::Vcf, json("a.json"))));
        assert_eq!(of("a.b.vcf.gz"), Some((Form::Vcf, json("a.b.json"))));
        assert_eq!(of("a.tsv"), Some((Form::Table, json("a.json"))));
        assert_eq!(of("a.tsv.gz"), Some((Form::Table, json("a.json"))));
        for refused in ["a", "a.gz", ".vcf", "a.bcf", "a.vcf.bz2"] {
            assert_eq!(of(refused), None, "{refused}");
        }
    }
}
