//! Where the front matter of a file begins and ends, and in which language it is. Tolerates what is clear (blank lines
//! above, full-width fences) and reports a fence that is missing, with the place where it belongs.

use crate::problem::Problem;
use crate::tree::{Span, Syntax, TextFile};

/// A file, divided.
#[derive(Debug)]
pub(super) struct Split {
    /// The front matter without its fences; `None` when there is none.
    pub(super) front: Option<(Span, Syntax)>,
    /// Where the body begins.
    pub(super) body: usize,
}

/// Front matter above this size was not written by a person.
const MAX_FRONT_MATTER: usize = 64 * 1024;

pub(super) fn split(file: &TextFile) -> (Split, Vec<Problem>) {
    let text = &file.text;
    let start = text.len() - text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').len();
    let opening = line_at(text, start);
    let Some(syntax) = fence(opening) else { return (Split { front: None, body: 0 }, Vec::new()) };
    let front = (start + opening.len() + 1).min(text.len());
    let mut problems = Vec::new();
    if opening.trim_end() != fence_text(syntax) {
        // Something like `————` may be a rule of the text; what follows says which.
        if !lines(text, front).find(|(_, line)| !line.trim().is_empty()).is_some_and(|(_, line)| looks_like_key(line)) {
            return (Split { front: None, body: 0 }, Vec::new());
        }
        problems.push(odd_fence(file, start, opening, syntax));
    }
    let closing = lines(text, front).find(|(_, line)| line.trim_end() == fence_text(syntax));
    let (end, body) = match closing.or_else(|| odd_closing(file, front, syntax, &mut problems)) {
        Some((at, line)) => (at, (at + line.len() + 1).min(text.len())),
        None => match unclosed(file, start, front, syntax) {
            Some((problem, end)) => {
                problems.push(problem);
                (end, end)
            }
            // A rule (`---`) at the beginning of a text.
            None => return (Split { front: None, body: 0 }, problems),
        },
    };
    if end - front > MAX_FRONT_MATTER {
        let problem = Problem::new("too-much-data").at(file.place(Span::new(start, start + opening.len())));
        problems.push(problem.with("limit", MAX_FRONT_MATTER / 1024));
        return (Split { front: Some((Span::new(front, front), syntax)), body }, problems);
    }
    (Split { front: Some((Span::new(front, end), syntax)), body }, problems)
}

fn line_at(text: &str, start: usize) -> &str {
    text[start..].split('\n').next().unwrap_or("")
}

/// The lines from `start` on, each with its offset.
fn lines(text: &str, start: usize) -> impl Iterator<Item = (usize, &str)> {
    text[start..].split('\n').scan(start, |at, line| {
        let here = *at;
        *at += line.len() + 1;
        Some((here, line))
    })
}

fn fence_text(syntax: Syntax) -> &'static str {
    match syntax {
        Syntax::Toml => "+++",
        Syntax::Yaml => "---",
    }
}

/// `+++` and `---`, and what Word and input methods make of them: `＋＋＋`, `－－－`, `———`, `----`.
fn fence(line: &str) -> Option<Syntax> {
    let line = line.trim_end();
    let count = line.chars().count();
    let all = |set: &str| line.chars().all(|c| set.contains(c));
    match () {
        () if count > 10 || (count < 3 && !(count > 0 && all("—"))) => None,
        () if all("+＋") => Some(Syntax::Toml),
        () if all("-－—–") => Some(Syntax::Yaml),
        () => None,
    }
}

fn odd_fence(file: &TextFile, start: usize, line: &str, syntax: Syntax) -> Problem {
    let place = file.place(Span::new(start, start + line.trim_end().len()));
    Problem::new("odd-fence").at(place).with("found", line.trim_end()).fix(fence_text(syntax))
}

/// A closing fence that is not quite one, directly after lines of front matter.
fn odd_closing<'t>(
    file: &'t TextFile<'t>,
    front: usize,
    syntax: Syntax,
    problems: &mut Vec<Problem>,
) -> Option<(usize, &'t str)> {
    let (at, line) = lines(&file.text, front).find(|(_, line)| fence(line).is_some())?;
    let above = lines(&file.text, front).take_while(|(offset, _)| *offset < at);
    if above.filter(|(_, line)| !line.trim().is_empty()).take(500).any(|(_, line)| is_prose(line, syntax)) {
        return None;
    }
    problems.push(odd_fence(file, at, line, syntax));
    Some((at, line))
}

/// No closing fence: the front matter ends before the first line that cannot belong to it. `None` when there is no front
/// matter at all.
fn unclosed(file: &TextFile, start: usize, front: usize, syntax: Syntax) -> Option<(Problem, usize)> {
    let mut end = front;
    let mut last: Option<(usize, &str)> = None;
    for (at, line) in lines(&file.text, front) {
        if line.trim().is_empty() {
            continue;
        }
        if is_prose(line, syntax) || at - front > MAX_FRONT_MATTER {
            break;
        }
        last = Some((at, line));
        end = (at + line.len() + 1).min(file.text.len());
    }
    if last.is_none() && syntax == Syntax::Yaml {
        return None;
    }
    let (at, line) = last.unwrap_or((start, line_at(&file.text, start)));
    let place = file.place(Span::new(start, start + 3));
    let line_number = file.place(Span::new(at, at)).line;
    let problem = Problem::new("unclosed-front-matter").at(place).with("fence", fence_text(syntax));
    let problem = problem.with("line", line_number).with("text", line.trim());
    Some((problem.fix(format!("{}\n{}", line.trim_end(), fence_text(syntax))), end))
}

/// A line that neither TOML nor YAML would have: a heading, a sentence.
fn is_prose(line: &str, syntax: Syntax) -> bool {
    let indented = line.starts_with([' ', '\t']);
    let line = line.trim();
    let is_heading = line.starts_with("# ") && !line.contains(['=', ':', '：']) || line.starts_with("##");
    let continues =
        line.starts_with(['[', ']', '{', '}', '"', '\'', '#']) || (syntax == Syntax::Yaml && line.starts_with("- "));
    is_heading || !(continues || indented || looks_like_key(line))
}

fn looks_like_key(line: &str) -> bool {
    let line = line.trim_start();
    if line.starts_with('[') {
        return true;
    }
    let word = |c: char| c.is_alphanumeric() || "_-.\"'“” \u{3000}".contains(c);
    let after = line.trim_start_matches(word);
    let key = &line[..line.len() - after.len()];
    !key.trim().is_empty() && key.chars().count() <= 40 && after.starts_with(['=', ':', '：', '＝'])
}
