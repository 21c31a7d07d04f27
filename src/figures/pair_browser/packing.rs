//! Rows that hold named things side by side, as few as there have to be.

/// Rows, and where they are taken.
pub struct Rows {
    taken: Vec<Vec<(f64, f64)>>,
    most: usize,
    gap: f64,
    left_out: usize,
}

impl Rows {
    /// No more than `most` rows, in which neighbours are `gap` apart.
    pub fn new(most: usize, gap: f64) -> Self {
        Self {
            taken: Vec::new(),
            most,
            gap,
            left_out: 0,
        }
    }

    /// Puts a thing into the first row that has room for it from end to end, if need be without its name; one
    /// that has room nowhere is left out.
    pub fn place<T>(
        &mut self,
        mut thing: T,
        ends: impl Fn(&T) -> (f64, f64),
        take_name: impl FnOnce(&mut T),
    ) -> Option<(usize, T)> {
        let mut row = self.free(ends(&thing));
        if row.is_none() {
            take_name(&mut thing);
            row = self.free(ends(&thing));
        }
        let Some(row) = row else {
            self.left_out += 1;
            return None;
        };
        if row == self.taken.len() {
            self.taken.push(Vec::new());
        }
        self.taken[row].push(ends(&thing));
        Some((row, thing))
    }

    fn free(&self, (from, to): (f64, f64)) -> Option<usize> {
        let is_apart = |other: &(f64, f64)| other.1 + self.gap <= from || to + self.gap <= other.0;
        (0..self.most).find(|&row| {
            let others = self.taken.get(row);
            others.is_none_or(|others| others.iter().all(is_apart))
        })
    }

    /// How many rows there are.
    pub fn count(&self) -> usize {
        self.taken.len()
    }

    /// How many had room nowhere.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// That some were left out, where some were: `… and 3 more`, in a row below the others.
    pub fn remark(&self) -> Option<String> {
        (self.left_out() > 0).then(|| format!("… and {} more", self.left_out()))
    }

    /// The height of the rows and of the remark, of which each has this.
    pub fn height(&self, row: f64) -> f64 {
        (self.count() + usize::from(self.left_out() > 0)) as f64 * row
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_row_with_room_is_taken_and_a_name_goes_before_the_thing() {
        let mut rows = Rows::new(2, 1.0);
        // From where, how wide, and how wide the name is.
        let mut row = |from: f64, wide: f64, name: f64| {
            let ends = |of: &(f64, f64, f64)| (of.0, of.0 + of.1 + of.2);
            let placed = rows.place((from, wide, name), ends, |of| of.2 = 0.0);
            placed.map(|(row, (_, _, name))| (row, name))
        };
        assert_eq!(row(0.0, 5.0, 5.0), Some((0, 5.0)));
        assert_eq!(row(10.5, 5.0, 0.0), Some((1, 0.0)));
        assert_eq!(row(11.0, 4.0, 0.0), Some((0, 0.0)));
        assert_eq!(row(4.0, 5.0, 9.0), Some((1, 0.0)));
        assert_eq!(row(8.0, 5.0, 9.0), None);
        assert_eq!((rows.count(), rows.height(3.0)), (2, 9.0));
        assert_eq!(rows.remark().as_deref(), Some("… and 1 more"));
    }
}
