//! What is answered to which request.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::HttpBody;
use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Redirect, Response};
use tokio::task::spawn_blocking;
use tower_http::cors::{Any, CorsLayer};
use tracing::info;

use super::file;
use super::listing;
use super::root::{Destination, Root};

/// The methods that are answered.
const METHODS: &str = "GET, HEAD, OPTIONS";
/// For how long a browser need not ask again what it may ask for.
const DAY: Duration = Duration::from_secs(86_400);

/// Answers requests for what is in the folder, also those that pages of other sites make
/// (<https://fetch.spec.whatwg.org/#http-cors-protocol>).
///
/// On a loopback address, requests that name another host than this machine or one of `hosts` are refused.
pub fn router(root: Root, address: IpAddr, hosts: Vec<String>) -> Router {
    let hosts = Arc::new(hosts);
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD, Method::OPTIONS])
        .allow_headers([header::RANGE, header::IF_RANGE, header::CONTENT_TYPE])
        .expose_headers([
            header::ACCEPT_RANGES,
            header::CONTENT_ENCODING,
            header::CONTENT_LENGTH,
            header::CONTENT_RANGE,
        ])
        .max_age(DAY);
    Router::new()
        .fallback(answer)
        .layer(cors)
        .layer(middleware::from_fn(move |request: Request, next: Next| {
            let known = !address.is_loopback() || names_this_machine(&request, &hosts);
            async move {
                match known {
                    true => next.run(request).await,
                    false => plain(StatusCode::MISDIRECTED_REQUEST),
                }
            }
        }))
        .layer(middleware::from_fn(complete))
        .with_state(Arc::new(root))
}

/// Whether a request is for a name of this machine alone, for one of some others, or for none.
fn names_this_machine(request: &Request, hosts: &[String]) -> bool {
    let host = request.headers().get(header::HOST);
    let host = host.map(|host| Authority::try_from(host.as_bytes()).ok());
    // Of an address as proxies get it; without `http://` it is a path that is none.
    let target = request.uri().scheme().and(request.uri().authority());
    let target = target.cloned().map(Some);
    host.into_iter().chain(target).all(|authority| {
        let Some(authority) = authority else {
            return false;
        };
        let name = authority.host().trim_matches(['[', ']']);
        let number = name.parse::<IpAddr>();
        let known = hosts.iter().any(|host| host.eq_ignore_ascii_case(name));
        known
            || name.eq_ignore_ascii_case("localhost")
            || number.is_ok_and(|number| number.is_loopback())
    })
}

/// Says what every answer says, and writes it down.
async fn complete(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let target = request.uri().to_string();
    let has_body = !request.body().is_end_stream();
    let mut response = next.run(request).await;

    let headers = response.headers_mut();
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    // Makes a browser see a track that was made anew.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let nosniff = HeaderValue::from_static("nosniff");
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    if has_body {
        // Nobody reads it, so that no other request can be found behind it.
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if method == Method::OPTIONS {
        headers.insert(header::ALLOW, HeaderValue::from_static(METHODS));
        *response.status_mut() = StatusCode::NO_CONTENT;
    }
    info!("{method} {target:?} {}", response.status().as_u16());
    response
}

async fn answer(State(root): State<Arc<Root>>, request: Request) -> Response {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        let allow = [(header::ALLOW, METHODS)];
        return (allow, plain(StatusCode::METHOD_NOT_ALLOWED)).into_response();
    }
    look_up(root, request)
        .await
        .unwrap_or_else(|error| failure(&error))
}

async fn look_up(root: Arc<Root>, request: Request) -> io::Result<Response> {
    let path = request.uri().path().to_string();
    let finder = Arc::clone(&root);
    Ok(match spawn_blocking(move || finder.find(&path)).await?? {
        None => plain(StatusCode::NOT_FOUND),
        Some(Destination::Moved(address)) => Redirect::permanent(&address).into_response(),
        Some(Destination::Folder(path, name)) => {
            let page = spawn_blocking(move || listing::page(&root, &path, &name));
            Html(page.await??).into_response()
        }
        Some(Destination::File(opened)) => file::send(&opened, request.map(drop)).await?,
    })
}

/// An answer that says only its status.
fn plain(status: StatusCode) -> Response {
    (status, format!("{status}\n")).into_response()
}

fn failure(error: &io::Error) -> Response {
    plain(match error.kind() {
        io::ErrorKind::NotFound => StatusCode::NOT_FOUND,
        io::ErrorKind::PermissionDenied => StatusCode::FORBIDDEN,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    })
}
