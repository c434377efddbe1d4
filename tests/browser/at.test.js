// The evaluator of the player against the one of the build: the same vectors, and the same answers on random feeds.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const crypto = require('node:crypto');
const vm = require('node:vm');
const zlib = require('node:zlib');
const acorn = require('acorn');

const script = path.join(__dirname, '../../themes/civic/static/screens/player.js');
const player = require(script);
const vectors = JSON.parse(fs.readFileSync(path.join(__dirname, '../vectors/at.json'), 'utf8'));

const answer = (p) => (p ? [p.plays, p.entry, p.from, p.until, p.outOfDate] : null);

function checkVectors(evaluate) {
  let checked = 0;
  for (const { screen, at } of vectors.cases) {
    for (const [t, wanted] of at) {
      assert.deepStrictEqual(answer(evaluate(screen, t)), wanted, `${screen.screen} at ${t}`);
      checked += 1;
    }
  }
  assert.ok(checked >= 40);
}

test('every vector plays what the build says', () => checkVectors(player.at));

test('the evaluator of the home page is held to the same vectors', () => {
  checkVectors(require(path.join(__dirname, '../../themes/civic/static/screens/now.js')).at);
});

// The same generator as in tests/vectors.rs: xorshift32.
function generator(seed) {
  let x = seed >>> 0;
  return (limit) => {
    x ^= x << 13; x >>>= 0;
    x ^= x >>> 17;
    x ^= x << 5; x >>>= 0;
    return x % limit;
  };
}

function randomSchedule(next) {
  const loops = {};
  const names = [];
  for (let i = 0, count = 1 + next(4); i < count; i++) {
    const entries = [];
    for (let j = 0, length = 1 + next(6); j < length; j++) entries.push([next(9), next(3), 1 + next(40)]);
    names.push('l' + i);
    loops['l' + i] = entries;
  }
  const from = 1000000 + next(1000);
  const timeline = [];
  let at = from;
  for (let i = 0, count = 1 + next(8); i < count; i++) {
    const until = at + 1 + next(300);
    const which = next(names.length + 1);
    timeline.push([at, until, which === names.length ? null : names[which]]);
    at = until;
  }
  return { from, until: at, loops, timeline, standby: names[next(names.length)] };
}

function randomDigest(evaluate) {
  const next = generator(vectors.random.seed);
  const hash = crypto.createHash('sha256');
  for (let feed = 0; feed < 20000; feed++) {
    const schedule = randomSchedule(next);
    for (let i = 0; i < 50; i++) {
      const t = schedule.from - 100 + next(schedule.until - schedule.from + 200);
      const p = evaluate(schedule, t);
      hash.update(p ? `${p.plays} ${p.entry} ${p.from} ${p.until} ${p.outOfDate}\n` : 'dark\n');
    }
  }
  return hash.digest('hex');
}

test('a million random instants of random feeds play what the build says', () => {
  assert.strictEqual(randomDigest(player.at), vectors.random.sha256);
});

// Each is one change that a hand could slip into the evaluator.
const mutations = [
  ['(t - start) % seconds', '(t - start) % (seconds + 1)'],
  ['(t - start) % seconds', 't % seconds'],
  ['if (position < 0) { position += seconds; }', ''],
  ['begin + entries[entry][2] <= position', 'begin + entries[entry][2] < position'],
  ['t - position + begin', 't - position'],
  ['Math.min(from + entries[entry][2], limit)', 'from + entries[entry][2]'],
  ['Math.min(from + entries[entry][2], limit)', 'Math.max(from + entries[entry][2], limit)'],
  ['if (t < schedule.from || t', 'if (t <= schedule.from || t'],
  ['t >= schedule.until ||', 't > schedule.until ||'],
  ['t >= schedule.until ||', 'false ||'],
  ['line[middle][0] <= t', 'line[middle][0] < t'],
  ['low = middle + 1', 'low = middle + 2'],
  ['Math.max(low, 1) - 1', 'Math.max(low, 1) % line.length'],
  ['schedule.standby, schedule.from, t <', 'schedule.standby, 0, t <'],
  ['schedule.from : Infinity, t, true', 'schedule.from : Infinity, t, false'],
  ['segment[0], segment[1], t, false', 'schedule.from, segment[1], t, false'],
  ['segment[0], segment[1], t, false', 'segment[0], schedule.until, t, false'],
  ['segment[0], segment[1], t, false', 'segment[0], segment[1], t, true'],
  ['segment[2] === null ? null :', 'segment[2] === null ? turn(schedule, schedule.standby, segment[0], segment[1], t, false) :'],
];

test('every mutation of the evaluator is caught', () => {
  const text = fs.readFileSync(script, 'utf8');
  const survivors = mutations.filter(([before, after]) => {
    assert.strictEqual(text.split(before).length, 2, `“${before}” stands in the script once`);
    const module = { exports: {} };
    vm.runInNewContext(text.replace(before, after), { module }, { timeout: 10000 });
    // A copy of what it gives: arrays of another context are not strictly equal.
    const evaluate = (schedule, t) => module.exports.at(schedule, t);
    try {
      checkVectors(evaluate);
      return randomDigest(evaluate) === vectors.random.sha256;
    } catch (error) {
      return false;
    }
  });
  assert.deepStrictEqual(survivors, []);
});

test('its own SHA-256 agrees with the standard one', () => {
  for (const length of [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000, 100000]) {
    const bytes = crypto.createHash('sha512').update(String(length)).digest();
    const data = Buffer.alloc(length, bytes);
    assert.strictEqual(player.sha256(new Uint8Array(data)), crypto.createHash('sha256').update(data).digest('hex'), `${length} bytes`);
  }
});

