//! The subgroups of a composite and their members.

use super::report::Report;
use super::settings::is_sub_group;
use super::tree::{Role, Tree};

/// A subgroup: its name and its members' tags.
struct SubGroup {
    name: String,
    members: Vec<String>,
}

/// Where the browser keeps the subtracks' colours among the columns to sort by.
const COLOR_COLUMN: &str = "subtrackColor";

/// Checks a composite's subgroups and that its subtracks are members.
pub fn check(tree: &Tree, composite: usize, report: &mut Report) {
    let groups = declared(tree, composite, report);
    check_columns(tree, composite, &groups, report);
    for &child in tree.children(composite) {
        if tree.role(child) == Role::View {
            check_view(tree, child, &groups, report);
        }
    }
    for leaf in tree.leaves(composite) {
        check_member(tree, leaf, &groups, report);
    }
}

/// The subgroups that the composite declares.
fn declared(tree: &Tree, composite: usize, report: &mut Report) -> Vec<SubGroup> {
    let entry = tree.entry(composite);
    let mut groups: Vec<SubGroup> = Vec::new();
    for setting in entry
        .stanza
        .settings()
        .filter(|setting| is_sub_group(&setting.name))
    {
        let (place, own) = (entry.place_of(setting), &setting.name);
        let mut words = setting.value.split_whitespace();
        let (Some(name), Some(_title)) = (words.next(), words.next()) else {
            report.error(&place, format!("{own} needs a name, a title and members"));
            continue;
        };
        if groups.iter().any(|group| group.name == name) {
            report.error(
                &place,
                format!("{own}: there is a subgroup '{name}' already"),
            );
        }
        if name == "view" && own != "subGroup1" {
            report.warning(&place, "the subgroup 'view' has to be subGroup1");
        }
        let mut members: Vec<String> = Vec::new();
        for word in words {
            match word.split_once('=') {
                Some((tag, title)) if !tag.is_empty() && !title.is_empty() => {
                    if members.iter().any(|member| member == tag) {
                        report.error(&place, format!("{own}: '{tag}' comes twice"));
                    }
                    members.push(tag.to_string());
                }
                _ => report.error(&place, format!("{own}: '{word}' is not tag=title")),
            }
        }
        if members.is_empty() {
            report.error(&place, format!("{own}: subgroup '{name}' has no members"));
        }
        groups.push(SubGroup {
            name: name.to_string(),
            members,
        });
    }
    groups
}

/// Checks the settings that order the subgroups.
fn check_columns(tree: &Tree, composite: usize, groups: &[SubGroup], report: &mut Report) {
    let entry = tree.entry(composite);
    let known = |name: &str| groups.iter().any(|group| group.name == name);
    if let Some(setting) = entry.stanza.get("dimensions") {
        let place = entry.place_of(setting);
        for word in setting.value.split_whitespace() {
            match word.split_once('=') {
                Some((dimension, group)) if dimension.starts_with("dim") => {
                    if !known(group) {
                        report.error(
                            &place,
                            format!("dimensions: there is no subgroup '{group}'"),
                        );
                    }
                }
                _ => report.error(&place, format!("dimensions: '{word}' is not dimX=subgroup")),
            }
        }
    }
    if let Some(setting) = entry.stanza.get("sortOrder") {
        let place = entry.place_of(setting);
        for word in setting.value.split_whitespace() {
            match word.split_once('=') {
                Some((group, "+" | "-")) => {
                    if !known(group) && group != COLOR_COLUMN {
                        report.error(&place, format!("sortOrder: there is no subgroup '{group}'"));
                    }
                }
                _ => report.error(
                    &place,
                    format!("sortOrder: '{word}' is not subgroup=+ or subgroup=-"),
                ),
            }
        }
    }
}

/// A view stands for a member of the subgroup `view`, and so do its subtracks.
fn check_view(tree: &Tree, view: usize, groups: &[SubGroup], report: &mut Report) {
    let entry = tree.entry(view);
    let Some(setting) = entry.stanza.get("view") else {
        return;
    };
    let tag = &setting.value;
    let known = groups
        .iter()
        .any(|group| group.name == "view" && group.members.contains(tag));
    if !known {
        let message = format!("view '{tag}' is no member of a subgroup 'view'");
        return report.error(&entry.place_of(setting), message);
    }
    for &child in tree.children(view) {
        let entry = tree.entry(child);
        let Some(setting) = entry.stanza.get("subGroups") else {
            continue;
        };
        let other = memberships(&setting.value)
            .find(|(group, member)| *group == "view" && member.is_some_and(|member| member != tag));
        if let Some((_, Some(other))) = other {
            let message = format!("is in the view '{tag}', but says view={other}");
            report.error(&entry.place_of(setting), message);
        }
    }
}

