//! A table of text → record as one block of bytes, sorted by key, that is searched as it is: loading it costs no parsing.
//!
//! Records are bytes of whoever keeps them. A block that is damaged is no table rather than a wrong one.

use std::fmt;
use std::sync::Arc;

/// Rows in ascending order of key.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Table {
    /// Number of rows (u32), ends of keys (u32 each), ends of records (u64 each), all keys, all records; little-endian.
    /// Shared, so that a table that stays as it is costs nothing.
    bytes: Arc<Vec<u8>>,
}

const HEAD: usize = 4;
const KEY_END: usize = 4;
const RECORD_END: usize = 8;

impl Default for Table {
    fn default() -> Table {
        Table { bytes: vec![0; HEAD].into() }
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Table of {} rows", self.len())
    }
}

impl Table {
    /// True when this is the other table itself, not only an equal one.
    pub(super) fn is(&self, other: &Table) -> bool {
        Arc::ptr_eq(&self.bytes, &other.bytes)
    }

    /// Of rows in ascending order of key; one out of order or repeated is left out.
    pub(super) fn from_sorted<K: AsRef<str>, R: AsRef<[u8]>>(rows: &[(K, R)]) -> Table {
        // First which rows and how long they are, then each part in its turn into one block.
        let mut kept: Vec<(&str, &[u8])> = Vec::with_capacity(rows.len());
        let (mut keys, mut records) = (0, 0);
        for (key, record) in rows {
            let (key, record) = (key.as_ref(), record.as_ref());
            if u32::try_from(keys + key.len()).is_err() {
                break;
            }
            if kept.last().is_none_or(|(last, _)| *last < key) {
                (keys, records) = (keys + key.len(), records + record.len());
                kept.push((key, record));
            }
        }
        let count = u32::try_from(kept.len()).unwrap_or(0);
        let mut bytes = Vec::with_capacity(HEAD + kept.len() * (KEY_END + RECORD_END) + keys + records);
        bytes.extend(count.to_le_bytes());
        let mut end = 0;
        for (key, _) in &kept {
            end += key.len();
            bytes.extend((end as u32).to_le_bytes());
        }
        let mut end = 0;
        for (_, record) in &kept {
            end += record.len();
            bytes.extend((end as u64).to_le_bytes());
        }
        kept.iter().for_each(|(key, _)| bytes.extend_from_slice(key.as_bytes()));
        kept.iter().for_each(|(_, record)| bytes.extend_from_slice(record));
        Table { bytes: bytes.into() }
    }

    /// Of what `as_bytes` gave in an earlier run; `None` when it is damaged.
    pub(super) fn from_bytes(bytes: Vec<u8>) -> Option<Table> {
        let table = Table { bytes: bytes.into() };
        let count = u32::from_le_bytes(table.bytes.get(..HEAD)?.try_into().ok()?) as usize;
        let rows = count.checked_mul(KEY_END + RECORD_END)?.checked_add(HEAD)?;
        let rest = table.bytes.get(rows..)?;
        let keys = if count == 0 { 0 } else { table.key_end(count - 1) };
        std::str::from_utf8(rest.get(..keys)?).ok()?;
        let records = rest.len() - keys;
        let (mut key_start, mut record_start) = (0, 0);
        let mut last: Option<&[u8]> = None;
        for row in 0..count {
            let (key_end, record_end) = (table.key_end(row), table.record_end(row, count));
            let key = rest.get(key_start..key_end)?;
            let is_in_order = last.is_none_or(|last| last < key) && record_start <= record_end && record_end <= records;
            // A key is cut out of the text of all keys: its ends must lie between characters.
            let is_text = key.first().is_none_or(|byte| byte & 0xc0 != 0x80);
            if !is_in_order || !is_text {
                return None;
            }
            (key_start, record_start, last) = (key_end, record_end, Some(key));
        }
        (key_start == keys && record_start == records).then_some(table)
    }

    /// The same table with other records, each as long as the one before, in these rows, which are below `len`; `None` when
    /// one is not.
    pub(super) fn with_records(&self, records: &[(usize, Vec<u8>)]) -> Option<Table> {
        let mut bytes = self.bytes.to_vec();
        for (row, record) in records {
            let place = self.record_place(*row);
            if place.len() != record.len() {
                return None;
            }
            bytes[place].copy_from_slice(record);
        }
        Some(Table { bytes: bytes.into() })
    }

