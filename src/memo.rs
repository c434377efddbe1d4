//! What one build leaves for the next: documents by the hash of their inputs, outputs by their fingerprint.
//!
//! Pure values. `state` keeps the part about outputs between runs; without it everything is simply made again. A warm
//! build goes through the same line as a cold one and only skips what would give the same value.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::document::Document;
use crate::file::{Hash, OutputPath, SourcePath, sha256};
use crate::render::{Engine, Index, Question};
use crate::stamp::Stamps;

/// Everything kept.
#[derive(Default)]
pub struct Memo {
    /// Files as they were read last.
    pub known: Stamps,
    /// Of the settings under which `documents` were parsed.
    pub settings: Hash,
    /// By path: the hash of the file, and the document.
    pub documents: BTreeMap<SourcePath, (Hash, Arc<Document>)>,
    /// Of the output folder that `outputs` is about.
    pub folder: Option<Hash>,
    /// By output: what its bytes depended on.
    pub outputs: BTreeMap<String, Made>,
    /// The parsed templates of the theme with this hash.
    pub engine: Option<(Hash, Arc<Engine>)>,
    /// Slides by the hash of theme, input and photo.
    pub slides: BTreeMap<Hash, Slide>,
}

/// How an output was made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Made {
    /// Of its input.
    pub fingerprint: String,
    /// What its template asked, with the hash of each answer.
    pub questions: Vec<(Question, String)>,
}

/// A slide, rendered.
#[derive(Clone, Debug)]
pub struct Slide {
    /// Its bytes.
    pub bytes: Arc<[u8]>,
    /// Of its bytes: its published name.
    pub sha256: String,
}

impl Slide {
    /// From its bytes.
    pub fn new(bytes: Vec<u8>) -> Slide {
        Slide { sha256: sha256(&bytes), bytes: bytes.into() }
    }
}

impl Memo {
    /// How this output was made, when it would come out with the same bytes again: same input, and every question that was
    /// asked still has the same answer.
    pub fn same(&self, index: &Index, path: &OutputPath, fingerprint: Hash) -> Option<&Made> {
        let made = self.outputs.get(path.as_str()).filter(|made| made.fingerprint == fingerprint.to_string())?;
        let holds = |(question, hash): &(Question, String)| {
            index.answer(question).is_ok_and(|(_, now)| now.to_string() == *hash)
        };
        made.questions.iter().all(holds).then_some(made)
    }

    /// Notes how an output was made.
    pub fn made(fingerprint: Hash, questions: &[(Question, Hash)]) -> Made {
        let questions = questions.iter().map(|(question, hash)| (question.clone(), hash.to_string())).collect();
        Made { fingerprint: fingerprint.to_string(), questions }
    }
}

impl std::fmt::Debug for Memo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Memo")
            .field("documents", &self.documents.len())
            .field("outputs", &self.outputs.len())
            .finish_non_exhaustive()
    }
}
