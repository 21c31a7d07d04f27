//! The stanza of the hub itself.

use std::path::Path;

use super::findings::{Findings, Severity};
use super::genomes;
use super::settings::HUB;
use super::source;
use super::syntax::ON_OFF;
use crate::browser::hub::name::{HUB_SHORT_LABEL, LONG_LABEL, is_email};
use crate::browser::hub::stanza::{Place, Stanza};

/// Checks a hub from its first file on.
pub fn check(file: &Path, found: &mut Findings) {
    let mut stanzas = source::read(file, None, found);
    if stanzas.is_empty() {
        // What could not be read has been reported.
        if found.is_empty() {
            found.error(&Place::whole(file), "holds no hub");
        }
        return;
    }
    let hub = stanzas.remove(0);
    if !hub.begins_with("hub", found) {
        return;
    }
    let one_file = hub.value("useOneFile");
    let one_file = one_file.is_some_and(|value| value.eq_ignore_ascii_case("on"));
    check_stanza(&hub, one_file, found);
    if one_file {
        genomes::check_one_file(&hub, stanzas, found);
        return;
    }
    if let Some(stray) = stanzas.first() {
        let message = "is ignored: 'hub.txt' holds more than the hub only with 'useOneFile on'";
        found.warning(stray.place(), format!("{} {message}", stray.kind()));
    }
    if let Some((genomes, place)) = hub.file_of("genomesFile", found) {
        genomes::check_file(&genomes, place, found);
    }
}

fn check_stanza(hub: &Stanza, one_file: bool, found: &mut Findings) {
    hub.require(&["shortLabel", "longLabel", "email"], found);
    if !one_file {
        hub.require(&["genomesFile"], found);
    }
    hub.check_known(HUB, found);
    hub.check_label("shortLabel", HUB_SHORT_LABEL, found);
    hub.check_label("longLabel", LONG_LABEL, found);
    for setting in hub.settings() {
        let (place, value) = (&setting.place, setting.value.as_str());
        match setting.name.as_str() {
            "email" if !is_email(value) => {
                found.warning(place, format!("{value:?} is not an e-mail address"));
            }
            "useOneFile" => {
                if let Err(problem) = ON_OFF.check(value) {
                    found.error(place, format!("useOneFile {problem}"));
                }
            }
            "descriptionUrl" => drop(setting.existing(value, Severity::Warning, found)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::broken::{after, data, found, only};

    #[test]
    fn a_missing_hub_file_is_an_error() {
        only(
            &data(|out| fs::remove_file(out.join("hub.txt")).unwrap()),
            &["hub.txt: error", "no such file"],
        );
        only(
            &after(false, "hub.txt", "hub epitrack\n", ""),
            &[
                "hub.txt:1: error",
                "begins with 'shortLabel', not with 'hub'",
            ],
        );
        only(
            &found(false, false, "hub.txt", |_| String::new()),
            &["hub.txt: error", "empty"],
        );
    }

    #[test]
    fn required_settings_of_the_hub() {
        for name in ["shortLabel", "longLabel", "email", "genomesFile"] {
            let line = |text: String| {
                let kept = text.lines().filter(|line| !line.starts_with(name));
                kept.map(|line| format!("{line}\n")).collect()
            };
            only(
                &found(false, false, "hub.txt", line),
                &["hub.txt:1: error", &format!("no '{name}'")],
            );
        }
        only(
            &after(false, "hub.txt", "me@example.org", "me"),
            &["hub.txt:5: warning", "e-mail"],
        );
        assert_eq!(
            after(false, "hub.txt", "hub epitrack", "hub two words"),
            Vec::<String>::new()
        );
        only(
            &after(false, "hub.txt", "hub epitrack", "hub"),
            &["hub.txt:1", "no value"],
        );
        only(
            &after(false, "hub.txt", "Test", "A label that is too long"),
            &["hub.txt:2: warning", "24 characters", "20"],
        );
        only(
            &after(false, "hub.txt", "email ", "emial x\nemail "),
            &["hub.txt:5: warning", "'emial'", "did you mean 'email'?"],
        );
        only(
            &after(false, "hub.txt", "genomes.txt", "nowhere.txt"),
            &["hub.txt:4: error", "nowhere.txt", "no such file"],
        );
    }

    #[test]
    fn further_settings_of_the_hub() {
        only(
            &found(false, false, "hub.txt", |_| "# nothing\n".to_string()),
            &["hub.txt: error", "holds no hub"],
        );
        only(
            &after(false, "hub.txt", "email ", "useOneFile maybe\nemail "),
            &["hub.txt:5: error", "useOneFile", "on, off"],
        );
    }
}
