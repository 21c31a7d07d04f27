//! What a text file is packed in: gzip is unpacked, whatever else is named.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

/// The first bytes of a gzip member (RFC 1952, section 2.3.1).
pub const GZIP: [u8; 2] = [0x1f, 0x8b];

/// First bytes of files that people take for text or gzip, and what to tell them.
const OTHERS: [(&[u8], &str); 10] = [
    (
        b"PK\x03\x04",
        "is a zip archive or a workbook: unpack it, or save it as text",
    ),
    (b"PK\x05\x06", "is an empty zip archive"),
    (b"\xfd7zXZ\0", "is xz: unxz unpacks it"),
    (b"\x28\xb5\x2f\xfd", "is zstd: unzstd unpacks it"),
    (b"7z\xbc\xaf\x27\x1c", "is a 7z archive: unpack it"),
    (
        b"\xff\xfe",
        "is UTF-16 text: save it as UTF-8, or `iconv -f UTF-16 -t UTF-8`",
    ),
    (
        b"\xfe\xff",
        "is UTF-16 text: save it as UTF-8, or `iconv -f UTF-16 -t UTF-8`",
    ),
    (b"<!DOCTYPE", "is a web page: the download brought no data"),
    (b"<!doctype", "is a web page: the download brought no data"),
    (b"<html", "is a web page: the download brought no data"),
];

/// What a file is that begins like this, where it is neither text nor gzip.
pub fn other(start: &[u8]) -> Option<&'static str> {
    let known = OTHERS.iter().find(|(magic, _)| start.starts_with(magic));
    let known = known.map(|(_, said)| *said);
    // Behind the letters stands the level.
    let is_bzip2 = start.starts_with(b"BZh") && start.get(4..10) == Some(b"1AY&SY");
    known.or(is_bzip2.then_some("is bzip2: bunzip2 unpacks it"))
}

/// Unpacks gzip of one or several members (so bgzip), and passes over what `gzip -d` passes over behind
/// the last: zeros, of tapes, and line ends, of mailers.
pub struct Gunzip<R> {
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Gunzip<R> {
    /// Of a file from its first byte on.
    pub fn new(packed: R) -> Self {
        Self {
            member: Some(GzDecoder::new(packed)),
        }
    }
}

impl<R: BufRead> Read for Gunzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let read = member.read(buffer).map_err(said)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let ended = self.member.take().map(GzDecoder::into_inner);
            self.member = ended.map(next_member).transpose()?.flatten();
        }
        Ok(0)
    }
}

fn next_member<R: BufRead>(mut packed: R) -> io::Result<Option<GzDecoder<R>>> {
    loop {
        let rest = packed.fill_buf()?;
        let Some(&first) = rest.first() else {
            return Ok(None);
        };
        match first {
            0 | b'\n' | b'\r' => packed.consume(1),
            first if first == GZIP[0] => return Ok(Some(GzDecoder::new(packed))),
            _ => {
                let said = "something that is no gzip follows the end of the gzip data";
                return Err(io::Error::new(io::ErrorKind::InvalidData, said));
            }
        }
    }
}

/// What flate2 says, in words for people.
fn said(error: io::Error) -> io::Error {
    let said = match error.kind() {
        io::ErrorKind::UnexpectedEof => "the file is truncated: its gzip data ends in the middle",
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => "the gzip data is damaged",
        _ => return error,
    };
    io::Error::new(error.kind(), said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use std::io::Write;

    fn packed(text: &str) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn unpacked(bytes: &[u8]) -> Result<String, String> {
        let mut text = String::new();
        let read = Gunzip::new(bytes).read_to_string(&mut text);
        read.map(|_| text).map_err(|error| error.to_string())
    }

    #[test]
    fn members_follow_each_other_and_zeros_and_line_ends_the_last() {
        let (one, two) = (packed("one\n"), packed("two\n"));
        for tail in [&b""[..], &[0; 20_000], b"\n", b"\r\n", b"\0\n"] {
            let all = [&one[..], &two, tail].concat();
            assert_eq!(unpacked(&all).unwrap(), "one\ntwo\n");
        }
    }

    #[test]
    fn what_is_cut_damaged_or_followed_by_something_is_said() {
        let whole = packed("a line that is long enough\n");
        let cut = unpacked(&whole[..whole.len() / 2]).unwrap_err();
        assert!(cut.contains("truncated"), "{cut}");
        let followed = unpacked(&[&whole[..], b"x"].concat()).unwrap_err();
        assert!(followed.contains("no gzip follows"), "{followed}");
        let mut damaged = whole.clone();
        let last = damaged.len() - 6;
        damaged[last] ^= 1;
        assert!(unpacked(&damaged).unwrap_err().contains("damaged"));
    }
}
