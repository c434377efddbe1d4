#!/usr/bin/env node
// Are the tests of the schedule any good? Each mutant is one slip of the hand in the Rust that decides what a screen shows:
// a boundary off by one second, a rule that is left out, weights that count for nothing. It is made in a copy of the sources,
// and a test must fail: one of `schedule` in a library that holds hardly more than that room, which is built in seconds, or
// else one of `screen` in the whole library. What survives is a hole in the tests: `node tests/mutants.js [word of a mutant]`.
// The mutants of the player's own evaluator are in tests/browser/at.test.js.
'use strict';
const { execFileSync, spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const copies = path.join(root, 'target/mutants');

// The two libraries: the rooms that `schedule` stands on, and everything.
const small = { name: 'small', tests: 'schedule::', library: '//! The schedule alone.\n\npub mod file;\npub mod message;\npub mod problem;\npub mod schedule;\n' };
const whole = { name: 'whole', tests: 'screen::', library: null };

// For a line that keeps a promise by itself, though no mix is known in which the lines around it would not keep it too (all
// small mixes were tried): such a mutant is listed, and may survive.
const SPARE = true;

// By file below src: [what it does, before, after]. `before` stands in the file once, tests aside.
const mutants = {
  'schedule/timeline.rs': [
    ['the first second is out of date', 't < timeline.from ||', 't <= timeline.from ||'],
    ['the end of the feed is a second late', 't >= timeline.until ||', 't > timeline.until ||'],
    ['the feed never ends', '|| t >= timeline.until ||', '|| t == i64::MAX ||'],
    ['a segment begins a second late', 'partition_point(|segment| segment.from <= t)', 'partition_point(|segment| segment.from < t)'],
    ['standby counts from 1970', 'timeline.standby, timeline.from, limit', 'timeline.standby, 0, limit'],
    ['a loop never wraps around', '(t - start).rem_euclid(looped.seconds)', '(t - start).min(looped.seconds - 1)'],
    ['a loop is longer by a second', 'rem_euclid(looped.seconds)', 'rem_euclid(looped.seconds + 1)'],
    ['time before the feed runs backwards', '(t - start).rem_euclid(looped.seconds)', '(t - start) % looped.seconds'],
    ['a loop does not begin with its segment', '(t - start).rem_euclid', 't.rem_euclid'],
    ['a slide stays a second too long', 'seconds) <= position', 'seconds) < position'],
    ['the first slide goes up with the loop, the others too', 'let from = t - position + begin', 'let from = t - position'],
    ['a slide outlives its segment', 'i64::from(looped.entries[entry].seconds)).min(limit)', 'i64::from(looped.entries[entry].seconds)).max(limit.min(0))'],
    ['dark plays standby', 'segment.plays?', 'segment.plays.unwrap_or(timeline.standby)'],
    ['a segment counts from the feed', 'segment.from, segment.until, t, false', 'timeline.from, segment.until, t, false'],
    ['touching spans stay apart', 'from <= last.1 =>', 'from < last.1 =>'],
    ['a span within another shortens it', 'last.1.max(until)', 'until'],
    ['what began before a window is lost', '(a.max(from), b.min(until))', '(a, b.min(until))'],
    ['the longer span is passed over', 'a_until <= b_until', 'a_until >= b_until'],
    ['a span lacks its first second', 'partition_point(|&(from, _)| from <= t)', 'partition_point(|&(from, _)| from < t)'],
    ['a span has a second too much', 't < self.0[after - 1].1', 't <= self.0[after - 1].1'],
    ['hours never cross midnight', 'i64::from(minute / 1440)', 'i64::from(minute / 1441)'],
    ['a repeated minute begins the second time', 'Fold { before, .. } => before.to_timestamp', 'Fold { after, .. } => after.to_timestamp'],
    ['a skipped minute begins too early', 'map_or(earlier, |jump| jump.timestamp())', 'map_or(earlier, |_| earlier)'],
    ['hours are ignored', 'let hours = if hours.is_empty() { &all_day } else { hours };', 'let _ = hours; let hours = &all_day;'],
    ['a screen never closes', 'is_open = begins', 'is_open = true'],
    ['items go up a second late', 'events.push((begins, which, true))', 'events.push((begins + 1, which, true))'],
    ['items go down a second late', 'events.push((ends, which, false))', 'events.push((ends + 1, which, false))'],
    ['festive items play on solemn days', 'day.solemn && candidate(*which).festive', 'false && candidate(*which).festive'],
    ['festive items never play', 'day.solemn && candidate(*which).festive', 'day.solemn || candidate(*which).festive'],
    ['the calendar names those that rest', 'only.binary_search(which).is_ok()', 'only.binary_search(which).is_err()'],
    ['a takeover alternates with the others', 'match all.iter().any(', 'match all.iter().all('],
    ['segments run on over midnight', 'found[day_start..].last_mut()', 'found[day_start.min(0)..].last_mut()'],
  ],
  'schedule/calendar.rs': [
    ['make-up Saturdays are free', 'year.work.contains(&date) || (', '('],
    ['holidays are workdays', '(!weekend && !year.off.contains_key(&date))', '!weekend'],
    ['without a file every day is a workday', 'None => !weekend', 'None => true'],
    ['a solemn day is festive first', '[Mood::Solemn, Mood::Festive]', '[Mood::Festive, Mood::Solemn]'],
  ],
  'schedule/rules.rs': [
    ['the last Friday comes twice', 'date.day() + 7 > date.days_in_month()', 'date.day() + 7 >= date.days_in_month()'],
    ['the second Sunday by whole weeks', '(date.day() - 1) / 7 + 1 == nth', 'date.day() / 7 + 1 == nth'],
    ['leap months count', '!lunar.leap\n                    && ', ''],
    ['a short month has no New Year’s Eve', '(day > lunar.days && lunar.day == lunar.days)', 'day > 30'],
    ['a date of the year in any month', '(date.month(), date.day()) == (month, day)', 'date.day() == day && month > 0'],
    ['weekends begin on Friday', 'Week(0b110_0000)', 'Week(0b111_0000)'],
    ['holidays are workdays', 'DayRule::Holidays => !calendar', 'DayRule::Holidays => calendar'],
    ['hours across midnight end before they begin', 'until < from { until + 1440 }', 'until < from { until }'],
  ],
  'schedule/loops/mod.rs': [
    ['neighbours may repeat', 'if self.previous == Some(item) {', 'if self.previous == Some(usize::MAX) {'],
    ['no room is kept for the others', 'others <= room(0) &&', '(others <= room(0) || true) &&', SPARE],
    ['no room is kept for the item itself', 'left - 1 <= room(own_ends)', '(left - 1 <= room(own_ends) || true)', SPARE],
    ['no room is kept for the first item, so the wrap-around may repeat', 'self.first_left <= room(1)', 'self.first_left <= room(0) + 1'],
    ['the first item has one end', 'if item == first { 2 } else { 1 }', 'if item == first { 1 } else { 1 }', SPARE],
    ['an item with half of the turns is crowded', '2 * plays[most] as usize > total', '3 * plays[most] as usize > total'],
    ['kinds wait for nothing', 'credit[kind] += kind_plays[kind]', 'credit[kind] += 0 * kind_plays[kind]'],
    ['a kind pays nothing for its turn', 'credit[kind] -= i64::try_from(total)', 'credit[kind] -= i64::try_from(total.min(1))'],
    ['runs of a heavy item are cut short', 'turns * (gap + 1) / gaps - turns * gap / gaps', 'turns / gaps'],
    ['a heavy item stands in one run', 'turns * (gap + 1) / gaps - turns * gap / gaps', 'if gap == 0 { turns } else { 0 }'],
    ['turns of an item are due by its number only', '((number as u64) << 32) / u64::from(parts)', '(number as u64) + 0 * u64::from(parts)'],
    ['an item goes before its time', 'fitting.find(|&i| may_go(i)).or(soonest)', 'soonest.filter(|&i| may_go(i)).or(soonest)'],
  ],
  'schedule/loops/counts.rs': [
    ['weights count for nothing', 'item.weight.max(1) / divisor', '(item.weight.max(1) / divisor).min(1)'],
    ['loops are longer than they need be', 'greatest_common_divisor(divisor, item.weight.max(1))', 'divisor.max(1).min(item.weight.max(1))'],
    ['a loop has no longest', '.sum::<usize>() <= MAX_TURNS', '.sum::<usize>() <= 9 * MAX_TURNS'],
    ['a share may miss by a twentieth', 's.got + TOLERANCE < s.wanted', 's.got + 0.05 < s.wanted'],
    ['shares are of turns', 'u64::from(item.seconds) * u64::from(*plays)', 'u64::from(item.seconds.min(1)) * u64::from(*plays)'],
    ['items of little weight never play', '((due - 1.0).ceil() as u32).max(1)', '(due - 1.0).ceil() as u32'],
    ['nobody looks for exact sums', '.or_else(|| exactly(items, present, most))', '.or_else(|| exactly(items, present, 0 * most + items.len()))'],
    ['two turns away is near enough', 'away > 1.0 + TOLERANCE', 'away > 2.0 + TOLERANCE'],
    ['minimums are given on top of everything', '(1.0 - taken).max(0.0) * natural(kind) / free', 'natural(kind) / free'],
    ['rates forget the weight', 'weight * share_of(item.kind, &fixed)', 'weight.min(1.0) * share_of(item.kind, &fixed)'],
    ['the rest goes to those who lack least', 'lacks(b, &plays).total_cmp(&lacks(a, &plays))', 'lacks(a, &plays).total_cmp(&lacks(b, &plays))'],
    ['a missed share is not said', 'Counts { shortfalls: shortfalls(items, &plays, minimum)', 'Counts { shortfalls: shortfalls(items, &plays, &minimum[..0])'],
  ],
  'screen/window.rs': [
    ['an item outlives its expiry', '[until, front.expires].into_iter().flatten().min()', '[until, front.expires].into_iter().flatten().max()'],
    ['an item is up before it is published', '[front.screen.from, publish].into_iter().flatten().max()', '[front.screen.from, publish].into_iter().flatten().min()'],
    ['notices stay a day too long', 'NOTICE_DAYS: i64 = 90', 'NOTICE_DAYS: i64 = 91'],
    ['reports stay for ever', 'Kind::Report => Some(REPORT_DAYS)', 'Kind::Report => None'],
    ['the night before the first day is forgotten', 'before.into_iter().chain(', 'before.into_iter().take(0).chain('],
    ['standby is festive', '&& self.any_time && !self.festive', '&& self.any_time'],
    ['standby may end', 'self.evergreen && self.until.is_none() &&', 'self.evergreen &&'],
    ['standby has hours', '&& self.any_time &&', '&&'],
    ['any solemn day names the items', 'calendar.named(*date).filter(|day| day.mood == Mood::Solemn)', 'calendar.named(*date).filter(|day| day.mood != Mood::Plain)'],
    ['a known year is missing', '!calendar.knows(*date)', 'calendar.knows(*date)'],
    ['spans of rules run on beyond the end of an item', 'until.map_or(i64::MAX, second)', 'until.map_or(i64::MAX, |_| i64::MAX)'],
  ],
  'screen/mod.rs': [
    ['standby plays what is not yet up', 'times.always() && times.from <= from', 'times.always()'],
    ['every screen shows everything', 'kind == front.kind.as_str()) && names(screen, &front.screen.on)', 'kind == front.kind.as_str())'],
    ['screens show kinds that they should not', 'screen.shows.iter().any(|kind| kind == front.kind.as_str()) &&', ''],
    ['a tag means nobody', '|| screen.tags.contains(name)', ''],
    ['all screens of one size are one', '(&self.canvas, &self.pages, &self.hours, self.seconds, &self.min_share)\n            ==', '(&self.canvas, &other.pages, &self.hours, self.seconds, &self.min_share)\n            =='],
    ['hours of another screen', '(&self.canvas, &self.pages, &self.hours, self.seconds, &self.min_share)\n            ==', '(&self.canvas, &self.pages, &other.hours, self.seconds, &self.min_share)\n            =='],
    ['the calendar names nobody', 'if mood.items.is_empty() {', 'if true {'],
    ['nothing due is dark', '(Some(set), _) if set.is_empty() => Some(standby)', '(Some(set), _) if set.is_empty() => None'],
    ['a solemn day has the ordinary slate', '(Some(set), Some((slate, _))) if set.is_empty() => Some(draft(&[slate], &[0]))', '(Some(set), Some(_)) if set.is_empty() => Some(standby)'],
    ['weights stay at home', 'weight: front.screen.weight.clamp(1, 10)', 'weight: front.screen.weight.clamp(1, 1)'],
    ['loops of other weights are taken', '[share.kind, share.weight, share.seconds]', '[share.kind, share.kind, share.seconds]'],
    ['loops of other seconds are taken', '[share.kind, share.weight, share.seconds]', '[share.kind, share.weight, share.kind]'],
    ['an item shows its first slide only', '(0..).zip(&found.seconds).map(', '(0..).zip(&found.seconds).take(1).map('],
    ['segments merge over midnight', 'last.until > window.days[day].from', 'last.until >= window.days[day].from'],
  ],
};

// The tests come after the last of these lines, and are no place for mutants.
const TESTS = '#[cfg(test)]\nmod tests';

function mutate(file, before, after) {
  const text = fs.readFileSync(path.join(root, 'src', file), 'utf8');
  const end = text.includes(TESTS) ? text.lastIndexOf(TESTS) : text.length;
  const parts = text.slice(0, end).split(before);
  if (parts.length !== 2) throw new Error(`“${before}” stands ${parts.length - 1} times in src/${file}, not once`);
  return parts.join(after) + text.slice(end);
}

// A copy of what git knows, so that nobody's work is touched. What is the same as before keeps its time.
function makeCopy({ name, library }) {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
  for (const file of files.filter((file) => !file.startsWith('docs/images/') && fs.existsSync(path.join(root, file)))) {
    const target = path.join(copies, name, file);
    let text = fs.readFileSync(path.join(root, file));
    if (library && file === 'src/lib.rs') text = Buffer.from(library);
    // Cargo knows packages by name, wherever they lie: without another one the copy's files would take the place of ours.
    if (['Cargo.toml', 'Cargo.lock'].includes(file)) text = Buffer.from(text.toString().replace('name = "civicast"\nversion', `name = "civicast-${name}"\nversion`));
    if (fs.existsSync(target) && fs.readFileSync(target).equals(text)) continue;
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, text);
  }
}

