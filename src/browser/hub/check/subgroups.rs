//! The subgroups of a composite and their members.

use super::findings::Findings;
use super::settings::is_sub_group;
use super::tree::{Role, TrackTree};

/// A subgroup: its name and its members' tags.
struct SubGroup {
    name: String,
    members: Vec<String>,
}

/// Where the browser keeps the subtracks' colours among the columns to sort by.
const COLOR_COLUMN: &str = "subtrackColor";

/// Checks a composite's subgroups and that its subtracks are members.
pub fn check(tree: &TrackTree, composite: usize, found: &mut Findings) {
    let groups = declared(tree, composite, found);
    check_columns(tree, composite, &groups, found);
    for &child in tree.children(composite) {
        if tree.role(child) == Role::View {
            check_view(tree, child, &groups, found);
        }
    }
    for leaf in tree.leaves(composite) {
        check_member(tree, leaf, &groups, found);
    }
}

/// The subgroups that the composite declares.
fn declared(tree: &TrackTree, composite: usize, found: &mut Findings) -> Vec<SubGroup> {
    let mut groups: Vec<SubGroup> = Vec::new();
    let settings = tree.stanza(composite).settings();
    for setting in settings.filter(|setting| is_sub_group(&setting.name)) {
        let (place, own) = (&setting.place, &setting.name);
        let mut words = setting.value.split_whitespace();
        let (Some(name), Some(_title)) = (words.next(), words.next()) else {
            found.error(place, format!("{own} needs a name, a title and members"));
            continue;
        };
        if groups.iter().any(|group| group.name == name) {
            let message = format!("{own}: there is a subgroup '{name}' already");
            found.error(place, message);
        }
        if name == "view" && own != "subGroup1" {
            found.warning(place, "the subgroup 'view' has to be subGroup1");
        }
        let mut members: Vec<String> = Vec::new();
        for word in words {
            match word.split_once('=') {
                Some((tag, title)) if !tag.is_empty() && !title.is_empty() => {
                    if members.iter().any(|member| member == tag) {
                        found.error(place, format!("{own}: '{tag}' comes twice"));
                    }
                    members.push(tag.to_string());
                }
                _ => found.error(place, format!("{own}: '{word}' is not tag=title")),
            }
        }
        if members.is_empty() {
            found.error(place, format!("{own}: subgroup '{name}' has no members"));
        }
        groups.push(SubGroup {
            name: name.to_string(),
            members,
        });
    }
    groups
}

/// Checks the settings that order the subgroups.
fn check_columns(tree: &TrackTree, composite: usize, groups: &[SubGroup], found: &mut Findings) {
    fn dimension(word: &str) -> Option<&str> {
        let (dimension, group) = word.split_once('=')?;
        dimension.starts_with("dim").then_some(group)
    }
    fn order(word: &str) -> Option<&str> {
        let (group, order) = word.split_once('=')?;
        ["+", "-"].contains(&order).then_some(group)
    }
    let stanza = tree.stanza(composite);
    let known = |name: &str| groups.iter().any(|group| group.name == name);
    let mut check = |name: &str, form: &str, group: fn(&str) -> Option<&str>, more: &[&str]| {
        let Some(setting) = stanza.get(name) else {
            return;
        };
        let place = &setting.place;
        for word in setting.value.split_whitespace() {
            match group(word) {
                None => found.error(place, format!("{name}: '{word}' is not {form}")),
                Some(group) if known(group) || more.contains(&group) => {}
                Some(group) => {
                    found.error(place, format!("{name}: there is no subgroup '{group}'"));
                }
            }
        }
    };
    check("dimensions", "dimX=subgroup", dimension, &[]);
    let form = "subgroup=+ or subgroup=-";
    check("sortOrder", form, order, &[COLOR_COLUMN]);
}

/// A view stands for a member of the subgroup `view`, and so do its subtracks.
fn check_view(tree: &TrackTree, view: usize, groups: &[SubGroup], found: &mut Findings) {
    let Some(setting) = tree.stanza(view).get("view") else {
        return;
    };
    let tag = &setting.value;
    let known = |group: &SubGroup| group.name == "view" && group.members.contains(tag);
    if !groups.iter().any(known) {
        let message = format!("view '{tag}' is no member of a subgroup 'view'");
        return found.error(&setting.place, message);
    }
    for &child in tree.children(view) {
        let Some(setting) = tree.stanza(child).get("subGroups") else {
            continue;
        };
        let other = memberships(&setting.value)
            .find(|(group, member)| *group == "view" && member.is_some_and(|member| member != tag));
        if let Some((_, Some(other))) = other {
            let message = format!("is in the view '{tag}', but says view={other}");
            found.error(&setting.place, message);
        }
    }
}

/// A subtrack has to be a member of every subgroup.
fn check_member(tree: &TrackTree, track: usize, groups: &[SubGroup], found: &mut Findings) {
    let (stanza, name) = (tree.stanza(track), tree.name(track));
    let Some(value) = tree.inherited(track, "subGroups") else {
        if !groups.is_empty() {
            let message = format!("subtrack {name} has no 'subGroups'");
            found.error(stanza.place(), message);
        }
        return;
    };
    let place = stanza.place_of("subGroups");
    for (group, member) in memberships(value) {
        let Some(member) = member else {
            found.error(place, format!("subGroups: '{group}' is not name=member"));
            continue;
        };
        match groups.iter().find(|known| known.name == group) {
            None => found.error(place, format!("subGroups: there is no subgroup '{group}'")),
            Some(known) if !known.members.iter().any(|known| known == member) => {
                let message = format!("'{member}' is no member of subgroup '{group}'");
                found.error(place, message);
            }
            Some(_) => {}
        }
    }
    for group in groups {
        let group = &group.name;
        if !memberships(value).any(|(name, _)| name == group) {
            let message = format!("subtrack {name} is not a member of subgroup '{group}'");
            found.error(place, message);
        }
    }
}

/// Subgroups and members as a subtrack names them.
fn memberships(value: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let words = value.split_whitespace();
    words.map(|word| match word.split_once('=') {
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
