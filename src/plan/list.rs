//! All jobs of a site, by the path of their output.

use std::sync::Arc;

use super::Job;
use crate::file::OutputPath;

/// Jobs in ascending order of path, one for each. Shared: the previews of one site have the same.
#[derive(Clone, Debug, Default)]
pub struct JobList(Arc<Vec<Job>>);

impl JobList {
    /// Of jobs in ascending order of path.
    pub(super) fn of_sorted(jobs: Vec<Job>) -> JobList {
        JobList(jobs.into())
    }

    /// The job that makes this output.
    pub fn get(&self, path: &OutputPath) -> Option<&Job> {
        self.0.binary_search_by(|job| job.path.cmp(path)).ok().map(|at| &self.0[at])
    }

    /// True when there is such an output.
    pub fn has(&self, path: &OutputPath) -> bool {
        self.get(path).is_some()
    }

    /// In order.
    pub fn iter(&self) -> std::slice::Iter<'_, Job> {
        self.0.iter()
    }

    /// In order, to be taken.
    pub(super) fn into_iter(self) -> std::vec::IntoIter<Job> {
        Arc::unwrap_or_clone(self.0).into_iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when there is nothing to make.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
