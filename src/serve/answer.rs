//! One request → one answer. Knows HTTP; knows nothing of how pages come about.
//!
//! A path of a request is only ever compared with the outputs of the preview, never joined to a folder, so nothing outside
//! of them can be asked for.

use std::convert::Infallible;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};
use tokio_stream::wrappers::{BroadcastStream, ReceiverStream};
use tokio_stream::{Stream, StreamExt};

use super::Server;
use crate::command;
use crate::file::{Hash, OutputPath, Url, media_type};
use crate::link::base_path;
use crate::message::Lang;
use crate::plan::Recipe;
use crate::problem::{Problem, Severity};
use crate::report;
use crate::screen::{self, ScreenPlan};
use crate::screenfeed;

const LIVE: &str = include_str!("live.js");
const SCRIPT_PATH: &str = "/__civicast/live.js";
/// Loaded by the script on pages whose document is for screens.
const FRAME: &str = include_str!("frame.js");

/// All addresses. `is_local`: only this machine can reach us.
pub(super) fn routes(server: Arc<Server>, is_local: bool) -> Router {
    let guard = server.clone();
    Router::new()
        .route("/__civicast/events", get(events))
        .route(SCRIPT_PATH, get(|| async { typed("live.js", Body::from(LIVE)) }))
        .route("/__civicast/frame.js", get(|| async { typed("frame.js", Body::from(FRAME)) }))
        .route("/__civicast/state", get(state))
        .fallback(get(page))
        .layer(axum::middleware::from_fn(move |request: Request, next: axum::middleware::Next| {
            let policy = policy(&guard);
            async move {
                match is_local && !is_own_name(request.headers()) {
                    true => (StatusCode::FORBIDDEN, "Host?\n").into_response(),
                    false => guarded(next.run(request).await, policy),
                }
            }
        }))
        .with_state(server)
}

/// The policy of the theme as a header, so that what it forbids is seen in the preview. Only our own pages may show ours in a
/// frame, which a meta tag cannot say.
fn policy(server: &Server) -> Option<HeaderValue> {
    let shown = server.newest();
    let policy = shown.preview.index.as_ref().map_or("", |index| index.world().theme.policy());
    let full =
        if policy.is_empty() { "frame-ancestors 'self'".into() } else { format!("{policy}; frame-ancestors 'self'") };
    HeaderValue::from_str(&full).ok()
}

/// The headers of docs/nginx.conf.
fn guarded(mut response: Response, policy: Option<HeaderValue>) -> Response {
    let headers = response.headers_mut();
    headers.extend(policy.map(|policy| (header::CONTENT_SECURITY_POLICY, policy)));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
    response
}

/// A page of another site whose name was pointed at this machine must not read drafts through the visitor's browser.
fn is_own_name(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(""),
        None => host.split(':').next().unwrap_or(""),
    };
    name == "localhost" || name.ends_with(".localhost") || name.parse::<std::net::IpAddr>().is_ok()
}

async fn page(State(server): State<Arc<Server>>, uri: Uri, headers: HeaderMap) -> Response {
    // Rendering takes milliseconds to seconds and must not hold up the events.
    let answer = tokio::task::spawn_blocking(move || answer(&server, &uri, &headers)).await;
    answer.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// Where a request path leads.
enum Way {
    Output(OutputPath),
    Redirect(String),
    Nowhere,
}

fn way(server: &Server, path: &str) -> Way {
    let shown = server.newest();
    let base = base_path(&shown.preview.config);
    if !base.is_empty() && (path == "/" || path == base) {
        return Way::Redirect(format!("{base}/"));
    }
    let below = path.strip_prefix(base).filter(|rest| rest.starts_with('/')).unwrap_or(path);
    let decoded = command::percent_decoded(below);
    let jobs = &shown.preview.jobs;
    let output = Url::new(&decoded).output();
    if jobs.has(&output) {
        return Way::Output(output);
    }
    if !decoded.ends_with('/') && jobs.has(&Url::new(&format!("{decoded}/")).output()) {
        return Way::Redirect(format!("{path}/"));
    }
    Way::Nowhere
}

fn answer(server: &Server, uri: &Uri, headers: &HeaderMap) -> Response {
    let not_found = OutputPath::new("404.html");
    let (status, output) = match way(server, uri.path()) {
        Way::Redirect(to) => {
            let to = uri.query().map_or(to.clone(), |query| format!("{to}?{query}"));
            return (StatusCode::TEMPORARY_REDIRECT, no_store([(header::LOCATION, to)])).into_response();
        }
        Way::Output(output) => (StatusCode::OK, output),
        Way::Nowhere => (StatusCode::NOT_FOUND, not_found),
    };
    if let Some(file) = server.large(&output).filter(|_| status == StatusCode::OK) {
        return large(file, output.as_str(), headers)
            .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response());
    }
    let is_html = output.as_str().ends_with(".html");
    match server.bytes(&output) {
        Some(bytes) if is_html => (status, typed(output.as_str(), Body::from(with_script(&bytes)))).into_response(),
        Some(bytes) => (status, typed(output.as_str(), Body::from(bytes.to_vec()))).into_response(),
        // Nothing can be shown; the script at least says why.
        None => {
            let status = if status == StatusCode::OK { StatusCode::INTERNAL_SERVER_ERROR } else { status };
            let bare = b"<!doctype html><meta charset=\"utf-8\"><title>civicast</title>\n";
            (status, typed("index.html", Body::from(with_script(bare)))).into_response()
        }
    }
}

