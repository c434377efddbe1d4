//! How the outputs of an earlier build were made: the fingerprint of each, and what its template asked.
//!
//! A question that many templates ask is kept once and answered once. Nothing is taken apart before somebody wants it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::table::Table;
use crate::file::{Hash, OutputPath};
use crate::render::{Index, Question};

/// By output path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outputs {
    /// Fingerprint, hash of the bytes, then the rows of its questions.
    outputs: Table,
    /// A question as text → the hash of its answer.
    questions: Table,
    /// Of `questions`: rows of the one table name rows of the other, so neither may be of another build.
    bond: Hash,
}

const HASH: usize = Hash::SIZE;
/// Fingerprint and hash of the bytes.
const FIXED: usize = 2 * HASH;
const ROW: usize = 4;

/// How one output was made.
#[derive(Clone, Debug)]
pub struct Made {
    fingerprint: Hash,
    /// Of its bytes: what lies in the output folder may stem from another build than the one that is remembered here.
    bytes: Hash,
    asked: Asked,
}

#[derive(Clone, Debug)]
enum Asked {
    /// As this row of the earlier build says.
    Before(usize),
    Now(Vec<(Question, Hash)>),
}

impl Made {
    /// From its input's fingerprint, the hash of its bytes, and what its template asked, with the hash of each answer.
    pub fn new(fingerprint: Hash, bytes: Hash, questions: Vec<(Question, Hash)>) -> Made {
        Made { fingerprint, bytes, asked: Asked::Now(questions) }
    }

    /// The hash of its bytes.
    pub fn bytes(&self) -> Hash {
        self.bytes
    }
}

/// The earlier outputs in the light of a new site.
pub struct Recall<'a> {
    outputs: &'a Outputs,
    /// By edition.
    indexes: Vec<&'a Index>,
    /// By row of the question: whether it still has the same answer.
    holds: Vec<OnceLock<bool>>,
}

impl Outputs {
    /// Of what `as_blocks` gave in an earlier run; nothing when one of them is damaged, or not of the same build.
    pub fn from_blocks(outputs: Option<Vec<u8>>, questions: Option<Vec<u8>>) -> Outputs {
        let tables = || {
            let (mut outputs, questions) = (outputs?, questions?);
            let bond = Hash::of(&questions);
            let end = outputs.len().checked_sub(HASH).filter(|end| outputs[*end..] == bond.0)?;
            outputs.truncate(end);
            Some(Outputs { outputs: Table::from_bytes(outputs)?, questions: Table::from_bytes(questions)?, bond })
        };
        tables().unwrap_or_default()
    }

    /// Both tables, each to be saved as one block.
    pub fn as_blocks(&self) -> ([&[u8]; 2], &[u8]) {
        ([self.outputs.as_bytes(), &self.bond.0], self.questions.as_bytes())
    }

    /// How many outputs are remembered.
    pub fn len(&self) -> usize {
        self.outputs.len()
    }

    /// True when nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The fingerprint of this output, when its template asked nothing.
    pub fn fingerprint_without_questions(&self, path: &OutputPath) -> Option<Hash> {
        let record = self.outputs.record(self.outputs.find(path.as_str(), 0)?);
        (record.len() == FIXED).then(|| hash_of(&record[..HASH]))
    }

    /// With these fingerprints, and hashes of the bytes, of outputs that asked nothing, in place of earlier ones; `None` when one
    /// of them is not known, or did ask something before.
    pub fn with(&self, outputs: &[(&OutputPath, Hash, Hash)]) -> Option<Outputs> {
        let record = |(path, fingerprint, bytes): &(&OutputPath, Hash, Hash)| {
            Some((self.outputs.find(path.as_str(), 0)?, [fingerprint.0, bytes.0].concat()))
        };
        let records: Vec<(usize, Vec<u8>)> = outputs.iter().map(record).collect::<Option<_>>()?;
        Some(Outputs {
            outputs: self.outputs.with_records(&records)?,
            questions: self.questions.clone(),
            bond: self.bond,
        })
    }

