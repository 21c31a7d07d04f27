//! The files of a hub.

use std::collections::BTreeSet;
use std::path::Path;

use super::Hub;
use super::description;
use super::genome::{Assembly, Genome};
use super::inventory::Inventory;
use super::name::{HUB_SHORT_LABEL, LONG_LABEL, Names, label};
use super::stanza::{Stanza, to_text};
use super::track_db::TrackDb;

/// The file that a browser is pointed to.
pub const HUB_FILE: &str = "hub.txt";
/// The group that an assembly hub's tracks are in.
const GROUP: &str = "epitrack";

/// The files of a hub: paths from its directory with `/` between folders, and what is in them.
pub struct Contents<'a> {
    /// The text of `hub.txt`.
    pub hub: String,
    /// The other texts.
    pub texts: Vec<(String, String)>,
    /// The files to take in.
    pub data: Vec<(&'a Path, String)>,
}

impl<'a> Contents<'a> {
    /// All files of a hub.
    pub fn new(hub: &'a Hub, inventory: &'a Inventory<'a>) -> Self {
        let genome = hub.genome.name();
        let folder = format!("{genome}/");
        let mut group = None;
        let mut texts: Vec<(String, String)> = description::pages(inventory)
            .into_iter()
            .map(|(page, text)| (format!("{folder}{page}.html"), text))
            .collect();
        let mut data: Vec<(&Path, String)> = inventory
            .files()
            .map(|file| (file.source.as_path(), format!("{folder}{}", file.target)))
            .collect();
        let indexes = inventory.indexes();
        data.extend(indexes.map(|(path, target)| (path.as_path(), format!("{folder}{target}"))));
        if let Genome::Assembly(assembly) = &hub.genome {
            group = Some(GROUP);
            data.push((&assembly.two_bit, two_bit(assembly)));
            texts.push((groups_file(assembly), groups(hub).to_string()));
        }

        let tracks = TrackDb {
            inventory,
            folder: if hub.one_file { &folder } else { "" },
            group,
        };
        let tracks = tracks.stanzas();
        let mut stanzas = vec![hub_stanza(hub)];
        if hub.one_file {
            stanzas.push(genome_stanza(hub));
            stanzas.extend(tracks);
        } else {
            texts.push((track_db(genome), to_text(&tracks)));
            texts.push(("genomes.txt".to_string(), to_text(&[genome_stanza(hub)])));
        }
        Self {
            hub: to_text(&stanzas),
            texts,
            data,
        }
    }

    /// The paths of all files.
    pub fn paths(&self) -> BTreeSet<String> {
        let texts = self.texts.iter().map(|(path, _)| path);
        let data = self.data.iter().map(|(_, path)| path);
        let hub = HUB_FILE.to_string();
        texts.chain(data).cloned().chain([hub]).collect()
    }
}

fn hub_stanza(hub: &Hub) -> Stanza {
    Stanza::new("hub", Names::default().add(&hub.name))
        .with("shortLabel", label(&hub.short_label, HUB_SHORT_LABEL))
        .with("longLabel", label(&hub.long_label, LONG_LABEL))
        .maybe("useOneFile", hub.one_file.then_some("on"))
        .maybe("genomesFile", (!hub.one_file).then_some("genomes.txt"))
        .with("email", &hub.email)
}

fn genome_stanza(hub: &Hub) -> Stanza {
    let name = hub.genome.name();
    let stanza =
        Stanza::new("genome", name).maybe("trackDb", (!hub.one_file).then(|| track_db(name)));
    match &hub.genome {
        Genome::Known(_) => stanza,
        Genome::Assembly(assembly) => stanza
            .with("twoBitPath", two_bit(assembly))
            .with("groups", groups_file(assembly))
            .with("organism", label(&assembly.organism, LONG_LABEL))
            .with("description", label(&assembly.description, LONG_LABEL))
            .with("defaultPos", &assembly.default_position),
    }
}

fn groups(hub: &Hub) -> Stanza {
    Stanza::new("name", GROUP)
        .with("label", label(&hub.short_label, HUB_SHORT_LABEL))
        .with("priority", 1)
        .with("defaultIsClosed", 0)
}

fn track_db(genome: &str) -> String {
    format!("{genome}/trackDb.txt")
}

fn two_bit(assembly: &Assembly) -> String {
    format!("{0}/{0}.2bit", assembly.name)
}

fn groups_file(assembly: &Assembly) -> String {
    format!("{}/groups.txt", assembly.name)
}
