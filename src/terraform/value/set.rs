//! Sets, kept in one order so that equal sets are equal.

use super::{Data, Value};

/// Distinct elements without an order. Unknown elements are all kept, because each may become something else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Set<T = Data>(Vec<Value<T>>);

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Set<T> {
    /// The elements, sorted.
    pub fn iter(&self) -> impl Iterator<Item = &Value<T>> {
        self.0.iter()
    }

    /// The known elements, sorted.
    pub fn known(&self) -> impl Iterator<Item = &T> {
        self.0.iter().filter_map(Value::known)
    }

    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Ord> FromIterator<Value<T>> for Set<T> {
    fn from_iter<I: IntoIterator<Item = Value<T>>>(elements: I) -> Self {
        let mut elements = elements.into_iter().collect::<Vec<_>>();
        elements.sort_unstable();
        elements.dedup_by(|left, right| left == right && !left.is_unknown());
        Self(elements)
    }
}

impl<T: Ord> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        elements.into_iter().map(Value::Known).collect()
    }
}

impl<T> IntoIterator for Set<T> {
    type Item = Value<T>;
    type IntoIter = std::vec::IntoIter<Value<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_repetition_mean_nothing_but_unknowns_count() {
        let left: Set<i32> = [3, 1, 3, 2].into_iter().collect();
        let right: Set<i32> = [1, 2, 3].into_iter().collect();
        assert_eq!(left, right);
        let unknown: Set<i32> = [Value::Unknown, Value::Known(1), Value::Unknown]
            .into_iter()
            .collect();
        assert_eq!((unknown.len(), unknown.known().count()), (3, 1));
    }
}
