//! How a track's items are found by what people type
//! (<https://genome.ucsc.edu/goldenPath/help/trackDb/trackDbHub.html#searchIndex>).

use std::path::Path;

use super::entry::{check_file, opened};
use super::findings::Findings;
use crate::browser::hub::stanza::{Place, Stanza};
use crate::formats::{BbiFile, Content, TrixIndex};

/// Settings whose names end in that of a field.
const BY_VALUES: &str = "filterValues.";

/// Checks that the bigBed of a track has the indexes and the fields that its stanza names, and that words are
/// found through their index.
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
        check_words(&words, place, found);
    }
    check_filters(stanza, path, &file.content, found);
}

/// Checks an index of words and its own index, to whose name a browser adds an `x`.
fn check_words(words: &Path, place: &Place, found: &mut Findings) {
    let mut index = words.as_os_str().to_os_string();
    index.push("x");
    let index = Path::new(&index);
    if let Err(problem) = check_file(&found.dir().join(index)) {
        let index = index.display();
        let message = format!("{index}: {problem}: the words have no index");
        return found.error(place, message);
    }
    if let Some(places) = opened(index, TrixIndex::read, place, found) {
        opened(words, |path| places.check(path), place, found);
    }
}

/// Checks that there is what items are to be filtered by; of a file without a schema nobody knows.
fn check_filters(stanza: &Stanza, path: &Path, content: &Content, found: &mut Findings) {
    let Content::Items(fields) = content else {
        return;
    };
    if fields.schema.is_none() {
        return;
    }
    for setting in stanza.settings() {
        if let Some(name) = setting.name.strip_prefix(BY_VALUES)
            && !fields.has(name)
        {
            let path = path.display();
            found.error(&setting.place, format!("{path}: has no field '{name}'"));
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
    fn items_are_filtered_by_fields_that_they_have() {
        let with = |setting: &str| tracks("itemRgb on\n", &format!("itemRgb on\n{setting}\n"));
        assert_eq!(with("filterValues.part test,train"), Vec::<String>::new());
        only(
            &with("filterValues.parts test,train"),
            &["error", "K562/top_regions.bb", "no field 'parts'"],
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
        for (ix, ixx, parts) in [
            ("myc MYC,1\n", "", ["pairs.ixx", "is empty"]),
            (
                "myc MYC,1\n",
                "myc  0000000001\n",
                ["pairs.ix:", "begins at 1"],
            ),
            (
                "myc MYC\n",
                "myc  0000000000\n",
                ["pairs.ix: line 1", "item,position"],
            ),
            (
                "myc MYC,1\na A,1\n",
                "myc  0000000000\n",
                ["pairs.ix: line 2", "sorted"],
            ),
        ] {
            for (name, text) in [("pairs.ix", ix), ("pairs.ixx", ixx)] {
                // Not into the cell line's own file, which the hub's is a link to.
                let path = dir.path().join("test/K562").join(name);
                let _ = fs::remove_file(&path);
                fs::write(path, text).unwrap();
            }
            only(&lines(dir.path()), &["error", parts[0], parts[1]]);
        }
        // Of pairs without genes there are only the names.
        fs::remove_file(folder.join("pairs.ix")).unwrap();
        write(&hub, dir.path()).unwrap();
        let text = fs::read_to_string(dir.path().join("test/trackDb.txt")).unwrap();
        assert!(text.contains("\nsearchIndex name\n") && !text.contains("searchTrix"));
    }
}
