// What staff are shown is what the screens show: the overview at /screens/ (now, next, until) and `civicast screens at`
// against the evaluator, at many instants of the days ahead.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { build, civicast, launch, serve } = require('./harness.js');
const player = require('../../themes/civic/static/screens/player.js');

const zone = 8 * 3600;
const clock = (t) => new Date((t + zone) * 1000).toISOString().slice(11, 16);
const local = (t) => new Date((t + zone) * 1000).toISOString().slice(0, 19).replace('T', ' ');

let folder, feeds;
test.before(() => {
  folder = build();
  const screens = fs.readdirSync(path.join(folder, 'screens'), { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== 'files');
  feeds = Object.fromEntries(screens.map(({ name }) => [name, JSON.parse(fs.readFileSync(path.join(folder, 'screens', name, 'feed.json'), 'utf8'))]));
});

// Instants of the feed: some anywhere, and every kind of edge, a second to each side.
function instants({ _screen: { from, until, timeline } }, count) {
  let x = 20261123;
  const next = (limit) => { x ^= x << 13; x >>>= 0; x ^= x >>> 17; x ^= x << 5; x >>>= 0; return x % limit; };
  const edges = timeline.slice(1).flatMap(([t]) => [t - 1, t]);
  return Array.from({ length: count }, (_, i) => (i % 2 ? edges[next(edges.length)] : from + next(until - from)));
}

const titleOf = (feed, playing) => (playing ? feed.items[playing.item].title : '关屏');

function expected(feed, t) {
  const schedule = feed._screen;
  const playing = player.at(schedule, t);
  const segment = schedule.timeline.find(([from, until]) => from <= t && t < until);
  let next;
  if (playing) {
    let after = playing;
    for (let i = 0; i < 200 && after && after.item === playing.item; i++) after = player.at(schedule, after.until);
    next = titleOf(feed, after);
  } else {
    const opens = schedule.timeline.find(([from, , plays]) => from > t && plays !== null);
    next = opens ? `${clock(opens[0])} 开屏` : '';
  }
  return [titleOf(feed, playing), next, clock(segment[1])];
}

test('the overview says for a thousand instants what the evaluator says', async () => {
  const server = await serve(folder);
  const browser = await launch();
  try {
    const page = await (await browser.newContext()).newPage();
    await page.addInitScript(() => {
      window.ticks = [];
      window.setInterval = (work, wait) => { if (wait === 1000) window.ticks.push(work); return 0; };
    });
    await page.goto(`${server.origin}/screens/`);
    await page.waitForFunction(() => [...document.querySelectorAll('[data-feed]')].every((card) => card.feed));
    let checked = 0;
    for (const [id, feed] of Object.entries(feeds)) {
      const times = instants(feed, 200);
      const shown = await page.evaluate(([id, times]) => {
        const card = document.querySelector(`[data-feed="${id}/feed.json"]`);
        return times.map((t) => {
          Date.now = () => t * 1000 + 500;
          window.ticks.forEach((tick) => tick());
          return ['now', 'next', 'until'].map((name) => card.querySelector(`[data-show="${name}"]`).textContent);
        });
      }, [id, times]);
      times.forEach((t, i) => assert.deepStrictEqual(shown[i], expected(feed, t), `${id} at ${local(t)}`));
      checked += times.length;
    }
    assert.ok(checked >= 1000, `${checked} instants`);
  } finally {
    await browser.close();
    await server.close();
  }
});

// The site is built anew at each instant, so that a feed is also right about days on which nobody built it.
test('screens at says on a later day what the feed of today says about it', () => {
  for (const [id, feed] of Object.entries(feeds)) {
    // Instants at which the show is on and at which it is dark.
    for (const t of instants(feed, 400).slice(0, 400).filter((_, i) => i % 133 === 7)) {
      const { answer } = JSON.parse(civicast(['screens', 'at', id, local(t), '--json']));
      const playing = player.at(feed._screen, t);
      assert.strictEqual(answer.title, playing ? titleOf(feed, playing) : null, `${id} at ${local(t)}`);
      if (!playing) continue;
      assert.deepStrictEqual([answer.from, answer.until], [playing.from, playing.until], `${id} at ${local(t)}`);
      // Every document that is said to play does, and no other.
      const said = answer.rows.filter((row) => row.verdict.plays).map((row) => row.title).sort();
      const loop = [...new Set(feed._screen.loops[playing.plays].map(([item]) => feed.items[item].title))].sort();
      assert.deepStrictEqual(said, loop, `${id} at ${local(t)}`);
    }
  }
});
