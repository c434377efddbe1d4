//! What a template made → what its ending asks for: JSON and XML are read once, so that a value that was not escaped is told
//! and never published; lines of a calendar or a card are folded as RFC 5545 and RFC 6350 want them.

use serde::de::IgnoredAny;

/// Octets of a line of a calendar without its end (RFC 5545, 3.1).
const LINE: usize = 75;

/// The text as it is published; the reason why it is no file of this kind.
pub(super) fn formed(ending: &str, text: String) -> Result<String, String> {
    match ending {
        "json" | "webmanifest" | "jsonld" | "geojson" => match serde_json::from_str::<IgnoredAny>(&text) {
            Ok(_) => Ok(format!("{}\n", text.trim())),
            Err(error) => Err(format!("{error}{}", near(&text, error.line(), error.column()))),
        },
        "xml" | "svg" => well_formed(&text).map(|()| text),
        "ics" => folded(&text, "VCALENDAR"),
        "vcf" => folded(&text, "VCARD"),
        _ => Ok(text),
    }
}

/// The words around a place of the output, because nobody has seen it yet.
fn near(text: &str, line: usize, column: usize) -> String {
    let line: Vec<char> = text.lines().nth(line.saturating_sub(1)).unwrap_or_default().chars().collect();
    // The column counts bytes; among Chinese it lies at most that far behind.
    let at = column.min(line.len());
    let around: String = line[at.saturating_sub(20)..(at + 20).min(line.len())].iter().collect();
    if around.trim().is_empty() { String::new() } else { format!(": …{}…", around.trim()) }
}

fn well_formed(text: &str) -> Result<(), String> {
    let mut reader = quick_xml::Reader::from_str(text.trim_start());
    let mut open = 0usize;
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) if open == 0 => return Ok(()),
            Ok(quick_xml::events::Event::Eof) => return Err("an element does not end".into()),
            Ok(quick_xml::events::Event::Start(_)) => open += 1,
            Ok(quick_xml::events::Event::End(_)) => open = open.saturating_sub(1),
            Ok(_) => {}
            Err(error) => return Err(error.to_string()),
        }
    }
}

/// Lines with CRLF, none empty, none indented (a space at the start goes on with the line before), none too long.
fn folded(text: &str, object: &str) -> Result<String, String> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let wanted = [format!("BEGIN:{object}"), format!("END:{object}")];
    if lines.first() != Some(&wanted[0].as_str()) || lines.last() != Some(&wanted[1].as_str()) {
        return Err(format!("{} … {}", wanted[0], wanted[1]));
    }
    let mut out = String::with_capacity(text.len() + text.len() / 20);
    for line in lines {
        let name = line.split([':', ';']).next().unwrap_or_default();
        if name.len() == line.len() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte)) {
            return Err(line.to_string());
        }
        fold(line, &mut out);
    }
    Ok(out)
}

fn fold(line: &str, out: &mut String) {
    let mut octets = 0;
    for c in line.chars() {
        if octets + c.len_utf8() > LINE {
            out.push_str("\r\n ");
            octets = 1;
        }
        out.push(c);
        octets += c.len_utf8();
    }
    out.push_str("\r\n");
}

/// A text as a value of a calendar or a card (RFC 5545, 3.3.11).
pub(super) fn ics(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// `2026-09-01T08:30:00+08:00` → `20260901T003000Z`, `2026-09-01` → `20260901`; `None` for what is no date.
pub(super) fn ics_date(text: &str) -> Option<String> {
    match text.parse::<jiff::Timestamp>() {
        Ok(at) => Some(at.strftime("%Y%m%dT%H%M%SZ").to_string()),
        Err(_) => Some(text.parse::<jiff::civil::Date>().ok()?.strftime("%Y%m%d").to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_calendar_have_at_most_75_octets_and_never_cut_a_character() {
        let long = "关于组织干部职工参加义务植树的通知".repeat(5);
        let text = format!("\nBEGIN:VCALENDAR\n  SUMMARY:{long}\n\nEND:VCALENDAR\n\n");
        let folded = formed("ics", text).unwrap();
        assert!(folded.ends_with("END:VCALENDAR\r\n"));
        assert!(folded.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "{folded}");
        assert!(folded.split("\r\n").any(|line| line.len() > 70));
        assert_eq!(folded.replace("\r\n ", ""), format!("BEGIN:VCALENDAR\r\nSUMMARY:{long}\r\nEND:VCALENDAR\r\n"));
    }

    #[test]
    fn a_calendar_that_is_none_is_refused() {
        assert!(formed("ics", "BEGIN:VCALENDAR\nSUMMARY:a".into()).is_err());
        // A line break inside a value that was not escaped.
        let broken = "BEGIN:VCALENDAR\nSUMMARY:甲\n乙\nEND:VCALENDAR\n";
        assert_eq!(formed("ics", broken.into()).unwrap_err(), "乙");
    }

    #[test]
    fn text_in_a_calendar_is_escaped() {
        assert_eq!(ics("甲；乙;丙,丁\\\r\n戊"), "甲；乙\\;丙\\,丁\\\\\\n戊");
        assert_eq!(ics_date("2026-09-01T08:30:00+08:00").as_deref(), Some("20260901T003000Z"));
        assert_eq!(ics_date("2026-09-01").as_deref(), Some("20260901"));
        assert_eq!(ics_date("明天"), None);
    }

    #[test]
    fn json_with_a_value_that_was_not_escaped_is_refused_with_the_words_around_it() {
        assert_eq!(formed("json", " {\"a\": 1}\n\n".into()).unwrap(), "{\"a\": 1}\n");
        let error = formed("json", "{\"title\": \"关于\"节约\"的通知\"}".into()).unwrap_err();
        assert!(error.contains("line 1") && error.contains("节约"), "{error}");
        assert!(formed("json", "{\"a\": 1,}".into()).is_err());
    }

    #[test]
    fn xml_that_does_not_end_is_refused() {
        assert!(formed("xml", "<a><b/></a>".into()).is_ok());
        assert!(formed("xml", "<a><b></a>".into()).is_err());
        assert!(formed("xml", "<a>".into()).is_err());
        assert_eq!(formed("txt", "<a> {".into()).unwrap(), "<a> {");
    }
}
