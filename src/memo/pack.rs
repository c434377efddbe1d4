//! Documents without their bodies as compact bytes, and back.
//!
//! What comes back is checked: any bytes give a whole value or none. Every type is taken apart with all of its fields by
//! name, so that a new field cannot be forgotten here.

use jiff::Timestamp;
use jiff::civil::{Date, Time};

use crate::document::{
    Activity, Disclosure, Document, FileRef, FrontMatter, Kind, Moment, Openness, Pinned, Rare, SectionDefaults,
    SectionRules, SortBy, Tone,
};
use crate::file::{Hash, SourcePath};
use crate::markdown::{Headings, Outline, Reference};
use crate::problem::Place;
use crate::schedule::{DayRule, HourSpan, ItemRules, Priority};

/// A document as bytes: hash of its file, length of all that is not text, that, and all texts in one, which is checked at once.
/// Its problems and its body are left out.
pub(super) fn pack(document: &Document) -> Vec<u8> {
    let mut out = Packer { bytes: Vec::with_capacity(256), texts: String::with_capacity(512), path: &document.path };
    let Document { path: _, source, hash, head, front, outline, lines, body: _, problems: _ } = document;
    for hash in [hash, head] {
        out.bytes.extend(hash.0);
    }
    front.pack(&mut out);
    outline.pack(&mut out);
    lines.pack(&mut out);
    // No file that is parsed is so long.
    let length = u32::try_from(out.bytes.len()).unwrap_or(u32::MAX);
    [source.0.as_slice(), &length.to_le_bytes(), &out.bytes, out.texts.as_bytes()].concat()
}

/// Of the file that the packed document was parsed from.
pub(super) fn source_of(bytes: &[u8]) -> Option<Hash> {
    bytes.get(..Hash::SIZE)?.try_into().ok().map(Hash)
}

/// The document at this path from its bytes.
pub(super) fn unpack(path: &SourcePath, bytes: &[u8]) -> Option<Document> {
    let (source, rest) = bytes.split_at_checked(Hash::SIZE)?;
    let (length, rest) = rest.split_at_checked(4)?;
    let (bytes, texts) = rest.split_at_checked(u32::from_le_bytes(length.try_into().ok()?) as usize)?;
    let texts = simdutf8::basic::from_utf8(texts).ok()?;
    let mut from = Unpacker { bytes, texts, path };
    let source = Hash(source.try_into().ok()?);
    let mut hash = || from.take(Hash::SIZE)?.try_into().ok().map(Hash);
    let (own, head) = (hash()?, hash()?);
    let document = Document {
        path: path.clone(),
        source,
        hash: own,
        head,
        front: FrontMatter::unpack(&mut from)?,
        outline: Outline::unpack(&mut from)?,
        lines: Vec::unpack(&mut from)?,
        body: None,
        problems: Vec::new(),
    };
    (from.bytes.is_empty() && from.texts.is_empty()).then_some(document)
}

struct Packer<'a> {
    bytes: Vec<u8>,
    texts: String,
    /// Most places are in the document itself.
    path: &'a SourcePath,
}

struct Unpacker<'a> {
    bytes: &'a [u8],
    texts: &'a str,
    path: &'a SourcePath,
}

impl<'a> Unpacker<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(taken)
    }

    fn text(&mut self, length: usize) -> Option<&'a str> {
        let (taken, rest) = self.texts.split_at_checked(length)?;
        self.texts = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|bytes| bytes[0])
    }
}

trait Pack: Sized {
    fn pack(&self, out: &mut Packer);
    fn unpack(from: &mut Unpacker) -> Option<Self>;
}

/// Seven bits a byte, the lowest first; the eighth says that more follows.
impl Pack for u64 {
    fn pack(&self, out: &mut Packer) {
        let mut rest = *self;
        while rest >= 0x80 {
            out.bytes.push((rest & 0x7f) as u8 | 0x80);
            rest >>= 7;
        }
        out.bytes.push(rest as u8);
    }
    fn unpack(from: &mut Unpacker) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = from.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }
}