const env = {
  ...process.env,
  // Dependencies are built already.
  CARGO_TARGET_DIR: process.env.CARGO_TARGET_DIR || path.join(root, 'target'),
  PROPTEST_DISABLE_FAILURE_PERSISTENCE: '1',
  // A failure is enough; nobody needs the smallest.
  PROPTEST_MAX_SHRINK_ITERS: '0',
};

// Builds the tests of a library and gives the program; null when the mutant does not compile.
function build({ name }) {
  const args = ['test', '--lib', '--no-run', '--locked', '--message-format=json'];
  const built = spawnSync('cargo', args, { cwd: path.join(copies, name), env, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (built.status !== 0) return { program: null, said: built.stderr };
  const found = built.stdout.split('\n').filter((line) => line.includes('"executable":"')).map((line) => JSON.parse(line).executable);
  return { program: found.at(-1), said: '' };
}

// The first test that fails, or null. What never ends has failed too.
function failing(program, { name, tests }) {
  return new Promise((done) => {
    const run = spawn(program, [tests], { cwd: path.join(copies, name), env, stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '', found = null;
    const stop = (why) => { found = found || why; run.kill('SIGKILL'); };
    const late = setTimeout(stop, 300_000, 'never ends');
    run.stdout.on('data', (data) => {
      said += data;
      const failed = /^test (\S+) \.\.\. FAILED/m.exec(said);
      if (failed) stop(failed[1]);
    });
    run.on('close', (status) => { clearTimeout(late); done(found || (status === 0 ? null : 'fails')); });
  });
}

async function main() {
  const wanted = process.argv[2] || '';
  const all = Object.entries(mutants).flatMap(([file, list]) => list.map(([name, before, after, spare = false]) => ({ file, name, before, after, spare })));
  // Mutants that no longer fit the sources are found before anything is built.
  const chosen = all.map((mutant) => ({ ...mutant, text: mutate(mutant.file, mutant.before, mutant.after) }))
    .filter(({ file, name }) => `${file} ${name}`.includes(wanted));
  for (const library of [small, whole]) {
    makeCopy(library);
    const { program, said } = build(library);
    const broken = program && await failing(program, library);
    if (!program || broken) throw new Error(`the tests fail without any mutant: ${broken || said}`);
  }
  const survivors = [];
  for (const { file, name, text, spare } of chosen) {
    const began = Date.now();
    let verdict = 'SURVIVED', by = '';
    for (const library of file.startsWith('schedule/') ? [small, whole] : [whole]) {
      if (verdict !== 'SURVIVED') break;
      const target = path.join(copies, library.name, 'src', file);
      const before = fs.readFileSync(target);
      fs.writeFileSync(target, text);
      const { program, said } = build(library);
      by = program ? await failing(program, library) : said;
      fs.writeFileSync(target, before);
      if (by) verdict = program ? 'caught  ' : 'DOES NOT COMPILE';
    }
    if (verdict === 'SURVIVED' && spare) verdict = 'spare   ';
    else if (verdict !== 'caught  ') survivors.push(`${file}: ${name}`);
    console.log(`${verdict}  ${file}: ${name}${by ? ` (${by})` : ''}, ${Math.round((Date.now() - began) / 1000)} s`);
  }
  console.log(`${chosen.length} mutants, ${survivors.length} survived`);
  process.exitCode = survivors.length ? 1 : 0;
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 2;
});
