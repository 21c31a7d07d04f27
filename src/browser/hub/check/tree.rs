//! The tracks of a genome, and which of them holds which.

use std::collections::BTreeMap;

use super::findings::Findings;
use crate::browser::hub::stanza::Stanza;

/// How deep tracks are nested at most: a track in a view in a composite in a super track, and
/// then some.
const DEEPEST: usize = 8;

/// What a track is to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A folder of unlike tracks.
    Super,
    /// A set of like tracks.
    Composite,
    /// A part of a composite with settings of its own.
    View,
    /// Signals on top of each other.
    MultiWig,
    /// A track with data.
    Leaf,
}

/// The tracks of a genome. A track is known by its place in the list.
#[derive(Debug)]
pub struct TrackTree {
    stanzas: Vec<Stanza>,
    parents: Vec<Option<usize>>,
    children: Vec<Vec<usize>>,
}

impl TrackTree {
    /// Finds out who is whose parent, and reports parents that cannot be.
    pub fn new(stanzas: Vec<Stanza>, found: &mut Findings) -> Self {
        // Of several tracks of a name the first is meant.
        let places = stanzas.iter().enumerate().rev();
        let places: BTreeMap<&str, usize> = places
            .map(|(place, stanza)| (stanza.subject(), place))
            .collect();
        let mut parents = vec![None; stanzas.len()];
        for (stanza, parent) in stanzas.iter().zip(&mut parents) {
            let Some(setting) = stanza.get("parent") else {
                continue;
            };
            let name = setting.value.split_whitespace().next().unwrap_or_default();
            *parent = places.get(name).copied();
            if parent.is_none() && !name.is_empty() {
                let message = format!("there is no track '{name}' to be the parent");
                found.error(&setting.place, message);
            }
        }
        let mut tree = Self {
            children: vec![Vec::new(); stanzas.len()],
            stanzas,
            parents,
        };
        tree.cut_circles(found);
        for track in tree.all() {
            if let Some(parent) = tree.parents[track] {
                tree.children[parent].push(track);
            }
        }
        tree
    }

    /// Reports tracks that are above themselves, and takes their parents from them.
    fn cut_circles(&mut self, found: &mut Findings) {
        // The walk on which each track was come by.
        let mut walked: Vec<Option<usize>> = vec![None; self.stanzas.len()];
        for start in self.all() {
            let mut here = start;
            while walked[here].is_none() {
                walked[here] = Some(start);
                match self.parents[here] {
                    Some(parent) if walked[parent] == Some(start) => {
                        let name = self.name(here);
                        let message = format!("track {name} is its own ancestor");
                        found.error(self.stanzas[here].place(), message);
                        self.parents[here] = None;
                    }
                    Some(parent) => here = parent,
                    None => {}
                }
            }
        }
    }

    /// All tracks.
    pub fn all(&self) -> std::ops::Range<usize> {
        0..self.stanzas.len()
    }

    /// The stanza of a track.
    pub fn stanza(&self, track: usize) -> &Stanza {
        &self.stanzas[track]
    }

    /// The name of a track.
    pub fn name(&self, track: usize) -> &str {
        self.stanzas[track].subject()
    }

    /// The tracks with data.
    pub fn with_data(&self) -> impl Iterator<Item = usize> {
        self.all().filter(move |&track| self.has_data(track))
    }

    fn has_data(&self, track: usize) -> bool {
        self.role(track) == Role::Leaf && self.children(track).is_empty()
    }

    /// The tracks directly in a track.
    pub fn children(&self, track: usize) -> &[usize] {
        &self.children[track]
    }

    /// The track itself, what holds it, what holds that.
    pub fn upwards(&self, track: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(track), |&track| self.parents[track]).take(DEEPEST)
    }

    /// A setting's value of a track itself, or else of the nearest above it.
    pub fn inherited(&self, track: usize, name: &str) -> Option<&str> {
        self.upwards(track)
            .find_map(|track| self.stanzas[track].value(name))
    }

    /// The tracks with data in a composite, whether directly or in a view.
    pub fn leaves(&self, track: usize) -> Vec<usize> {
        let mut leaves = Vec::new();
        for &child in self.children(track) {
            if self.has_data(child) {
                leaves.push(child);
            } else {
                leaves.extend(self.children(child));
            }
        }
        leaves
    }

    /// What a track is to others.
    pub fn role(&self, track: usize) -> Role {
        let stanza = &self.stanzas[track];
        let has = |name| stanza.get(name).is_some();
        if has("superTrack") {
            Role::Super
        } else if has("compositeTrack") {
            Role::Composite
        } else if has("container") {
            Role::MultiWig
        } else if has("view") && !has("bigDataUrl") {
            Role::View
        } else {
            Role::Leaf
        }
    }
}
