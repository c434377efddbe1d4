//! The command line: the only file that knows flags.
//!
//! Arguments and environment become plain structs for `command` and `serve`; their outcome becomes an exit code: 0 fine,
//! 1 problems in the site, 2 a fault or a wrong command line. Help texts stand in the table of messages, in both languages.

use std::ffi::OsString;
use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::process::ExitCode;

use civicast::command::{self, Build, Described, Listed, Now, Site};
use civicast::document::Kind;
use civicast::message::Lang;
use civicast::pipeline;
use civicast::problem::Fault;
use civicast::report::{self, Data, Outcome, Voice, Volume};
use civicast::serve;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

/// See `Cargo.toml`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(name = "civicast", version)]
struct Line {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Args)]
struct Global {
    #[arg(long, value_name = "DIR", default_value = ".", hide_default_value = true, global = true)]
    site: PathBuf,
    #[arg(long, value_name = "KEY=VALUE", global = true)]
    set: Vec<String>,
    #[arg(long, value_name = "LANG", value_parser = ["zh", "en"], hide_possible_values = true, global = true)]
    lang: Option<String>,
    #[arg(long, global = true)]
    json: bool,
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    quiet: bool,
    #[arg(long, short, global = true)]
    verbose: bool,
}

#[derive(Subcommand)]
enum Command {
    Init {
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    New {
        #[arg(value_parser = kinds(), hide_possible_values = true)]
        kind: Kind,
        title: String,
    },
    Build {
        #[arg(long, value_name = "DIR")]
        output: Option<PathBuf>,
        #[arg(long, value_name = "T")]
        now: Option<String>,
        #[arg(long, value_name = "URL")]
        base_url: Option<String>,
        #[arg(long)]
        drafts: bool,
        #[arg(long)]
        watch: bool,
        #[arg(long)]
        durable: bool,
        #[arg(long)]
        timings: bool,
    },
    Serve {
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1", hide_default_value = true)]
        host: String,
        #[arg(long, default_value = "8020", hide_default_value = true)]
        port: u16,
        #[arg(long, value_name = "T")]
        now: Option<String>,
        #[arg(long, value_name = "URL")]
        base_url: Option<String>,
        #[arg(long)]
        drafts: bool,
        #[arg(long)]
        open: bool,
    },
    Check {
        #[arg(long, value_name = "T")]
        now: Option<String>,
        #[arg(long)]
        drafts: bool,
    },
    List {
        #[arg(long, group = "which")]
        future: bool,
        #[arg(long, group = "which")]
        expired: bool,
        #[arg(long, group = "which")]
        drafts: bool,
        #[arg(long, group = "which")]
        changes: bool,
        #[arg(long, value_name = "T")]
        now: Option<String>,
    },
    Screens {
        #[command(subcommand)]
        what: Screens,
    },
    Why {
        #[arg(value_name = "URL")]
        target: String,
        #[arg(long, value_name = "T")]
        now: Option<String>,
        #[arg(long)]
        drafts: bool,
    },
    Theme {
        #[command(subcommand)]
        what: Theme,
    },
    Schema {
        #[arg(value_enum, hide_possible_values = true)]
        what: Schema,
    },
    Completions {
        #[arg(hide_possible_values = true)]
        shell: clap_complete::Shell,
    },
    Man,
}

#[derive(Subcommand)]
enum Theme {
    Check,
    Eject,
}

#[derive(Subcommand)]
enum Screens {
    List,
    At {
        screen: String,
        #[arg(value_name = "T")]
        instant: Option<String>,
    },
    Day {
        screen: String,
        date: Option<String>,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Schema {
    Config,
    FrontMatter,
    Screens,
    Feed,
}

fn kinds() -> impl TypedValueParser<Value = Kind> {
    let named = |name: String| command::KINDS.iter().find(|(known, _)| *known == name).map_or(Kind::Page, |k| k.1);
    PossibleValuesParser::new(command::KINDS.iter().map(|(name, _)| *name)).map(named)
}

fn main() -> ExitCode {
    let (arguments, environment): (Vec<OsString>, Vec<(OsString, OsString)>) =
        (std::env::args_os().collect(), std::env::vars_os().collect());
    let environment: Vec<(String, String)> = environment
        .into_iter()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let lang = language(&arguments, &environment);
    let matches = match worded(Line::command(), lang).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => return misused(&error, lang),
    };
    let line = match Line::from_arg_matches(&matches) {
        Ok(line) => line,
        Err(error) => return misused(&error, lang),
    };
    let volume = match (line.global.quiet, line.global.verbose) {
        (true, _) => Volume::Quiet,
        (_, true) => Volume::Verbose,
        _ => Volume::Normal,
    };
    let voice = Voice { lang, json: line.global.json, volume };
    match run(line, &voice, &environment) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(stop) => {
            match stop {
                Stop::Fault(fault) => report::fault(&voice, &fault),
                Stop::Usage(code, value) => report::misuse(&voice, code, &[("value", value)]),
            }
            ExitCode::from(2)
        }
    }
}

/// Why a command did not come to an end.
enum Stop {
    Fault(Fault),
    /// A wrong value in the command line: code of the message, and the value.
    Usage(&'static str, String),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Stop {
        Stop::Fault(fault)
    }
}

/// Does what was asked for. True when no error was found in the site.
fn run(line: Line, voice: &Voice, environment: &[(String, String)]) -> Result<bool, Stop> {
    let Line { global, command } = line;
    let settings = overrides(&global, environment)?;
    let site = |now: &Option<String>, base_url: &Option<String>, drafts| -> Result<Site, Stop> {
        let mut overrides = settings.clone();
        overrides.extend(base_url.iter().map(|url| ("base_url".to_string(), url.clone())));
        Ok(Site { folder: global.site.clone(), overrides, now: instant(now.as_deref())?, drafts, lang: voice.lang })
    };
    // The process ends with the command; the system takes memory back faster than a hundred thousand documents are freed.
    let mut memo = ManuallyDrop::new(pipeline::remembered(&global.site));
    let outcome = match command {
        Command::Init { folder } => command::init(&folder)?,
        Command::New { kind, title } => command::new(&site(&None, &None, false)?, kind, &title, &mut memo)?,
        Command::Build { output, now, base_url, drafts, watch, durable, timings } => {
            let (site, how) = (site(&now, &base_url, drafts)?, Build { output, durable, timings, json: voice.json });
            if watch {
                serve::until_stopped(|ready| command::watch(&site, &how, voice, ready))?;
                return Ok(true);
            }
            command::build(&site, &how, voice.volume, &mut memo)?
        }
        Command::Serve { host, port, now, base_url, drafts, open } => {
            serve::serve(&site(&now, &base_url, drafts)?, &serve::Address { host, port, open }, voice)?;
            return Ok(true);
        }
        Command::Check { now, drafts } => command::check(&site(&now, &None, drafts)?, &mut memo)?,
        Command::List { future, expired, drafts, changes, now } => {
            let flags = [
                (future, Listed::Future),
                (expired, Listed::Expired),
                (drafts, Listed::Drafts),
                (changes, Listed::Changes),
            ];
            let which = flags.into_iter().find(|(given, _)| *given).map_or(Listed::All, |(_, which)| which);
            command::list(&site(&now, &None, false)?, which, &mut memo)?
        }
        Command::Screens { what: Screens::List } => command::screens_list(&site(&None, &None, false)?, &mut memo)?,
        Command::Screens { what: Screens::At { screen, instant } } => {
            command::screens_at(&site(&instant, &None, false)?, &screen, &mut memo)?
        }
        Command::Screens { what: Screens::Day { screen, date } } => {
            let date = match instant(date.as_deref())? {
                Now::Clock => None,
                Now::At(when) => Some(when),
            };
            command::screens_day(&site(&None, &None, false)?, &screen, date, &mut memo)?
        }
        Command::Why { target, now, drafts } => command::why(&site(&now, &None, drafts)?, &target, &mut memo)?,
        Command::Theme { what: Theme::Check } => command::theme_check(&site(&None, &None, false)?, &mut memo)?,
        Command::Theme { what: Theme::Eject } => command::eject(&global.site)?,
        Command::Schema { what } => command::schema(match what {
            Schema::Config => Described::Config,
            Schema::FrontMatter => Described::FrontMatter,
            Schema::Screens => Described::Screens,
            Schema::Feed => Described::Feed,
        }),
        Command::Completions { shell } => completions(shell, voice.lang),
        Command::Man => manual(voice.lang),
    };
    Ok(report::outcome(voice, &outcome))
}

fn instant(text: Option<&str>) -> Result<Now, Stop> {
    text.map_or(Ok(Now::Clock), |text| Now::parse(text).ok_or_else(|| Stop::Usage("usage-now", text.to_string())))
}

/// Settings from `CIVICAST_…`, then from `--set`: the later ones win.
fn overrides(global: &Global, environment: &[(String, String)]) -> Result<Vec<(String, String)>, Stop> {
    let mut all: Vec<(String, String)> = environment
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("CIVICAST_")?, value)))
        .filter(|(name, _)| *name != "LANG")
        // Two underscores separate a table from its key, as in CIVICAST_ORGANISATION__NAME.
        .map(|(name, value)| (name.to_ascii_lowercase().replace("__", "."), value.clone()))
        .collect();
    all.sort();
    for text in &global.set {
        let (key, value) = text.split_once('=').ok_or_else(|| Stop::Usage("usage-set", text.clone()))?;
        all.push((key.trim().to_string(), value.to_string()));
    }
    Ok(all)
}

