//! The settings that there are.
//!
//! The lists are those of <https://genome.ucsc.edu/goldenPath/help/trackDb/trackDbHub.html> (v3),
//! read from `src/hg/htdocs/goldenPath/help/trackDb/trackDbHub.v3.html` of
//! <https://github.com/ucscGenomeBrowser/kent>, as hubCheck does, and of
//! `src/hg/lib/trackHub.c` there.

mod tracks;

use super::syntax::Syntax;
use tracks::TRACK;

/// What is known of a setting's name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum KnownSetting {
    /// A setting, and what its values look like.
    Of(Syntax),
    /// A setting that browsers are giving up.
    Deprecated,
}

/// The settings of the stanza that begins with `hub`.
pub const HUB: &str = "\
    hub shortLabel longLabel genomesFile email descriptionUrl useOneFile version level";

/// The settings of a stanza that begins with `genome`.
pub const GENOME: &str = "\
    genome trackDb groups description twoBitPath twoBitBptUrl chromAlias chromAliasBb \
    chromSizes chromAuthority organism defaultPos orderKey scientificName htmlPath transBlat \
    blat isPcr metaDb metaTab taxId";

/// The types of tracks with data.
pub const TYPES: &str = "\
    bam bigBarChart bigBaseView bigBed bigChain bigDbSnp bigGenePred bigInteract bigLolly \
    bigMaf bigMethyl bigNarrowPeak bigPsl bigRmsk bigWig cram halSnake hic instaPort longTabix \
    mathWig pslSnake vcfPhasedTrio vcfTabix";

/// Settings whose names go on after a dot with the name of a field.
const DOTTED: &str = "\
    decorator filter filterByRange filterLabel filterLimits filterText filterType filterValues \
    filterValuesDefault highlight highlightByRange highlightLimits highlightText highlightType \
    highlightValues highlightValuesDefault yAxisLabel";

const DEPRECATED: &str = "\
    extraDetailsTable extraTableFields metadata noInherit useScore";

/// Whether a word is among words with spaces between them.
pub fn is_among(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|other| other == word)
}

/// What is known of a track's setting.
pub fn track(name: &str) -> Option<KnownSetting> {
    if is_among(DEPRECATED, name) {
        return Some(KnownSetting::Deprecated);
    }
    if let Some(&(syntax, _)) = TRACK.iter().find(|(_, names)| is_among(names, name)) {
        return Some(KnownSetting::Of(syntax));
    }
    let dotted = name
        .split_once('.')
        .is_some_and(|(stem, field)| is_among(DOTTED, stem) && !field.is_empty());
    let checked = name
        .strip_prefix("dimension")
        .and_then(|rest| rest.strip_suffix("checked"))
        .is_some_and(|letter| matches!(letter.as_bytes(), [b'A'..=b'Z']));
    (dotted || checked || is_sub_group(name)).then_some(KnownSetting::Of(Syntax::Any))
}

/// Whether a setting is one of `subGroup1` to `subGroup9`.
pub fn is_sub_group(name: &str) -> bool {
    name.strip_prefix("subGroup")
        .is_some_and(|number| matches!(number.as_bytes(), [b'1'..=b'9']))
}

/// All names of tracks' settings, for suggestions.
pub fn track_names() -> impl Iterator<Item = &'static str> {
    TRACK.iter().flat_map(|(_, names)| names.split_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_once() {
        let mut names: Vec<&str> = track_names().collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
        assert!(names.iter().all(|name| !is_among(DEPRECATED, name)));
    }

    #[test]
    fn numbered_and_dotted_names_are_known() {
        for name in [
            "subGroup9",
            "dimensionAchecked",
            "filter.probability",
            "filterValues.x.y",
        ] {
            assert_eq!(track(name), Some(KnownSetting::Of(Syntax::Any)), "{name}");
        }
        for name in [
            "subGroup",
            "subGroup10",
            "subGroupß",
            "dimensionAAchecked",
            "filter.",
            "dimensionßchecked",
        ] {
            assert_eq!(track(name), None, "{name}");
        }
    }
}
