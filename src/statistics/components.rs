//! What hangs together.

/// The component of each of `nodes` nodes, called after the smallest node in it: nodes with a path of
/// links between them are in one.
///
/// # Panics
///
/// If a link goes to a node that is not there.
pub fn components(nodes: usize, links: impl IntoIterator<Item = [usize; 2]>) -> Vec<usize> {
    let mut parents: Vec<usize> = (0..nodes).collect();
    for link in links {
        let [a, b] = link.map(|node| root(&mut parents, node));
        parents[a.max(b)] = a.min(b);
    }
    (0..nodes).map(|node| root(&mut parents, node)).collect()
}

/// The smallest node that is known to hang together with this one; the way there is halved.
fn root(parents: &mut [usize], mut node: usize) -> usize {
    while parents[node] != node {
        parents[node] = parents[parents[node]];
        node = parents[node];
    }
    node
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_join_and_nothing_else_does() {
        assert_eq!(
            components(7, [[5, 6], [1, 3], [6, 3], [0, 2], [2, 2]]),
            [0, 1, 0, 1, 4, 1, 1]
        );
        assert!(components(0, []).is_empty());
    }
}
