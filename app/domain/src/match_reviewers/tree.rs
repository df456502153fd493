//! The spanning tree of the network simplex: which arc joins each bid and expert to its parent, what flows on it, and
//! the prices that follow. Deliberately absent: arcs outside the tree and the choice among them (`network`).

#![expect(clippy::indexing_slicing, reason = "nodes are numbered by the network and never leave it")]

/// Nobody.
pub(super) const NONE: u32 = u32::MAX;
/// On no list of children: a bid without children of its own.
const UNLISTED: u32 = u32::MAX - 1;

/// An arc in the tree.
#[derive(Clone, Copy)]
pub(super) struct Arc {
    /// As the network numbers it.
    pub(super) id: u32,
    pub(super) flow: u32,
    pub(super) cap: u32,
    /// What a unit on it is worth.
    pub(super) gain: i64,
}

/// A bid, an expert or the root, with the arc to its parent.
#[derive(Clone, Copy)]
pub(super) struct Node {
    pub(super) parent: u32,
    pub(super) arc: Arc,
    /// Experts and the root only.
    depth: u32,
    first_child: u32,
    next: u32,
    previous: u32,
}

/// The bids come first, then the experts, then the root.
pub(super) struct Tree {
    bids: u32,
    root: u32,
    pub(super) nodes: Vec<Node>,
    /// Of each expert, and of the root (0) at the end.
    pub(super) price: Vec<i64>,
    /// Nodes still to be turned round or priced; kept for its memory.
    stack: Vec<u32>,
}

impl Tree {
    /// Every bid and expert on its own arc to the root.
    pub(super) fn star(bids: u32, arcs: impl Iterator<Item = Arc>) -> Self {
        let node =
            |arc| Node { parent: NONE, arc, depth: 1, first_child: NONE, next: NONE, previous: UNLISTED };
        let mut nodes: Vec<Node> = arcs.map(node).collect();
        let root = nodes.len() as u32;
        nodes.push(Node { depth: 0, ..node(Arc { id: root, flow: 0, cap: 0, gain: 0 }) });
        let price = vec![0; (root - bids) as usize + 1];
        let mut tree = Self { bids, root, nodes, price, stack: Vec::new() };
        for node in 0..root {
            tree.attach(node, root);
        }
        tree
    }

    /// What another place is worth to a bid that needs any.
    pub(super) fn value(&self, bid: usize) -> i64 {
        let node = &self.nodes[bid];
        node.arc.gain - self.price[(node.parent - self.bids) as usize]
    }

    fn depth(&self, node: u32) -> u32 {
        if node < self.bids {
            self.nodes[self.nodes[node as usize].parent as usize].depth + 1
        } else {
            self.nodes[node as usize].depth
        }
    }

    /// True when the flow on the arc to the parent runs towards the parent.
    pub(super) fn is_up(&self, node: u32) -> bool {
        node < self.bids || self.nodes[node as usize].parent == self.root
    }

    /// The lowest common ancestor.
    pub(super) fn join(&self, one: u32, other: u32) -> u32 {
        let (mut one, mut one_depth) = (one, self.depth(one));
        let (mut other, mut other_depth) = (other, self.depth(other));
        while one != other {
            if one_depth >= other_depth {
                one = self.nodes[one as usize].parent;
                one_depth -= 1;
            } else {
                other = self.nodes[other as usize].parent;
                other_depth -= 1;
            }
        }
        one
    }

    /// Takes the part of the tree below `leaving`, turns the path from there to its node `inner` around, and hangs it on
    /// `outer` by the arc that enters. Prices and depths are left to [`Self::reprice`].
    pub(super) fn hang(&mut self, leaving: u32, inner: u32, outer: u32, entering: Arc) {
        self.stack.clear();
        self.stack.push(inner);
        let mut node = inner;
        while node != leaving {
            node = self.nodes[node as usize].parent;
            self.stack.push(node);
        }
        for index in (0..self.stack.len()).rev() {
            self.detach(self.stack[index]);
        }
        while let Some(node) = self.stack.pop() {
            let below = self.stack.last().copied();
            self.nodes[node as usize].arc = below.map_or(entering, |below| self.nodes[below as usize].arc);
            self.attach(node, below.unwrap_or(outer));
        }
    }

    fn detach(&mut self, node: u32) {
        let parent = self.nodes[node as usize].parent;
        self.unlist(node);
        self.nodes[node as usize].parent = NONE;
        if parent < self.bids
            && self.nodes[parent as usize].first_child == NONE
            && self.nodes[parent as usize].parent != NONE
        {
            self.unlist(parent);
        }
    }

    fn attach(&mut self, node: u32, parent: u32) {
        let was_leaf = self.nodes[parent as usize].first_child == NONE;
        self.nodes[node as usize].parent = parent;
        if node >= self.bids || self.nodes[node as usize].first_child != NONE {
            self.list(node);
        }
        let above = &self.nodes[parent as usize];
        if parent < self.bids && was_leaf && above.first_child != NONE && above.parent != NONE {
            self.list(parent);
        }
    }

    fn list(&mut self, node: u32) {
        let parent = self.nodes[node as usize].parent as usize;
        let next = self.nodes[parent].first_child;
        self.nodes[parent].first_child = node;
        self.nodes[node as usize].next = next;
        self.nodes[node as usize].previous = NONE;
        if next != NONE {
            self.nodes[next as usize].previous = node;
        }
    }

    fn unlist(&mut self, node: u32) {
        let Node { parent, next, previous, .. } = self.nodes[node as usize];
        if previous == UNLISTED {
            return;
        }
        match previous {
            NONE => self.nodes[parent as usize].first_child = next,
            _ => self.nodes[previous as usize].next = next,
        }
        if next != NONE {
            self.nodes[next as usize].previous = previous;
        }
        self.nodes[node as usize].previous = UNLISTED;
    }

    /// Prices and depths in the part of the tree that starts at `top`, from its parent's.
    pub(super) fn reprice(&mut self, top: u32) {
        self.stack.clear();
        self.stack.push(top);
        while let Some(node) = self.stack.pop() {
            let Node { parent, arc, first_child, .. } = self.nodes[node as usize];
            if let Some(expert) = node.checked_sub(self.bids) {
                let depth = self.depth(parent) + 1;
                self.nodes[node as usize].depth = depth;
                self.price[expert as usize] =
                    if parent == self.root { 0 } else { arc.gain - self.value(parent as usize) };
            }
            let mut child = first_child;
            while child != NONE {
                self.stack.push(child);
                child = self.nodes[child as usize].next;
            }
        }
    }
}
