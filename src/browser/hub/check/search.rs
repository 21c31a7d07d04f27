//! How a track's items are found by what people type
//! (<https://genome.ucsc.edu/goldenPath/help/trackDb/trackDbHub.html#searchIndex>).

use std::path::Path;

use super::findings::Findings;
use crate::browser::hub::stanza::Stanza;
use crate::formats::{BbiFile, Content};

/// Checks that the bigBed of a track has the indexes that its stanza names, and that the index of words
/// is there with its own index, to which a browser adds an `x`.
pub fn check(stanza: &Stanza, path: &Path, file: &mut BbiFile, found: &mut Findings) {
    if let Some(setting) = stanza.get("searchIndex") {
        let indexed = file.indexed().unwrap_or_default();
        for name in setting.value.split(',').map(str::trim) {
            if let Err(problem) = check_field(name, &file.content, &indexed) {
                found.error(&setting.place, format!("{}: {problem}", path.display()));
            }
        }
    }
    if let Some((words, place)) = stanza.file_of("searchTrix", found) {
        stanza.require(&["searchIndex"], found);
        let mut index = words.into_os_string();
        index.push("x");
        if !found.dir().join(&index).is_file() {
            let index = Path::new(&index).display();
            found.error(
                place,
                format!("{index}: no such file: the words have no index"),
            );
        }
    }
}

fn check_field(name: &str, content: &Content, indexed: &[u16]) -> Result<(), String> {
    let Content::Items(fields) = content else {
        return Err("has no names to be searched for".to_string());
    };
    let schema = fields.schema.iter().flat_map(|schema| &schema.fields);
    let place = schema.zip(0u16..).find(|(field, _)| *field == name);
    match place {
        None => Err(format!("has no field '{name}'")),
        Some((_, place)) if !indexed.contains(&place) => {
            Err(format!("has no index of its field '{name}'"))
        }
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::broken::{lines, only, tracks};
    use crate::browser::hub::testing::{self, Data};
    use crate::browser::hub::write;
    use crate::formats::Trix;

    #[test]
    fn an_index_that_is_not_there_is_missed() {
        only(
            &tracks("interactUp true", "interactUp true\nsearchIndex name"),
            &["error", "K562/pairs.bb", "no index of its field 'name'"],
        );
        only(
            &tracks("interactUp true", "interactUp true\nsearchIndex nome"),
            &["error", "K562/pairs.bb", "no field 'nome'"],
        );
        let words = "interactUp true\nsearchTrix K562/pairs.ix";
        only(
            &tracks("interactUp true", words),
            &["error", "K562/pairs.ix", "no such file"],
        );
    }

    #[test]
    fn pairs_with_names_are_found_in_the_hub() {
        let data = Data::new();
        let hub = data.hub(&["K562"]);
        let folder = &hub.cells[0].dir;
        testing::named_interactions(&folder.join("pairs.bb"));
        let mut words = Trix::default();
        words.add("MYC");
        for file in words.write(&folder.join("pairs.ix")).unwrap() {
            file.complete().unwrap();
        }
        let dir = tempfile::tempdir().unwrap();
        write(&hub, dir.path()).unwrap();
        let text = fs::read_to_string(dir.path().join("test/trackDb.txt")).unwrap();
        assert!(
            text.contains("\nsearchIndex name\nsearchTrix K562/pairs.ix\n"),
            "{text}"
        );
        assert_eq!(lines(dir.path()), Vec::<String>::new());

        fs::remove_file(dir.path().join("test/K562/pairs.ixx")).unwrap();
        only(
            &lines(dir.path()),
            &["error", "K562/pairs.ixx", "no such file"],
        );
        // Of pairs without genes there are only the names.
        fs::remove_file(folder.join("pairs.ix")).unwrap();
        write(&hub, dir.path()).unwrap();
        let text = fs::read_to_string(dir.path().join("test/trackDb.txt")).unwrap();
        assert!(text.contains("\nsearchIndex name\n") && !text.contains("searchTrix"));
    }
}