/// A file piece by piece, or the part of it that was asked for: players of video jump.
fn large(mut file: File, name: &str, headers: &HeaderMap) -> std::io::Result<Response> {
    let size = file.metadata()?.len();
    let wanted = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    let part = match wanted.map(|wanted| range(wanted, size)) {
        None => None,
        Some(Some(part)) => Some(part),
        Some(None) => {
            let all = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, all).into_response());
        }
    };
    let (start, end) = part.unwrap_or((0, size));
    file.seek(SeekFrom::Start(start))?;
    let (pieces, body) = tokio::sync::mpsc::channel::<std::io::Result<Vec<u8>>>(4);
    tokio::task::spawn_blocking(move || {
        let mut rest = file.take(end - start);
        loop {
            let mut piece = Vec::with_capacity(PIECE);
            let read = rest.by_ref().take(PIECE as u64).read_to_end(&mut piece);
            let is_end = !matches!(read, Ok(1..));
            // The browser has gone when nobody takes it.
            if matches!(read, Ok(0)) || pieces.blocking_send(read.map(|_| piece)).is_err() || is_end {
                return;
            }
        }
    });
    let mut response = typed(name, Body::from_stream(ReceiverStream::new(body)));
    response.headers_mut().insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(end - start));
    if part.is_some() {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        if let Ok(value) = HeaderValue::from_str(&format!("bytes {start}-{}/{size}", end - 1)) {
            response.headers_mut().insert(header::CONTENT_RANGE, value);
        }
    }
    Ok(response)
}

/// Bytes that are in memory at a time.
const PIECE: usize = 256 << 10;

/// `bytes=0-99`, `bytes=100-`, `bytes=-100` (RFC 9110, 14.1.2) as first byte and the byte after the last.
fn range(text: &str, size: u64) -> Option<(u64, u64)> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let (start, end) = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(start), Ok(last)) => (start, last.saturating_add(1).min(size)),
        (Ok(start), Err(_)) if last.is_empty() => (start, size),
        (Err(_), Ok(count)) if first.is_empty() => (size.saturating_sub(count), size),
        _ => return None,
    };
    (start < end).then_some((start, end))
}

/// The built page plus one script, which knows by a hash which page it stands on.
fn with_script(html: &[u8]) -> Vec<u8> {
    let script = format!("<script src=\"{SCRIPT_PATH}\" data-page=\"{}\" defer></script>\n", page_hash(html));
    [html, script.as_bytes()].concat()
}

fn page_hash(bytes: &[u8]) -> String {
    Hash::of(bytes).short(16)
}