    /// To ask which of them would come out the same.
    pub fn recall<'a>(&'a self, indexes: Vec<&'a Index>) -> Recall<'a> {
        Recall { outputs: self, indexes, holds: (0..self.questions.len()).map(|_| OnceLock::new()).collect() }
    }

    /// What this build leaves for the next, in ascending order of path. `self` is what the one before left.
    pub fn next(&self, made: &[(OutputPath, Made)]) -> Outputs {
        self.revised(made).unwrap_or_else(|| self.anew(made))
    }

    /// The same table with other rows, where the outputs are those of before and each asked what it asked before.
    fn revised(&self, made: &[(OutputPath, Made)]) -> Option<Outputs> {
        if made.len() != self.len() {
            return None;
        }
        let mut records = Vec::new();
        for (row, (path, made)) in made.iter().enumerate() {
            match &made.asked {
                Asked::Before(before) if *before == row => {}
                Asked::Now(asked)
                    if self.outputs.key(row) == path.as_str().as_bytes() && self.has_asked(row, asked) =>
                {
                    let questions = self.outputs.record(row).get(FIXED..)?;
                    records.push((row, [made.fingerprint.0.as_slice(), &made.bytes.0, questions].concat()));
                }
                _ => return None,
            }
        }
        if records.is_empty() {
            return Some(self.clone());
        }
        let outputs = self.outputs.with_records(&records)?;
        Some(Outputs { outputs, questions: self.questions.clone(), bond: self.bond })
    }

    /// True when the output of this row asked these questions, in this order, and had these answers.
    fn has_asked(&self, row: usize, asked: &[(Question, Hash)]) -> bool {
        let is_same = |(row, (question, hash)): (usize, &(Question, Hash))| {
            row < self.questions.len()
                && self.questions.key(row) == question.to_text().as_bytes()
                && self.questions.record(row) == hash.0
        };
        self.asked(row).count() == asked.len() && self.asked(row).zip(asked).all(is_same)
    }

    fn anew(&self, made: &[(OutputPath, Made)]) -> Outputs {
        let mut questions: BTreeMap<Cow<[u8]>, Hash> = BTreeMap::new();
        for (_, made) in made {
            match &made.asked {
                Asked::Before(row) => self.asked(*row).for_each(|row| {
                    questions.insert(self.questions.key(row).into(), hash_of(self.questions.record(row)));
                }),
                Asked::Now(asked) => asked.iter().for_each(|(question, hash)| {
                    questions.insert(question.to_text().into_bytes().into(), *hash);
                }),
            }
        }
        let texts: Vec<(&str, [u8; HASH])> =
            questions.iter().filter_map(|(text, hash)| Some((std::str::from_utf8(text).ok()?, hash.0))).collect();
        let questions_table = Table::from_sorted(&texts);
        let row_of = |text: &[u8]| {
            let row = texts.binary_search_by(|(other, _)| other.as_bytes().cmp(text)).unwrap_or(texts.len());
            u32::try_from(row).unwrap_or(u32::MAX).to_le_bytes()
        };
        let rows: Vec<(&str, Vec<u8>)> = made
            .iter()
            .map(|(path, made)| {
                let mut record = [made.fingerprint.0, made.bytes.0].concat();
                match &made.asked {
                    Asked::Before(row) => {
                        self.asked(*row).for_each(|row| record.extend(row_of(self.questions.key(row))));
                    }
                    Asked::Now(asked) => {
                        asked.iter().for_each(|(question, _)| record.extend(row_of(question.to_text().as_bytes())));
                    }
                }
                (path.as_str(), record)
            })
            .collect();
        let bond = Hash::of(questions_table.as_bytes());
        Outputs { outputs: Table::from_sorted(&rows), questions: questions_table, bond }
    }