    /// The table as one block, to be saved.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        u32::from_le_bytes(self.bytes[..HEAD].try_into().expect("four bytes are cut out")) as usize
    }

    /// Where the row of this key is. `near` is where it would be if nothing had changed; then nothing is searched.
    pub(super) fn find(&self, key: &str, near: usize) -> Option<usize> {
        let count = self.len();
        if near < count && self.key(near) == key.as_bytes() {
            return Some(near);
        }
        let (mut low, mut high) = (0, count);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.key(middle).cmp(key.as_bytes()) {
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The key of a row, as bytes of text.
    pub(super) fn key(&self, row: usize) -> &[u8] {
        let start = HEAD + self.len() * (KEY_END + RECORD_END);
        let from = if row == 0 { 0 } else { self.key_end(row - 1) };
        &self.bytes[start + from..start + self.key_end(row)]
    }

    /// The record of a row.
    pub(super) fn record(&self, row: usize) -> &[u8] {
        &self.bytes[self.record_place(row)]
    }

    /// Where the record is in `as_bytes`.
    pub(super) fn record_place(&self, row: usize) -> std::ops::Range<usize> {
        let count = self.len();
        let start = HEAD + count * (KEY_END + RECORD_END) + self.key_end(count - 1);
        let from = if row == 0 { 0 } else { self.record_end(row - 1, count) };
        start + from..start + self.record_end(row, count)
    }

    fn key_end(&self, row: usize) -> usize {
        let at = HEAD + row * KEY_END;
        u32::from_le_bytes(self.bytes[at..at + KEY_END].try_into().expect("four bytes are cut out")) as usize
    }

    fn record_end(&self, row: usize, count: usize) -> usize {
        let at = HEAD + count * KEY_END + row * RECORD_END;
        let end = u64::from_le_bytes(self.bytes[at..at + RECORD_END].try_into().expect("eight bytes are cut out"));
        // What does not fit lies outside of any block, and is found out as such.
        usize::try_from(end).unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Table {
        Table::from_sorted(&[("a", "1"), ("b", ""), ("文件", "third"), ("文档", "4")])
    }

    #[test]
    fn every_row_is_found_again_after_saving() {
        let rows: Vec<(String, Vec<u8>)> = (100..300).map(|n| (format!("通知{n}"), vec![0; n])).collect();
        let table = Table::from_bytes(Table::from_sorted(&rows).as_bytes().to_vec()).expect("undamaged");
        assert_eq!(table.len(), 200);
        for (at, (key, record)) in rows.iter().enumerate() {
            for near in [at, 0, 199, 1000] {
                assert_eq!(table.find(key, near), Some(at));
            }
            assert_eq!(table.record(at), record);
        }
        assert_eq!((table.find("", 0), table.find("通知", 3), table.find("通知99", 0)), (None, None, None));
        assert_eq!(Table::from_bytes(Table::default().as_bytes().to_vec()), Some(Table::default()));
    }

    #[test]
    fn rows_out_of_order_are_left_out() {
        assert_eq!(Table::from_sorted(&[("b", "1"), ("a", "2"), ("b", "3"), ("c", "4")]).len(), 2);
    }

    #[test]
    fn records_are_replaced_by_others_of_their_length() {
        let replaced = sample().with_records(&[(0, b"9".to_vec()), (2, b"THIRD".to_vec())]);
        assert_eq!(replaced, Some(Table::from_sorted(&[("a", "9"), ("b", ""), ("文件", "THIRD"), ("文档", "4")])));
        assert_eq!(sample().with_records(&[]), Some(sample()));
        assert_eq!(sample().with_records(&[(1, b"9".to_vec())]), None);
    }

    #[test]
    fn no_damaged_block_panics_and_a_cut_one_is_refused() {
        let whole = sample().as_bytes().to_vec();
        for cut in 0..whole.len() {
            assert_eq!(Table::from_bytes(whole[..cut].to_vec()), None, "cut at {cut}");
        }
        for at in 0..whole.len() {
            for flip in [1, 0x80, 0xff] {
                let mut bytes = whole.clone();
                bytes[at] ^= flip;
                if let Some(table) = Table::from_bytes(bytes) {
                    (0..table.len()).for_each(|row| {
                        assert!(std::str::from_utf8(table.key(row)).is_ok());
                        assert!(table.record(row).len() <= whole.len());
                    });
                    table.find("文档", 2);
                }
            }
        }
    }
}