/// What the script asks for: is the page still the same, and what is wrong.
async fn state(State(server): State<Arc<Server>>, uri: Uri) -> Response {
    let path = uri.query().and_then(|query| query.strip_prefix("path=")).unwrap_or("/").to_string();
    let made = tokio::task::spawn_blocking(move || {
        let output = match way(&server, &command::percent_decoded(&path)) {
            Way::Output(output) => output,
            Way::Redirect(_) | Way::Nowhere => OutputPath::new("404.html"),
        };
        let page = server.bytes(&output).map(|bytes| page_hash(&bytes));
        let mut value = overlay(&server, page);
        if let (Some(value), Some(screens)) = (value.as_object_mut(), beside(&server, &output)) {
            value.extend(screens);
        }
        value
    });
    match made.await {
        Ok(value) => typed("state.json", Body::from(value.to_string())),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Problems that are sent to a browser; the terminal has the rest.
const SENT: usize = 20;

fn overlay(server: &Server, page: Option<String>) -> Value {
    let lang = server.voice.lang;
    let problems = server.problems();
    let count = |severity| problems.iter().filter(|p| p.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let code = if errors == 0 { "overlay-warnings" } else { "overlay-title" };
    let title = report::sentence(lang, code, &[("tally", command::tally(&problems, lang))]);
    let one = |problem: &Problem| {
        let mut value = report::problem_json(problem, lang);
        value["place"] = json!(problem.place.as_ref().map(ToString::to_string));
        value["text"] = json!(problem.place.as_ref().map(|place| report::cut(&place.text, 200)));
        value
    };
    let first_errors = problems.iter().filter(|p| p.severity == Severity::Error);
    let warnings_then = problems.iter().filter(|p| p.severity == Severity::Warning);
    json!({
        "page": page,
        "lang": if lang == Lang::Zh { "zh-CN" } else { "en" },
        "errors": errors,
        "warnings": warnings,
        "title": title,
        "close": report::words("overlay-close", lang),
        "problems": first_errors.chain(warnings_then).take(SENT).map(one).collect::<Vec<_>>(),
    })
}

/// For the frame beside the page of a document that is for screens: each screen that shows its kind, and whether it plays
/// there now, with the reason.
fn beside(server: &Server, output: &OutputPath) -> Option<serde_json::Map<String, Value>> {
    let shown = server.newest();
    let preview = &shown.preview;
    // Screens show documents of the main language; editions count their pages by themselves.
    let job = preview.jobs.get(output).filter(|job| job.edition == 0)?;
    let Recipe::Document(page) = job.recipe else { return None };
    let world = preview.index.as_ref()?.world();
    let lang = server.voice.lang;
    let one = |plan: &ScreenPlan| {
        let screen = plan.settings(&world.site);
        let verdict = screen::why(&world.site, &preview.calendar, plan, page, world.site.now)?;
        Some(json!({
            "id": screen.id, "name": screen.name, "width": screen.size.0, "height": screen.size.1,
            "address": world.href(&Url::new(&format!("/screens/{}/", screen.id))),
            "item": screenfeed::item_id(&world.site, page),
            "plays": verdict.plays, "why": report::sentence(lang, verdict.code, &verdict.args),
        }))
    };
    let screens: Vec<Value> = preview.screens.iter().filter_map(one).collect();
    let words = ["title", "fold", "own", "live", "back", "on", "seconds", "next", "up", "day"];
    // The script fills in what it finds in the feed.
    let blank = [("seconds", "{seconds}".to_string()), ("when", "{when}".to_string())];
    let word = |name: &&str| {
        let message = crate::message::find(&format!("frame-{name}"))?;
        Some((name.to_string(), json!(message.text(lang, &blank))))
    };
    let values = json!({
        "now": world.site.now.as_second(),
        "player": world.href(&Url::new("/screens/player.js")),
        "screens": screens,
        "words": words.iter().filter_map(word).collect::<serde_json::Map<_, _>>(),
    });
    values.as_object().cloned()
}

async fn events(State(server): State<Arc<Server>>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    // A reader that fell behind needs to know only that something moved.
    let moved = BroadcastStream::new(server.moved.subscribe()).map(|_| Ok(Event::default().data("moved")));
    let first = tokio_stream::once(Ok(Event::default().data("hello")));
    Sse::new(first.chain(moved)).keep_alive(KeepAlive::default())
}

fn typed(name: &str, body: Body) -> Response {
    (no_store([(header::CONTENT_TYPE, media_type(name).to_string())]), body).into_response()
}

fn no_store(headers: [(header::HeaderName, String); 1]) -> [(header::HeaderName, String); 3] {
    let [first] = headers;
    let plain = |name, value: &str| (name, value.to_string());
    [first, plain(header::CACHE_CONTROL, "no-store"), plain(header::X_CONTENT_TYPE_OPTIONS, "nosniff")]
}

#[cfg(test)]
mod tests {
    //! What needs no site.

    use super::*;

    #[test]
    fn a_foreign_name_for_this_machine_is_refused() {
        let check = |host: &str, expected: bool| {
            let headers = HeaderMap::from_iter([(header::HOST, host.parse().expect("a header value"))]);
            assert_eq!(is_own_name(&headers), expected, "{host}");
        };
        check("localhost:8020", true);
        check("127.0.0.1:8020", true);
        check("[::1]:8020", true);
        check("evil.example:8020", false);
        check("localhost.evil.example", false);
    }

    #[test]
    fn a_part_of_a_file_is_asked_for_in_three_ways() {
        let check = |text: &str, expected| assert_eq!(range(text, 1000), expected, "{text}");
        check("bytes=0-99", Some((0, 100)));
        check("bytes=900-", Some((900, 1000)));
        check("bytes=-100", Some((900, 1000)));
        check("bytes=0-5000", Some((0, 1000)));
        check("bytes=1000-", None);
        check("bytes=9-3", None);
        check("bytes=a-b", None);
        check("lines=0-1", None);
    }

    #[test]
    fn text_is_utf_8_and_the_unknown_is_bytes() {
        assert_eq!(media_type("a/index.html"), "text/html; charset=utf-8");
        assert_eq!(media_type("feed.xml"), "application/xml; charset=utf-8");
        assert_eq!(media_type("a"), "application/octet-stream");
    }

    #[test]
    fn the_served_page_is_the_built_page_plus_one_script() {
        let page = with_script(b"<p>a</p>\n");
        let text = String::from_utf8(page).expect("text");
        assert!(text.starts_with("<p>a</p>\n<script src=\"/__civicast/live.js\" data-page=\""), "{text}");
        assert_eq!(text.matches("<script").count(), 1);
    }
}