/// The language of messages, before anything else can be said: `--lang`, else the environment.
fn language(arguments: &[OsString], environment: &[(String, String)]) -> Lang {
    let flag = arguments.iter().enumerate().find_map(|(at, argument)| match argument.to_str()? {
        "--lang" => arguments.get(at + 1)?.to_str().map(str::to_string),
        other => other.strip_prefix("--lang=").map(str::to_string),
    });
    let named = |name: &str| environment.iter().find(|(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.clone());
    let text = flag.or_else(|| ["CIVICAST_LANG", "LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(named));
    if text.is_some_and(|text| text.starts_with("zh")) { Lang::Zh } else { Lang::En }
}

/// Gives every command and argument its words in this language.
fn worded(command: clap::Command, lang: Lang) -> clap::Command {
    let say = move |code: &str| report::words(code, lang);
    let template = format!("{{about-with-newline}}\n{}: {{usage}}\n\n{{all-args}}{{after-help}}", say("help-usage"),);
    let mut command = word_one(command, "help".to_string(), lang);
    command = command.arg(
        clap::Arg::new("version").short('V').long("version").action(clap::ArgAction::Version).help(say("help-version")),
    );
    recurse(command.disable_version_flag(true), "help", lang, &template)
}

fn recurse(command: clap::Command, code: &str, lang: Lang, template: &str) -> clap::Command {
    let say = move |code: &str| report::words(code, lang);
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_string()).collect();
    let mut command = command
        .help_template(template.to_string())
        .subcommand_help_heading(say("help-commands"))
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .arg(clap::Arg::new("help").short('h').long("help").action(clap::ArgAction::Help).help(say("help-help")))
        .mut_args(|arg| {
            let heading = match () {
                () if arg.is_positional() => "help-arguments",
                () if arg.is_global_set() => "help-global-options",
                () => "help-options",
            };
            arg.help_heading(say(heading))
        });
    for name in names {
        let code = format!("{code}-{name}");
        command = command.mut_subcommand(name, |sub| recurse(word_one(sub, code.clone(), lang), &code, lang, template));
    }
    command
}

/// The words of one command and its own arguments.
fn word_one(command: clap::Command, code: String, lang: Lang) -> clap::Command {
    let about = report::words(&code, lang);
    command.about(about).mut_args(|arg| {
        let code = format!("{code}-{}", arg.get_id().as_str().replace('_', "-"));
        arg.help(report::words(&code, lang))
    })
}

/// A wrong command line, in the language of the person who wrote it; help and version too come this way.
fn misused(error: &clap::Error, lang: Lang) -> ExitCode {
    let voice = Voice { lang, ..Voice::default() };
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            report::print(&help(error, lang));
            return ExitCode::SUCCESS;
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            report::talk(&help(error, lang));
            return ExitCode::from(2);
        }
        _ => {}
    }
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(if lang == Lang::Zh { "、" } else { ", " }),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let argument = context(ContextKind::InvalidArg);
    let (code, args) = match error.kind() {
        ErrorKind::UnknownArgument => {
            ("usage-unknown-argument", vec![("argument", argument), ("near", context(ContextKind::SuggestedArg))])
        }
        ErrorKind::InvalidSubcommand => {
            let argument = context(ContextKind::InvalidSubcommand);
            ("usage-unknown-command", vec![("argument", argument), ("near", context(ContextKind::SuggestedSubcommand))])
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let (value, known) = (context(ContextKind::InvalidValue), context(ContextKind::ValidValue));
            ("usage-invalid-value", vec![("argument", argument), ("value", value), ("known", known)])
        }
        ErrorKind::MissingRequiredArgument => {
            let usage = context(ContextKind::Usage);
            let usage = usage.trim_start_matches("Usage: ").to_string();
            ("usage-missing", vec![("argument", argument), ("usage", usage)])
        }
        ErrorKind::MissingSubcommand => {
            report::talk(&worded(Line::command(), lang).render_help().ansi().to_string());
            return ExitCode::from(2);
        }
        ErrorKind::ArgumentConflict => {
            ("usage-conflict", vec![("argument", argument), ("other", context(ContextKind::PriorArg))])
        }
        _ => ("usage-other", vec![("reason", error.kind().to_string())]),
    };
    report::misuse(&voice, code, &args);
    ExitCode::from(2)
}