test('a large file is hashed in slices, with time for pictures between them', async () => {
  for (const length of [256 * 1024, 256 * 1024 + 1, 3 * 1024 * 1024 + 77]) {
    const data = crypto.randomBytes(length);
    let turns = 0;
    const counting = setInterval(() => { turns += 1; }, 0);
    const hash = await new Promise((done) => { player.sha256Later(new Uint8Array(data), done); });
    clearInterval(counting);
    assert.strictEqual(hash, crypto.createHash('sha256').update(data).digest('hex'), `${length} bytes`);
    assert.ok(turns >= Math.floor(length / (256 * 1024)) - 2, `${turns} turns for others`);
  }
});

test('a feed with a reference into nothing is refused', () => {
  const good = () => ({
    items: [{ _screen: { slides: [{ file: 'a' }] } }],
    _screen: { format: 1, loops: { a: [[0, 0, 5]] }, timeline: [[0, 9, 'a']], standby: 'a', from: 0, until: 9 },
  });
  assert.strictEqual(player.faultOf(good()), '');
  const change = (f) => { const feed = good(); f(feed); return player.faultOf(feed); };
  assert.strictEqual(change((f) => { f._screen.format = 2; }), 'format');
  assert.strictEqual(change((f) => { f._screen.loops.a[0][0] = 1; }), 'loop a');
  assert.strictEqual(change((f) => { f._screen.timeline[0][2] = 'b'; }), 'timeline');
  assert.strictEqual(change((f) => { f._screen.standby = 'b'; }), 'parts');
  assert.strictEqual(change((f) => { f.items = []; }), 'parts');
  assert.strictEqual(player.faultOf(null), 'format');
});

test('the clock follows the server, not the device', () => {
  let wall = 1790000000000, mono = 0;
  const clock = new player.Clock(() => wall, () => mono);
  const pass = (ms) => { wall += ms; mono += ms; };
  assert.ok(clock.trusted(1790000000));
  assert.ok(!clock.trusted(1790100000));
  // Three hours ahead.
  clock.sample(wall - 3 * 3600000, wall, wall + 40, 1780000000);
  assert.ok(Math.abs(clock.now() - (1790000000 - 3 * 3600)) < 2);
  pass(30000);
  clock.anchor();
  assert.ok(Math.abs(clock.now() - (1790000030 - 3 * 3600)) < 2);
  // The device's clock is put right; the show does not jump.
  wall -= 3 * 3600000;
  clock.anchor();
  assert.ok(Math.abs(clock.now() - (1790000030 - 3 * 3600)) < 2);
  clock.sample(wall, wall, wall + 40, 1780000000);
  assert.ok(Math.abs(clock.now() - (1790000030 - 3 * 3600)) < 2);
});

test('a device in 1970 is believed only after the server has spoken', () => {
  let wall = 5000, mono = 0;
  const clock = new player.Clock(() => wall, () => mono);
  assert.ok(!clock.trusted(1790000000));
  clock.sample(1790000100000, wall, wall + 10, 1790000000);
  assert.ok(clock.trusted(1790000000));
  assert.ok(Math.abs(clock.now() - 1790000100) < 2);
});

test('no clock is right that lies before what the server once said', () => {
  const clock = new player.Clock(() => 1790000000000, () => 0);
  assert.ok(clock.trusted(1789990000));
  clock.floor = 1790003600;
  assert.ok(!clock.trusted(1789990000));
  clock.floor = 1789999000;
  assert.ok(clock.trusted(1789990000));
});

test('one odd answer of the server moves nothing, and small differences are ignored', () => {
  const wall = 1790000000000;
  const clock = new player.Clock(() => wall, () => 0);
  for (let i = 0; i < 4; i++) clock.sample(wall + 500, wall, wall + 10, 0);
  clock.sample(wall + 86400000, wall, wall + 10, 0);
  assert.strictEqual(clock.now(), 1790000000);
});

test('instants of the address are in the zone of the feed', () => {
  const midnight = Date.UTC(2026, 10, 22, 16) / 1000;
  assert.strictEqual(player.instant('2026-10-01T09:00', midnight), Date.UTC(2026, 9, 1, 1) / 1000);
  assert.strictEqual(player.instant('2026-10-01', midnight), Date.UTC(2026, 8, 30, 16) / 1000);
  assert.strictEqual(player.instant('2026-10-01T09:00Z', midnight), Date.UTC(2026, 9, 1, 9) / 1000);
  assert.strictEqual(player.instant('2026-10-01T09:00+09:00', midnight), Date.UTC(2026, 9, 1) / 1000);
  assert.strictEqual(player.instant('soon', midnight), null);
});

test('the script is one ES5 file of at most 40 KB gzipped without eval or modules', () => {
  const text = fs.readFileSync(script, 'utf8');
  assert.ok(zlib.gzipSync(text).length <= 40 * 1024);
  assert.doesNotMatch(text, /\beval\b|new Function|innerHTML|document\.write/);
  assert.doesNotMatch(text, /https?:\/\//);
  const style = fs.readFileSync(path.join(path.dirname(script), 'player.css'), 'utf8');
  assert.doesNotMatch(style, /\binset\b|\bgap\b|aspect-ratio/);
});

test('the script parses as ES5', () => {
  acorn.parse(fs.readFileSync(script, 'utf8'), { ecmaVersion: 5 });
  assert.throws(() => acorn.parse('var f = () => 1;', { ecmaVersion: 5 }), 'the parser is as strict as it should be');
});