    /// Rows of the questions of an output; those that are not there were damaged and are `usize::MAX`.
    fn asked(&self, row: usize) -> impl Iterator<Item = usize> + '_ {
        let rows = self.outputs.record(row).get(FIXED..).unwrap_or_default().chunks_exact(ROW);
        rows.map(|row| u32::from_le_bytes(row.try_into().expect("four bytes are cut out")) as usize)
    }
}

impl Recall<'_> {
    /// How this output was made, when it would come out with the same bytes again: same input, and every question that was
    /// asked still has the same answer. `near` is its position among all outputs, which is likely its row.
    pub fn same(&self, path: &OutputPath, near: usize, fingerprint: Hash) -> Option<Made> {
        let row = self.outputs.outputs.find(path.as_str(), near)?;
        let record = self.outputs.outputs.record(row);
        let is_same = record.len() >= FIXED
            && record[..HASH] == fingerprint.0
            && self.outputs.asked(row).all(|row| self.holds(row));
        is_same.then(|| Made { fingerprint, bytes: hash_of(&record[HASH..FIXED]), asked: Asked::Before(row) })
    }

    fn holds(&self, row: usize) -> bool {
        let Some(slot) = self.holds.get(row) else { return false };
        *slot.get_or_init(|| {
            let text = std::str::from_utf8(self.outputs.questions.key(row)).unwrap_or_default();
            let before = hash_of(self.outputs.questions.record(row));
            Question::from_text(text).is_some_and(|question| {
                let index = self.indexes.get(question.edition());
                index.is_some_and(|index| index.answer_key(&question) == Ok(before))
            })
        })
    }
}

fn hash_of(record: &[u8]) -> Hash {
    record.try_into().map(Hash).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(number: u8, questions: &[(&str, u8)]) -> Made {
        let hash = |number: u8| Hash::of(&[number]);
        let asked = questions.iter().map(|(function, answer)| {
            let question = Question { function: (*function).to_string(), arguments: Vec::new() };
            (question, hash(*answer))
        });
        Made::new(hash(number), hash(number), asked.collect())
    }

    fn before(outputs: &Outputs, row: usize) -> Made {
        let record = outputs.outputs.record(row);
        let (fingerprint, bytes) = (hash_of(&record[..HASH]), hash_of(&record[HASH..FIXED]));
        Made { fingerprint, bytes, asked: Asked::Before(row) }
    }

    #[test]
    fn a_table_with_other_rows_is_the_one_that_would_be_made_anew() {
        let paths = ["a", "b", "c"].map(OutputPath::new);
        let asked = [vec![], vec![("pages", 1)], vec![("pages", 1), ("terms", 2)]];
        let row = |number: usize, made: Made| (paths[number].clone(), made);
        let first: Vec<_> = asked.iter().enumerate().map(|(n, asked)| row(n, made(n as u8, asked))).collect();
        let outputs = Outputs::default().next(&first);
        let stays = |number: usize| row(number, before(&outputs, number));
        let new = |number: usize, asked: &[(&str, u8)]| row(number, made(9, asked));
        for (next, is_revised) in [
            (vec![stays(0), stays(1), stays(2)], true),
            (vec![new(0, &[]), stays(1), new(2, &[("pages", 1), ("terms", 2)])], true),
            (vec![stays(0), new(1, &[("pages", 3)]), stays(2)], false),
            (vec![stays(0), new(1, &[]), stays(2)], false),
            (vec![stays(0), new(1, &[("terms", 2)]), stays(2)], false),
            (vec![stays(0), stays(1)], false),
            (vec![stays(0), stays(1), (OutputPath::new("d"), made(2, &asked[2]))], false),
        ] {
            assert_eq!(outputs.revised(&next).is_some(), is_revised);
            assert_eq!(outputs.next(&next), outputs.anew(&next));
        }
    }
}