/// The two words that clap writes by itself.
fn help(error: &clap::Error, lang: Lang) -> String {
    let text = error.render().ansi().to_string();
    match lang {
        Lang::Zh => text.replace("[OPTIONS]", "[选项]").replace("<COMMAND>", "<命令>"),
        Lang::En => text,
    }
}

fn completions(shell: clap_complete::Shell, lang: Lang) -> Outcome {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut worded(Line::command(), lang), "civicast", &mut text);
    Outcome { data: Data::Text(String::from_utf8_lossy(&text).into_owned()), ..Outcome::default() }
}

/// One page with all commands, because a reader has one `man civicast`.
fn manual(lang: Lang) -> Outcome {
    let mut text = Vec::new();
    let mut command = worded(Line::command(), lang);
    command.build();
    // Writing into a vector cannot fail.
    let _ = clap_mangen::Man::new(command.clone()).render(&mut text);
    for sub in command.get_subcommands() {
        let _ = clap_mangen::Man::new(sub.clone()).render(&mut text);
    }
    Outcome { data: Data::Text(String::from_utf8_lossy(&text).into_owned()), ..Outcome::default() }
}

#[cfg(test)]
mod tests {
    //! The command line against the table of messages.

    use super::*;

    fn codes(command: &clap::Command, code: &str, out: &mut Vec<String>) {
        out.push(code.to_string());
        let own = command.get_arguments().map(|arg| arg.get_id().as_str().replace('_', "-"));
        out.extend(own.filter(|id| !["help", "version"].contains(&id.as_str())).map(|id| format!("{code}-{id}")));
        command.get_subcommands().for_each(|sub| codes(sub, &format!("{code}-{}", sub.get_name()), out));
    }

