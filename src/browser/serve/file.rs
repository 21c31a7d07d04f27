//! A file or a part of it.

use std::io;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use axum::response::Response;
use mime_guess::mime;
use tower_http::services::ServeFile;
use tower_http::services::fs::AsyncReadBody;

use super::range;
use super::root::Opened;

/// Bytes of a file in memory at a time.
const CHUNK: usize = 64 << 10;
/// The last second of the year 9999, the last that a date in a header can name.
const LAST: u64 = 253_402_300_799;

/// Answers a request for a file.
///
/// # Errors
///
/// A file that cannot be read.
pub async fn send(opened: &Opened, request: Request<()>) -> io::Result<Response> {
    let (metadata, path) = (opened.metadata()?, opened.stable_path());
    let mut response = if metadata.modified().is_ok_and(is_date) {
        dated(&path, metadata.len(), request).await?
    } else {
        undated(&path, metadata.len()).await?
    };
    if response.status().is_success() {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, content_type(&opened.path));
    }
    Ok(response)
}

/// The whole file or the range that is asked for, with a date: UCSC's loader keeps a file that has
/// one, and refuses one that has none at all
/// (<https://github.com/ucscGenomeBrowser/kent/blob/master/src/lib/udc.c>).
async fn dated(path: &Path, size: u64, mut request: Request<()>) -> io::Result<Response> {
    // A range is defined for GET alone.
    let may_be_part = request.method() == Method::GET;
    let headers = request.headers_mut();
    let part = only(headers, header::RANGE)
        .and_then(|value| range::resolve(value.to_str().ok()?, size))
        .and_then(|range| HeaderValue::try_from(range).ok())
        .filter(|_| may_be_part);
    let version = only(headers, header::IF_RANGE).cloned();
    headers.remove(header::RANGE);
    if let Some(range) = part {
        let mut for_part = request.clone();
        for_part.headers_mut().insert(header::RANGE, range);
        let response = ServeFile::new(path).try_call(for_part).await?;
        // A range of another version than the present one would not fit what the client has.
        let same = version.is_none_or(|version| {
            let marks = [header::ETAG, header::LAST_MODIFIED];
            marks
                .iter()
                .any(|mark| response.headers().get(mark) == Some(&version))
        });
        if same {
            return Ok(response.map(Body::new));
        }
    }
    let response = ServeFile::new(path).try_call(request).await?;
    Ok(response.map(Body::new))
}

/// The whole of a file without a date, at which [`ServeFile`] would panic.
async fn undated(path: &Path, size: u64) -> io::Result<Response> {
    let file = tokio::fs::File::open(path).await?;
    let mut response = Response::new(Body::new(AsyncReadBody::with_capacity(file, CHUNK)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, size.into());
    Ok(response)
}

/// Whether a header can name a time: that of a file can be anything.
fn is_date(time: SystemTime) -> bool {
    let since = time.duration_since(UNIX_EPOCH);
    since.is_ok_and(|since| since.as_secs() <= LAST)
}

/// The value of a header. Of one that comes twice there is no telling which one is meant.
fn only(headers: &HeaderMap, name: HeaderName) -> Option<&HeaderValue> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    first.filter(|_| values.next().is_none())
}

/// The type of a file's content, by its name. Text is UTF-8; compressed files stay compressed, as
/// genome browsers expect.
fn content_type(path: &Path) -> HeaderValue {
    let extension = path.extension().and_then(|extension| extension.to_str());
    match extension.unwrap_or_default().to_ascii_lowercase().as_str() {
        // Tables and such, which a web browser is to show: the register of types takes some of
        // them for downloads or for something else, such as `ra` for sound.
        "as" | "bed" | "bedpe" | "csv" | "fa" | "fai" | "fasta" | "gtf" | "gff" | "gff3" | "md"
        | "ra" | "sizes" | "toml" | "tsv" | "vcf" => {
            HeaderValue::from_static("text/plain; charset=utf-8")
        }
        "bgz" => HeaderValue::from_static("application/gzip"),
        _ => {
            let guess = mime_guess::from_path(path).first_or_octet_stream();
            let is_text = guess.type_() == mime::TEXT || guess.subtype() == mime::JSON;
            let charset = if is_text { "; charset=utf-8" } else { "" };
            HeaderValue::try_from(format!("{guess}{charset}"))
                .unwrap_or(HeaderValue::from_static("application/octet-stream"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn times_that_a_header_cannot_name_are_no_date() {
        let second = Duration::from_secs(1);
        let last = UNIX_EPOCH + Duration::from_secs(LAST);
        assert!(is_date(UNIX_EPOCH) && is_date(last));
        assert!(!is_date(UNIX_EPOCH - second) && !is_date(last + second));
    }

    #[test]
    fn types_go_by_the_last_extension_in_any_case() {
        for (name, wanted) in [
            ("hub.txt", "text/plain; charset=utf-8"),
            ("a.b.HTML", "text/html; charset=utf-8"),
            ("view.css", "text/css; charset=utf-8"),
            ("view.js", "text/javascript; charset=utf-8"),
            ("a.json", "application/json; charset=utf-8"),
            ("a.BED", "text/plain; charset=utf-8"),
            ("trackDb.ra", "text/plain; charset=utf-8"),
            ("a.svg", "image/svg+xml"),
            ("genome.fa.gz", "application/gzip"),
            ("a.bed.bgz", "application/gzip"),
            ("a.bw", "application/octet-stream"),
            ("a.bb", "application/octet-stream"),
            ("json", "application/octet-stream"),
        ] {
            assert_eq!(content_type(Path::new(name)), wanted, "{name}");
        }
    }
}