impl<T: Pack> Pack for Box<T> {
    fn pack(&self, out: &mut Packer) {
        (**self).pack(out);
    }
    fn unpack(from: &mut Unpacker) -> Option<Box<T>> {
        T::unpack(from).map(Box::new)
    }
}

macro_rules! packed_numbers {
    ($($type:ty),*) => {$(
        impl Pack for $type {
            fn pack(&self, out: &mut Packer) {
                (*self as u64).pack(out);
            }
            fn unpack(from: &mut Unpacker) -> Option<$type> {
                <$type>::try_from(u64::unpack(from)?).ok()
            }
        }
    )*};
}
packed_numbers!(u8, u16, u32, usize);

impl Pack for i64 {
    fn pack(&self, out: &mut Packer) {
        out.bytes.extend(self.to_le_bytes());
    }
    fn unpack(from: &mut Unpacker) -> Option<i64> {
        from.take(8)?.try_into().ok().map(i64::from_le_bytes)
    }
}

impl Pack for i16 {
    fn pack(&self, out: &mut Packer) {
        out.bytes.extend(self.to_le_bytes());
    }
    fn unpack(from: &mut Unpacker) -> Option<i16> {
        from.take(2)?.try_into().ok().map(i16::from_le_bytes)
    }
}

impl Pack for i8 {
    fn pack(&self, out: &mut Packer) {
        out.bytes.push(self.cast_unsigned());
    }
    fn unpack(from: &mut Unpacker) -> Option<i8> {
        from.byte().map(u8::cast_signed)
    }
}

