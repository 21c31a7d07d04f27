//! A tree as a line of text, which a file can hold: its nodes in preorder, `feature:threshold` for a fork,
//! the value for a leaf.
//!
//! Numbers are written with as few digits as give the same one when read, so that a tree that is read is
//! the tree that was written.

use std::fmt;
use std::str::FromStr;

use super::tree::{Node, Tree};

/// The deepest tree that is read; ours are no deeper.
const DEEPEST: usize = 64;

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, node) in self.nodes.iter().enumerate() {
            if place > 0 {
                f.write_str(" ")?;
            }
            match node {
                Node::Fork {
                    feature, threshold, ..
                } => write!(f, "{feature}:{threshold:?}")?,
                Node::Leaf(value) => write!(f, "{value:?}")?,
            }
        }
        Ok(())
    }
}

impl From<Tree> for String {
    fn from(tree: Tree) -> Self {
        tree.to_string()
    }
}

impl TryFrom<String> for Tree {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut nodes = Vec::new();
        let mut words = text.split_ascii_whitespace();
        read(&mut words, 0, &mut nodes)?;
        match words.next() {
            Some(word) => Err(format!("a tree goes on after its last leaf: {word:?}")),
            None => Ok(Self { nodes }),
        }
    }
}

/// Reads a node and all below it.
fn read<'a>(
    words: &mut impl Iterator<Item = &'a str>,
    depth: usize,
    nodes: &mut Vec<Node>,
) -> Result<(), String> {
    if depth > DEEPEST {
        return Err(format!("a tree is deeper than {DEEPEST}"));
    }
    let word = words
        .next()
        .ok_or_else(|| "a tree ends before its last leaf".to_string())?;
    let Some((feature, threshold)) = word.split_once(':') else {
        nodes.push(Node::Leaf(number(word)?));
        return Ok(());
    };
    let feature = feature
        .parse()
        .map_err(|_| format!("no feature of a tree: {feature:?}"))?;
    let threshold = number(threshold)?;
    let here = nodes.len();
    let fork = |right| Node::Fork {
        feature,
        threshold,
        right,
    };
    nodes.push(fork(0));
    read(words, depth + 1, nodes)?;
    nodes[here] = fork(nodes.len() as u32);
    read(words, depth + 1, nodes)
}

fn number(text: &str) -> Result<f64, String> {
    let number = f64::from_str(text).ok().filter(|number| number.is_finite());
    number.ok_or_else(|| format!("no number of a tree: {text:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<Tree, String> {
        Tree::try_from(text.to_string())
    }

    #[test]
    fn a_tree_is_read_as_it_is_asked() {
        // Feature 2 up to 0.5 to the left, there feature 0 up to -1.
        let tree = read("2:0.5 0:-1.0 1e-7 2.0 3.0").unwrap();
        let value = |first: f32, third: f32| tree.value(|at| [first, 0.0, third][at]);
        assert_eq!(value(-1.0, 0.5), 1e-7);
        assert_eq!(value(0.0, 0.5), 2.0);
        assert_eq!(value(-1.0, 0.75), 3.0);
        assert_eq!(tree.to_string(), "2:0.5 0:-1.0 1e-7 2.0 3.0");
        assert_eq!(tree.features(), 3);
        assert_eq!(read("0.25").unwrap().features(), 0);
    }

    #[test]
    fn what_is_no_tree_is_refused() {
        let deep = "0:1.0 ".repeat(100_000);
        for bad in [
            "",
            "0:1.0 2.0",
            "0:1.0 2.0 3.0 4.0",
            "x:1.0 2.0 3.0",
            "nan",
            "-1:0.0 1.0 1.0",
        ] {
            assert!(read(bad).is_err(), "{bad:?}");
        }
        assert!(read(&deep).unwrap_err().contains("deeper"));
    }

    fn trees() -> impl Strategy<Value = String> {
        let finite = any::<f64>().prop_filter("finite", |number| number.is_finite());
        let leaf = finite.clone().prop_map(|value| format!("{value:?}"));
        leaf.prop_recursive(5, 40, 2, move |inner| {
            let fork = (0u32..70_000, finite.clone(), inner.clone(), inner);
            fork.prop_map(|(feature, threshold, left, right)| {
                format!("{feature}:{threshold:?} {left} {right}")
            })
        })
    }

    proptest! {
        #[test]
        fn a_tree_that_is_written_is_read_as_it_was(text in trees()) {
            let tree = read(&text).unwrap();
            prop_assert_eq!(&tree.to_string(), &text);
            let bits = |tree: &Tree| -> Vec<u64> {
                let number = |node: &Node| match node {
                    Node::Fork { threshold, .. } => threshold.to_bits(),
                    Node::Leaf(value) => value.to_bits(),
                };
                tree.nodes.iter().map(number).collect()
            };
            let again = read(&tree.to_string()).unwrap();
            prop_assert_eq!(bits(&again), bits(&tree));
            prop_assert_eq!(again, tree);
        }
    }
}