/// A subtrack has to be a member of every subgroup.
fn check_member(tree: &Tree, track: usize, groups: &[SubGroup], report: &mut Report) {
    let (entry, name) = (tree.entry(track), tree.name(track));
    let Some(value) = tree.inherited(track, "subGroups") else {
        if !groups.is_empty() {
            report.error(
                &entry.place(),
                format!("subtrack {name} has no 'subGroups'"),
            );
        }
        return;
    };
    let place = match entry.stanza.get("subGroups") {
        Some(setting) => entry.place_of(setting),
        None => entry.place(),
    };
    for (group, member) in memberships(value) {
        let Some(member) = member else {
            report.error(&place, format!("subGroups: '{group}' is not name=member"));
            continue;
        };
        match groups.iter().find(|known| known.name == group) {
            None => report.error(&place, format!("subGroups: there is no subgroup '{group}'")),
            Some(known) if !known.members.iter().any(|known| known == member) => {
                report.error(
                    &place,
                    format!("'{member}' is no member of subgroup '{group}'"),
                );
            }
            Some(_) => {}
        }
    }
    for group in groups {
        if !memberships(value).any(|(name, _)| name == group.name) {
            let message = format!(
                "subtrack {name} is not a member of subgroup '{}'",
                group.name
            );
            report.error(&place, message);
        }
    }
}

/// Subgroups and members as a subtrack names them.
fn memberships(value: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    value
        .split_whitespace()
        .map(|word| match word.split_once('=') {
            Some((group, member)) => (group, Some(member)),
            None => (word, None),
        })
}

#[cfg(test)]
mod tests {
    use super::super::broken::{found, only, says, tracks};

    #[test]
    fn subtracks_are_members_of_every_subgroup() {
        let groups = "subGroups view=signal cell=c001_K562 element=enhancer";
        only(
            &tracks(groups, "subGroups view=signal cell=c001_K562"),
            &["error", "member of subgroup 'element'"],
        );
        only(
            &tracks(groups, "subGroups view=signal cell=c009 element=enhancer"),
            &["error", "'c009'", "'cell'"],
        );
        only(
            &tracks(
                groups,
                "subGroups view=signal cell=c001_K562 element=enhancer sex=f",
            ),
            &["error", "'sex'"],
        );
        only(
            &tracks(groups, "subGroups view=signal cell=c001_K562 element"),
            &["error", "'element'", "name=member"],
        );
        only(
            &tracks(&format!("{groups}\n"), ""),
            &["error", "no 'subGroups'"],
        );
        says(&tracks("signal=Signal", "signal"), &["error", "tag=title"]);
        says(
            &tracks("view View signal=Signal", "view"),
            &["error", "name, a title and members"],
        );
        only(
            &tracks("dimX=element", "dimX=elephant"),
            &["error", "dimensions", "'elephant'"],
        );
        only(
            &tracks("sortOrder cell=+", "sortOrder cell=up"),
            &["error", "sortOrder", "'cell=up'"],
        );
        only(
            &tracks("sortOrder cell=+", "sortOrder cells=+"),
            &["error", "sortOrder", "'cells'"],
        );
        only(
            &tracks("view signal", "view noise"),
            &["error", "view 'noise'"],
        );
        only(
            &tracks("view signal\n", ""),
            &["error", "attention_signal", "'view'"],
        );
    }

    #[test]
    fn subgroups_are_declared_once_and_views_first() {
        only(
            &tracks("enhancer=Enhancer", "enhancer=Enhancer enhancer=Other"),
            &["error", "subGroup3", "'enhancer' comes twice"],
        );
        says(
            &tracks("subGroup3 element", "subGroup3 cell"),
            &["error", "subGroup3", "'cell' already"],
        );
        only(
            &tracks("subGroup1 view", "subGroup4 view"),
            &["warning", "'view' has to be subGroup1"],
        );
    }

    #[test]
    fn subtracks_are_in_the_view_that_they_name() {
        let more = tracks("signal=Signal", "signal=Signal peaks=Peaks");
        assert_eq!(more, Vec::<String>::new());
        let change = |text: String| {
            text.replacen("signal=Signal", "signal=Signal peaks=Peaks", 1)
                .replacen("view=signal", "view=peaks", 1)
        };
        only(
            &found(false, false, "test/trackDb.txt", change),
            &["error", "in the view 'signal'", "view=peaks"],
        );
    }

    #[test]
    fn subgroups_have_members_and_dimensions_have_subgroups() {
        says(
            &tracks("subGroup1 view View signal=Signal", "subGroup1 view View"),
            &["error", "'view' has no members"],
        );
        for word in ["element", "X=element"] {
            only(
                &tracks("dimX=element", word),
                &["error", "dimensions", word, "dimX=subgroup"],
            );
        }
    }
}
