//! Tracks that hold others: super tracks, composites, views and containers.

use super::findings::Findings;
use super::tree::{Role, TrackTree};

/// Checks what a track is in.
pub fn check_parent(tree: &TrackTree, track: usize, found: &mut Findings) {
    let parent = tree.upwards(track).nth(1);
    let Some((parent, setting)) = parent.zip(tree.stanza(track).get("parent")) else {
        return;
    };
    let (place, name) = (&setting.place, tree.name(parent));
    let (own, above) = (tree.role(track), tree.role(parent));
    match (own, above) {
        (Role::Super, _) => found.error(place, "super tracks cannot be nested"),
        (Role::Composite, Role::Composite | Role::View | Role::MultiWig) => {
            let message = format!("{name} cannot hold a composite: only a super track can");
            found.error(place, message);
        }
        (Role::View, Role::Super | Role::View | Role::MultiWig) => {
            let message = format!("{name} cannot hold a view: only a composite can");
            found.error(place, message);
        }
        _ => {}
    }
    let second = setting.value.split_whitespace().nth(1);
    if above != Role::Super && second.is_some_and(|word| !["on", "off"].contains(&word)) {
        let message = "after the parent's name comes 'on' or 'off' or nothing";
        found.error(place, message);
    }
}

/// Checks what is in a track.
pub fn check_children(tree: &TrackTree, track: usize, found: &mut Findings) {
    let (stanza, name) = (tree.stanza(track), tree.name(track));
    let (place, children) = (stanza.place(), tree.children(track).len());
    match tree.role(track) {
        Role::Leaf if children > 0 => {
            let message = "has subtracks, but is no superTrack, composite, view or container: one \
                           of 'superTrack', 'compositeTrack', 'view' and 'container' is missing";
            found.error(place, format!("{name} {message}"));
        }
        Role::Leaf => {}
        _ if children == 0 => found.error(place, format!("{name} has no subtracks")),
        Role::MultiWig if children == 1 => {
            found.error(place, format!("{name} has to have more than one subtrack"));
        }
        _ => {}
    }
    if tree.role(track) != Role::Leaf
        && let Some(data) = stanza.get("bigDataUrl")
    {
        let message = format!("{name} holds other tracks and cannot have a bigDataUrl");
        found.error(&data.place, message);
    }
}

#[cfg(test)]
mod tests {
    use super::super::broken::{found, only, says, tracks};

    #[test]
    fn parents_exist_and_can_be_parents() {
        only(
            &tracks("parent interactions\n", "parent nobody\n"),
            &["test/trackDb.txt:10: error", "'nobody'"],
        );
        says(
            &tracks("parent interactions\n", "parent arcs_NHEK\n"),
            &[
                "error",
                "arcs_NHEK",
                "no superTrack, composite, view or container",
            ],
        );
        says(
            &tracks("parent interactions\n", "parent arcs_K562\n"),
            &["error", "its own ancestor"],
        );
        says(
            &tracks("superTrack on show\n", "superTrack on show\nparent added\n"),
            &["error", "super tracks cannot be nested"],
        );
        says(
            &tracks("parent attention\n", "parent attention_enhancer_K562\n"),
            &["error", "its own ancestor"],
        );
        says(
            &tracks(
                "parent attention_signal on",
                "parent attention_signal maybe",
            ),
            &["error", "'on' or 'off'"],
        );
    }

    #[test]
    fn containers_hold_tracks_and_no_data() {
        only(
            &tracks(
                "superTrack on show\n",
                "superTrack on show\nbigDataUrl K562/pairs.bb\n",
            ),
            &["error", "interactions", "bigDataUrl"],
        );
        only(
            &found(false, false, "test/trackDb.txt", |text| {
                text + "track lonely\nsuperTrack on\nshortLabel a\nlongLabel b\nhtml arcs\n"
            }),
            &["error", "lonely", "no subtracks"],
        );
        says(
            &found(false, false, "test/trackDb.txt", |text| {
                text + "track wigs\ncontainer multiWig\ntype bigWig\nshortLabel a\nlongLabel b\nhtml arcs\n\n\
                    track wig\nparent wigs\ntype bigWig 1 4\nbigDataUrl K562/enhancer_attention.bw\nshortLabel a\nlongLabel b\n"
            }),
            &["error", "wigs", "more than one"],
        );
    }

    #[test]
    fn composites_and_views_have_their_places() {
        let inside = tracks(
            "compositeTrack on\n",
            "compositeTrack on\nparent interactions\n",
        );
        assert_eq!(inside, Vec::<String>::new());
        says(
            &tracks(
                "superTrack on show\n",
                "compositeTrack on\nparent attention\n",
            ),
            &["error", "attention cannot hold a composite"],
        );
        says(
            &tracks("parent attention\n", "parent interactions\n"),
            &["error", "interactions cannot hold a view"],
        );
    }
}
