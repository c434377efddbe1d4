//! What few documents have.

use std::ops::{Deref, DerefMut};
use std::sync::LazyLock;

use serde::{Serialize, Serializer};

use crate::schedule::ItemRules;

use super::SectionRules;

/// A large part of the front matter that most documents leave as it is: it takes memory only where it was set.
#[derive(Clone, Debug)]
pub struct Rare<T>(Option<Box<T>>);

/// What `Rare` gives where nothing was set.
pub trait Plain: 'static {
    /// The value of all documents that do not set it.
    fn plain() -> &'static Self;
}

impl<T> Rare<T> {
    /// What was given, if anything was.
    pub fn given(&self) -> Option<&T> {
        self.0.as_deref()
    }
}

impl<T> Default for Rare<T> {
    fn default() -> Rare<T> {
        Rare(None)
    }
}

impl<T> From<Option<T>> for Rare<T> {
    fn from(set: Option<T>) -> Rare<T> {
        Rare(set.map(Box::new))
    }
}

impl<T: Plain> Deref for Rare<T> {
    type Target = T;
    fn deref(&self) -> &T {
        match &self.0 {
            Some(set) => set,
            None => T::plain(),
        }
    }
}

/// Whoever writes to it sets it.
impl<T: Plain + Default> DerefMut for Rare<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.get_or_insert_default()
    }
}

impl<T: Plain + Serialize> Serialize for Rare<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

macro_rules! plain {
    ($($type:ty),*) => {$(
        impl Plain for $type {
            fn plain() -> &'static $type {
                static PLAIN: LazyLock<$type> = LazyLock::new(<$type>::default);
                &PLAIN
            }
        }
    )*};
}
plain!(ItemRules, SectionRules, serde_json::Value);
