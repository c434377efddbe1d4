// The evaluator of the player against the one of the build: the same vectors, and the same answers on random feeds.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const crypto = require('node:crypto');
const zlib = require('node:zlib');

const script = path.join(__dirname, '../../themes/civic/static/screens/player.js');
const player = require(script);
const vectors = JSON.parse(fs.readFileSync(path.join(__dirname, '../vectors/at.json'), 'utf8'));

const answer = (p) => (p ? [p.plays, p.entry, p.from, p.until, p.outOfDate] : null);

test('every vector plays what the build says', () => {
  let checked = 0;
  for (const { screen, at } of vectors.cases) {
    for (const [t, wanted] of at) {
      assert.deepStrictEqual(answer(player.at(screen, t)), wanted, `${screen.screen} at ${t}`);
      checked += 1;
    }
  }
  assert.ok(checked >= 40);
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

test('100,000 random instants of random feeds play what the build says', () => {
  const next = generator(vectors.random.seed);
  const hash = crypto.createHash('sha256');
  for (let feed = 0; feed < 2000; feed++) {
    const schedule = randomSchedule(next);
    for (let i = 0; i < 50; i++) {
      const t = schedule.from - 100 + next(schedule.until - schedule.from + 200);
      const p = player.at(schedule, t);
      hash.update(p ? `${p.plays} ${p.entry} ${p.from} ${p.until} ${p.outOfDate}\n` : 'dark\n');
    }
  }
  assert.strictEqual(hash.digest('hex'), vectors.random.sha256);
});

test('its own SHA-256 agrees with the standard one', () => {
  for (const length of [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000, 100000]) {
    const bytes = crypto.createHash('sha512').update(String(length)).digest();
    const data = Buffer.alloc(length, bytes);
    assert.strictEqual(player.sha256(new Uint8Array(data)), crypto.createHash('sha256').update(data).digest('hex'), `${length} bytes`);
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

test('the script parses as ES5', (t) => {
  const { spawnSync } = require('node:child_process');
  const parse = "const a = require('internal/deps/acorn/acorn/dist/acorn'); a.parse(require('fs').readFileSync(process.argv[1], 'utf8'), { ecmaVersion: 5 })";
  const run = spawnSync(process.execPath, ['--expose-internals', '-e', parse, script], { encoding: 'utf8' });
  if (/Cannot find module/.test(run.stderr)) return t.skip('this node has no acorn inside');
  assert.strictEqual(run.status, 0, run.stderr);
});
