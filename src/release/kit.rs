//! Files → one ZIP, written as it goes: no more than a piece of a file is in memory. Nothing is compressed, since pictures
//! and videos are already; times and rights are fixed, so the same files give the same bytes.

use std::fs::File;
use std::io::{self, Read, Seek, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::file::{Content, Hash, Hasher, Packed, Piece};

/// From this size on a ZIP needs longer fields (APPNOTE 4.3.9.2).
const LARGE: u64 = u32::MAX as u64;

/// Gives what is to be packed when its turn comes.
pub type Give<'a> = dyn Fn(&Content) -> io::Result<Piece> + 'a;

/// Writes the ZIP.
pub fn zip(to: impl Write + Seek, files: &[Packed], give: &Give) -> io::Result<()> {
    let mut zip = ZipWriter::new(to);
    for Packed { name, content } in files {
        match give(content)? {
            Piece::Bytes(bytes) => {
                zip.start_file(name, options(bytes.len() as u64))?;
                zip.write_all(&bytes)?;
            }
            Piece::File(path) => {
                let mut file = File::open(path)?;
                zip.start_file(name, options(file.metadata()?.len()))?;
                io::copy(&mut file, &mut zip)?;
            }
        }
    }
    zip.finish()?;
    Ok(())
}

/// The ZIP as a file without a name, at its beginning; gone when it is closed.
pub fn packed(files: &[Packed], give: &Give) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    zip(&mut file, files, give)?;
    file.rewind()?;
    Ok(file)
}

fn options(bytes: u64) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644)
        .large_file(bytes >= LARGE)
}

/// The hash of a whole file, from its beginning.
pub(super) fn hash_of(file: &mut (impl Read + Seek)) -> io::Result<Hash> {
    file.rewind()?;
    let mut hasher = Hasher::default();
    hasher.add_all(file)?;
    Ok(hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::SourcePath;
    use std::io::Cursor;

    #[test]
    fn the_same_files_give_the_same_bytes_and_come_out_as_they_went_in() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.mp4"), [7; 100_000]).unwrap();
        let files = [
            Packed { name: "hall/index.html".into(), content: Content::Bytes(b"<p>".as_slice().into()) },
            Packed { name: "hall/files/a.mp4".into(), content: Content::Source(SourcePath::new("a.mp4")) },
        ];
        let make = || {
            let mut bytes = Cursor::new(Vec::new());
            let give = |content: &Content| match content {
                Content::Source(path) => Ok(Piece::File(folder.path().join(path.as_str()))),
                Content::Bytes(bytes) => Ok(Piece::Bytes(bytes.clone())),
                Content::Output(_) => Err(io::ErrorKind::NotFound.into()),
            };
            zip(&mut bytes, &files, &give).unwrap();
            bytes.into_inner()
        };
        let bytes = make();
        std::thread::sleep(std::time::Duration::from_millis(2100));
        assert!(bytes == make(), "the clock is in it");
        let mut read = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
        assert_eq!(read.len(), 2);
        let mut file = read.by_name("hall/files/a.mp4").unwrap();
        assert_eq!((file.compression(), file.size()), (CompressionMethod::Stored, 100_000));
        let mut back = Vec::new();
        file.read_to_end(&mut back).unwrap();
        assert!(back == [7; 100_000]);
    }
}