impl Pack for bool {
    fn pack(&self, out: &mut Packer) {
        out.bytes.push(u8::from(*self));
    }
    fn unpack(from: &mut Unpacker) -> Option<bool> {
        match from.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Pack for f64 {
    fn pack(&self, out: &mut Packer) {
        out.bytes.extend(self.to_le_bytes());
    }
    fn unpack(from: &mut Unpacker) -> Option<f64> {
        from.take(8)?.try_into().ok().map(f64::from_le_bytes)
    }
}

impl Pack for String {
    fn pack(&self, out: &mut Packer) {
        self.len().pack(out);
        out.texts.push_str(self);
    }
    fn unpack(from: &mut Unpacker) -> Option<String> {
        let length = usize::unpack(from)?;
        from.text(length).map(str::to_string)
    }
}

impl<T: Pack> Pack for Option<T> {
    fn pack(&self, out: &mut Packer) {
        self.is_some().pack(out);
        self.iter().for_each(|value| value.pack(out));
    }
    fn unpack(from: &mut Unpacker) -> Option<Option<T>> {
        if bool::unpack(from)? { T::unpack(from).map(Some) } else { Some(None) }
    }
}

impl<T: Pack> Pack for Rare<T> {
    fn pack(&self, out: &mut Packer) {
        self.given().is_some().pack(out);
        self.given().iter().for_each(|value| value.pack(out));
    }
    fn unpack(from: &mut Unpacker) -> Option<Rare<T>> {
        Option::unpack(from).map(Rare::from)
    }
}

impl<T: Pack> Pack for Vec<T> {
    fn pack(&self, out: &mut Packer) {
        self.len().pack(out);
        self.iter().for_each(|value| value.pack(out));
    }
    fn unpack(from: &mut Unpacker) -> Option<Vec<T>> {
        let count = usize::unpack(from)?;
        // Every value takes at least a byte; a count above that is damage, and nothing is reserved for it.
        if count > from.bytes.len() {
            return None;
        }
        // As many as there will be, and no more: there are tens of thousands of short lists. Damage reserves little.
        let mut values = Vec::with_capacity(count.min(1024));
        for _ in 0..count {
            values.push(T::unpack(from)?);
        }
        Some(values)
    }
}

impl<A: Pack, B: Pack> Pack for (A, B) {
    fn pack(&self, out: &mut Packer) {
        self.0.pack(out);
        self.1.pack(out);
    }
    fn unpack(from: &mut Unpacker) -> Option<(A, B)> {
        Some((A::unpack(from)?, B::unpack(from)?))
    }
}

macro_rules! packed {
    ($type:ident { $($field:ident),* $(,)? }) => {
        impl Pack for $type {
            fn pack(&self, out: &mut Packer) {
                let $type { $($field),* } = self;
                $($field.pack(out);)*
            }
            fn unpack(from: &mut Unpacker) -> Option<$type> {
                Some($type { $($field: Pack::unpack(from)?),* })
            }
        }
    };
}

packed!(FrontMatter {
    title,
    title_place,
    kind,
    date,
    updated,
    publish,
    expires,
    draft,
    slug,
    aliases,
    topics,
    series,
    tags,
    department,
    source,
    author,
    summary,
    image,
    image_alt,
    video,
    attachments,
    pinned,
    weight,
    template,
    noindex,
    on_portal,
    on_screens,
    disclosure,
    activity,
    screen,
    attribution,
    tone,
    section,
    extra,
});
packed!(Disclosure { index_number, index_place, openness, publisher, category, document_number, written, validity });
packed!(Activity { date, place, kind, participants, hours, figures });
packed!(FileRef { target, title, place });
packed!(SectionRules { sort, page_size, page_template, column_type, hidden, defaults });
packed!(SectionDefaults { topics, series, department, source, author, template });
packed!(ItemRules { on, from, until, days, hours, seconds, weight, priority, text, evergreen, design, motif });
packed!(HourSpan { from, until });
packed!(Moment { at, date, time });
packed!(Outline { headings, anchors, references, silent, title, excerpt, first_lines, words });
packed!(Reference { target, image, place });

impl Pack for Place {
    fn pack(&self, out: &mut Packer) {
        let Place { path, line, column, length, text } = self;
        (path != out.path).then(|| path.as_str().to_string()).pack(out);
        line.pack(out);
        column.pack(out);
        length.pack(out);
        text.pack(out);
    }
    fn unpack(from: &mut Unpacker) -> Option<Place> {
        let path = Option::<String>::unpack(from)?.map_or_else(|| from.path.clone(), |path| SourcePath::new(&path));
        Some(Place {
            path,
            line: Pack::unpack(from)?,
            column: Pack::unpack(from)?,
            length: Pack::unpack(from)?,
            text: Pack::unpack(from)?,
        })
    }
}

impl Pack for Timestamp {
    fn pack(&self, out: &mut Packer) {
        self.as_second().pack(out);
        i64::from(self.subsec_nanosecond()).pack(out);
    }
    fn unpack(from: &mut Unpacker) -> Option<Timestamp> {
        let (seconds, nanoseconds) = (i64::unpack(from)?, i64::unpack(from)?);
        Timestamp::new(seconds, i32::try_from(nanoseconds).ok()?).ok()
    }
}

impl Pack for Date {
    fn pack(&self, out: &mut Packer) {
        self.year().pack(out);
        self.month().pack(out);
        self.day().pack(out);
    }
    fn unpack(from: &mut Unpacker) -> Option<Date> {
        Date::new(i16::unpack(from)?, i8::unpack(from)?, i8::unpack(from)?).ok()
    }
}

impl Pack for Time {
    fn pack(&self, out: &mut Packer) {
        self.hour().pack(out);
        self.minute().pack(out);
        self.second().pack(out);
        i64::from(self.subsec_nanosecond()).pack(out);
    }
    fn unpack(from: &mut Unpacker) -> Option<Time> {
        let (hour, minute, second) = (i8::unpack(from)?, i8::unpack(from)?, i8::unpack(from)?);
        Time::new(hour, minute, second, i32::try_from(i64::unpack(from)?).ok()?).ok()
    }
}

/// What each has, then the words of all.
impl Pack for Headings {
    fn pack(&self, out: &mut Packer) {
        self.len().pack(out);
        for heading in self.iter() {
            out.bytes.push(heading.level);
            heading.id.len().pack(out);
            heading.text.len().pack(out);
        }
        out.texts.push_str(self.words());
    }
    fn unpack(from: &mut Unpacker) -> Option<Headings> {
        let count = usize::unpack(from)?;
        let mut parts = Vec::with_capacity(count.min(1024));
        let mut length = 0usize;
        for _ in 0..count {
            let (level, id, text) = (from.byte()?, usize::unpack(from)?, usize::unpack(from)?);
            length = length.checked_add(id)?.checked_add(text)?;
            parts.push((level, id, text));
        }
        Headings::of_parts(from.text(length)?.to_string(), parts)
    }
}

/// As its JSON text; nothing is one byte.
impl Pack for serde_json::Value {
    fn pack(&self, out: &mut Packer) {
        (!self.is_null()).then(|| self.to_string()).pack(out);
    }
    fn unpack(from: &mut Unpacker) -> Option<serde_json::Value> {
        match Option::<String>::unpack(from)? {
            None => Some(serde_json::Value::Null),
            Some(text) => serde_json::from_str(&text).ok(),
        }
    }
}

macro_rules! packed_choice {
    ($type:ident { $($variant:ident = $number:literal),* $(,)? }) => {
        impl Pack for $type {
            fn pack(&self, out: &mut Packer) {
                out.bytes.push(match self { $($type::$variant => $number),* });
            }
            fn unpack(from: &mut Unpacker) -> Option<$type> {
                match from.byte()? {
                    $($number => Some($type::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

packed_choice!(Kind { Notice = 0, Slogan = 1, Report = 2, Page = 3, Section = 4 });
packed_choice!(Openness { Public = 0, OnRequest = 1, Closed = 2 });
packed_choice!(Tone { Festive = 0, Plain = 1, Solemn = 2 });
packed_choice!(SortBy { Date = 0, Weight = 1, Title = 2 });

impl Pack for Pinned {
    fn pack(&self, out: &mut Packer) {
        match self {
            Pinned::No => out.bytes.push(0),
            Pinned::Always => out.bytes.push(1),
            Pinned::Until(until) => {
                out.bytes.push(2);
                until.pack(out);
            }
        }
    }
    fn unpack(from: &mut Unpacker) -> Option<Pinned> {
        match from.byte()? {
            0 => Some(Pinned::No),
            1 => Some(Pinned::Always),
            2 => Timestamp::unpack(from).map(Pinned::Until),
            _ => None,
        }
    }
}

impl Pack for DayRule {
    fn pack(&self, out: &mut Packer) {
        match self {
            DayRule::Every => out.bytes.push(0),
            DayRule::Week(days) => out.bytes.extend([1, *days]),
            DayRule::Workdays => out.bytes.push(2),
            DayRule::Holidays => out.bytes.push(3),
            DayRule::Date(date) => {
                out.bytes.push(4);
                date.pack(out);
            }
            DayRule::Annual(month, day) => out.bytes.extend([5, month.cast_unsigned(), day.cast_unsigned()]),
            DayRule::Lunar(month, day) => out.bytes.extend([6, month.cast_unsigned(), day.cast_unsigned()]),
            DayRule::Nth { nth, weekday, month } => {
                out.bytes.extend([7, nth.cast_unsigned(), *weekday]);
                month.pack(out);
            }
        }
    }
    fn unpack(from: &mut Unpacker) -> Option<DayRule> {
        match from.byte()? {
            0 => Some(DayRule::Every),
            1 => from.byte().map(DayRule::Week),
            2 => Some(DayRule::Workdays),
            3 => Some(DayRule::Holidays),
            4 => Date::unpack(from).map(DayRule::Date),
            5 => Some(DayRule::Annual(i8::unpack(from)?, i8::unpack(from)?)),
            6 => Some(DayRule::Lunar(i8::unpack(from)?, i8::unpack(from)?)),
            7 => Some(DayRule::Nth { nth: i8::unpack(from)?, weekday: from.byte()?, month: Pack::unpack(from)? }),
            _ => None,
        }
    }
}

packed_choice!(Priority { Normal = 0, Takeover = 1 });
