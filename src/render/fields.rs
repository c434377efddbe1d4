//! Fields of several structs → one map for templates. A map is made once, of all that goes into it: to fill it costs as much
//! as to make what is in it.

use serde::de::value::Error;
use serde::ser::{Error as _, Impossible, SerializeStruct};
use serde::{Serialize, Serializer};
use tera::Value;
use tera::value::Key;

/// Names and values in the order in which templates see them; of two with one name, the later counts.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<(&'static str, Value)>);

impl Fields {
    /// Those of this struct.
    pub(super) fn of<T: Serialize>(value: &T) -> Fields {
        Fields::default().and(value)
    }

    /// Those of a map that was made of fields.
    pub(super) fn of_map(map: &Value) -> Fields {
        let name = |key: &Key<'static>| match key {
            Key::Str(name) => Some(*name),
            _ => None,
        };
        let fields = map.as_map().into_iter().flatten();
        Fields(fields.filter_map(|(key, value)| Some((name(key)?, value.clone()))).collect())
    }

    /// With those of this struct too.
    pub(super) fn and<T: Serialize>(mut self, value: &T) -> Fields {
        // Only what is no struct is refused.
        let _ = value.serialize(Collector(&mut self.0));
        self
    }

    /// With this one too.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Fields {
        self.0.push((name, value.into()));
        self
    }

    /// All of them as one value.
    pub(super) fn into_value(self) -> Value {
        Value::from_serializable(&self)
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_struct("Fields", self.0.len())?;
        for (name, value) in &self.0 {
            map.serialize_field(name, value)?;
        }
        map.end()
    }
}

/// Takes a struct apart and refuses all else.
struct Collector<'a>(&'a mut Vec<(&'static str, Value)>);

impl SerializeStruct for Collector<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        self.0.push((name, Value::from_serializable(value)));
        Ok(())
    }

    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}

/// What a struct is not made of.
type Never = Impossible<(), Error>;

fn refused<T>() -> Result<T, Error> {
    Err(Error::custom("not a struct"))
}

/// Methods for what is no struct: all that they are given does not matter.
macro_rules! refuse {
    ($result:ty: $($name:ident($($argument:ty),*))*) => {
        $(fn $name(self, $(_: $argument),*) -> Result<$result, Error> {
            refused()
        })*
    };
}

impl Serializer for Collector<'_> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Never;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Never;
    type SerializeStruct = Self;
    type SerializeStructVariant = Never;

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Self, Error> {
        self.0.reserve(length);
        Ok(self)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    refuse! { ():
        serialize_bool(bool) serialize_char(char) serialize_str(&str) serialize_bytes(&[u8])
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
        serialize_f32(f32) serialize_f64(f64)
        serialize_none() serialize_unit() serialize_unit_struct(&'static str)
        serialize_unit_variant(&'static str, u32, &'static str)
    }
    refuse! { Never:
        serialize_seq(Option<usize>) serialize_tuple(usize) serialize_map(Option<usize>)
        serialize_tuple_struct(&'static str, usize)
        serialize_tuple_variant(&'static str, u32, &'static str, usize)
        serialize_struct_variant(&'static str, u32, &'static str, usize)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Error> {
        refused()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Place {
        name: &'static str,
        floors: u32,
    }

    #[test]
    fn fields_of_structs_become_one_map_in_order_and_the_later_of_two_counts() {
        let hall = Place { name: "大厅", floors: 1 };
        let map = Fields::of(&hall).with("open", true).and(&Some(Place { name: "一楼大厅", floors: 2 })).into_value();
        assert_eq!(map.to_string(), r#"{"name": "一楼大厅", "floors": 2, "open": true}"#);
        let more = Fields::of_map(&map).with("url", "/hall/").into_value();
        assert_eq!(more.to_string(), r#"{"name": "一楼大厅", "floors": 2, "open": true, "url": "/hall/"}"#);
    }

    #[test]
    fn what_is_no_struct_has_no_fields() {
        assert_eq!(Fields::of(&"words").and(&[1, 2]).and(&None::<Place>).into_value().to_string(), "{}");
    }
}
