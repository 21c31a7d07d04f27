//! autoSql schemas, as far as a track's type depends on them
//! (<https://genome.ucsc.edu/goldenPath/help/bigBed.html>).

/// A table's name and its fields' names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AutoSql {
    /// The table.
    pub table: String,
    /// The fields, in order.
    pub fields: Vec<String>,
}

/// The names of BED's fields; a few go under several.
const BED: [&[&str]; 12] = [
    &["chrom"],
    &["chromStart"],
    &["chromEnd"],
    &["name"],
    &["score"],
    &["strand"],
    &["thickStart"],
    &["thickEnd"],
    &["itemRgb", "reserved", "color"],
    &["blockCount"],
    &["blockSizes"],
    &["chromStarts", "blockStarts"],
];

impl AutoSql {
    /// Reads a schema.
    pub fn parse(text: &str) -> Option<Self> {
        // Comments are quoted, and every other part of a text split at quotes is one.
        let code: String = text.split('"').step_by(2).collect();
        let (head, body) = code.split_once('(')?;
        let (body, _) = body.rsplit_once(')')?;
        let last_word = |part: &str| part.split_whitespace().last().map(str::to_string);
        Some(Self {
            table: last_word(head)?,
            fields: body.split(';').filter_map(last_word).collect(),
        })
    }

    /// How many of the first fields have the names of BED's.
    pub fn bed_fields(&self) -> u16 {
        let same = |(field, names): &(&String, &&[&str])| {
            names.iter().any(|name| name.eq_ignore_ascii_case(field))
        };
        self.fields.iter().zip(&BED).take_while(same).count() as u16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_types_are_no_names() {
        let schema = AutoSql::parse(
            "table bedPlus\n\"Like BED; (nearly)\"\n(\nstring chrom; \"a; b (c)\"\nuint chromStart;\"\"\n\
             uint chromEnd; \"x\"\nenum(a, b) kind; \"k\"\nint[kind] sizes; \"s\"\n)\n",
        )
        .unwrap();
        assert_eq!(schema.table, "bedPlus");
        assert_eq!(
            schema.fields,
            ["chrom", "chromStart", "chromEnd", "kind", "sizes"]
        );
        assert_eq!(schema.bed_fields(), 3);
    }

    #[test]
    fn what_is_no_schema_has_none() {
        for text in ["", "(", ")(", "\"table x (\"", "( )"] {
            assert_eq!(AutoSql::parse(text), None, "{text:?}");
        }
    }
}