    #[test]
    fn every_command_and_argument_has_its_help_in_both_languages() {
        let mut wanted = Vec::new();
        codes(&Line::command(), "help", &mut wanted);
        let missing: Vec<&String> = wanted.iter().filter(|code| civicast::message::find(code).is_none()).collect();
        assert!(missing.is_empty(), "no help for {missing:?}");
    }

    #[test]
    fn no_help_is_for_a_flag_that_is_gone() {
        let mut known: Vec<String> = ["usage", "commands", "options", "global-options", "arguments", "help", "version"]
            .map(|word| format!("help-{word}"))
            .into();
        codes(&Line::command(), "help", &mut known);
        for message in civicast::message::MESSAGES.iter().filter(|m| m.code.starts_with("help-")) {
            assert!(known.iter().any(|code| code == message.code), "{} is help for nothing", message.code);
        }
    }

    #[test]
    fn the_definition_is_sound() {
        worded(Line::command(), Lang::Zh).debug_assert();
    }

    fn speaks(arguments: &[&str], environment: &[(&str, &str)], expected: Lang) {
        let arguments: Vec<OsString> = arguments.iter().map(Into::into).collect();
        let environment: Vec<(String, String)> =
            environment.iter().map(|(n, v)| ((*n).to_string(), (*v).to_string())).collect();
        assert_eq!(language(&arguments, &environment), expected);
    }

    #[test]
    fn the_flag_wins_over_the_environment_and_ours_over_the_system() {
        speaks(&["civicast", "--lang", "zh", "build"], &[("LANG", "en_GB.UTF-8")], Lang::Zh);
        speaks(&["civicast", "--lang=en"], &[("LANG", "zh_CN.UTF-8")], Lang::En);
        speaks(&["civicast"], &[("LANG", "zh_CN.UTF-8")], Lang::Zh);
        speaks(&["civicast"], &[("LANG", "zh_CN.UTF-8"), ("CIVICAST_LANG", "en")], Lang::En);
        speaks(&["civicast"], &[("LC_ALL", ""), ("LANG", "zh_CN")], Lang::Zh);
        speaks(&["civicast"], &[], Lang::En);
    }
}
