// The player in Chromium under a clock of its own: what it shows is what the evaluator says, slide for slide, whatever
// happens to the server, the disk and the clock. CIVICAST_LONG=1 plays whole days and 20,000 slides instead of stretches.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const crypto = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { build, civicast, fileOf, launch, watchedPage } = require('./harness.js');
const player = require('../../themes/civic/static/screens/player.js');

const long = process.env.CIVICAST_LONG === '1';
const strict = "default-src 'self'";
const screens = ['hotel', 'hall', 'elevator', 'corridor', 'canteen', 'led'];
const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.json': 'application/json', '.svg': 'image/svg+xml' };
const sha256 = (data) => crypto.createHash('sha256').update(data).digest('hex');
const instant = (text) => Date.parse(`${text}+08:00`) / 1000;

let folder;
let browser;

test.before(async () => {
  folder = build();
  browser = await launch(['--host-resolver-rules=MAP screen.test 127.0.0.1', '--js-flags=--expose-gc']);
});
test.after(async () => { await browser?.close(); });

const feedOf = (screen) => JSON.parse(fs.readFileSync(path.join(folder, `screens/${screen}/feed.json`), 'utf8'));
const headOf = (screen) => JSON.parse(fs.readFileSync(path.join(folder, `screens/${screen}/head.json`), 'utf8'));

// ---- A server that fails on demand ----------------------------------------------------------------------------------

// `state.mode` for everything: ok, gone, hang, or a status; `state.files` are files by path that stand before those on disk
// (null for missing). The Date header of the pointer is the device's own time plus `state.ahead` seconds, or absent.
async function serveBadly(policy = strict) {
  const state = { mode: 'ok', data: 'ok', files: {}, ahead: null, asked: [] };
  const server = http.createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    state.asked.push(url.pathname);
    const isData = /\/(head|feed)\.json$|\/files\//.test(url.pathname);
    const mode = state.mode === 'ok' && isData ? state.data : state.mode;
    if (mode === 'gone') { request.socket.destroy(); return; }
    if (mode === 'hang') return;
    response.sendDate = false;
    const given = state.files[url.pathname];
    const name = given === null ? null : fileOf(folder, url.pathname);
    const status = typeof mode === 'number' ? mode : name || given ? 200 : 404;
    const body = status === 200 ? given || fs.readFileSync(path.join(folder, name)) : 'Not here';
    const type = types[path.extname(name || url.pathname)] || 'application/octet-stream';
    const headers = { 'Content-Type': status === 200 ? type : 'text/html', 'Content-Security-Policy': policy, 'Cache-Control': 'no-store' };
    if (state.ahead !== null && url.searchParams.has('t')) headers.Date = new Date((Number(url.searchParams.get('t')) + state.ahead) * 1000).toUTCString();
    response.writeHead(status, headers).end(body);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address();
  return {
    state, origin: `http://127.0.0.1:${port}`, plain: `http://screen.test:${port}`,
    close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }),
  };
}

// Another feed for a screen, and the pointer to it.
function variant(screen, change) {
  const feed = feedOf(screen);
  change(feed);
  const text = JSON.stringify(feed);
  const hash = sha256(text);
  const head = { ...headOf(screen), sha256: hash, feed: `../files/${hash}.json`, bytes: text.length };
  return { feed, text, address: `/screens/files/${hash}.json`, pointer: `/screens/${screen}/head.json`, head: JSON.stringify(head) };
}

// The same show without one item: where it stood, the one after it plays on.
function without(feed, gone) {
  for (const loop of Object.values(feed._screen.loops)) {
    loop.forEach((entry, at) => { if (entry[0] === gone) { const other = loop.find(([item]) => item !== gone); loop[at] = [other[0], other[1], entry[2]]; } });
  }
  feed.items[gone]._screen.slides = [];
}

// ---- A clock of the test ---------------------------------------------------------------------------------------------

// Runs in the page: time stands still but for `advance`, and waits while anything is under way.
function virtualTime(start) {
  const real = { setTimeout: window.setTimeout.bind(window), now: performance.now.bind(performance) };
  const timers = new Map();
  let wall = start * 1000, mono = 0, names = 0, busy = 0, moves = 0, stuck = -1;
  const set = (work, wait, every) => { names += 1; timers.set(names, { at: mono + Math.max(Number(wait) || 0, every ? 1 : 0), work, every }); return names; };
  Date.now = () => wall;
  performance.now = () => mono;
  window.setTimeout = (work, wait) => set(work, wait, 0);
  window.setInterval = (work, wait) => set(work, wait, wait);
  window.clearTimeout = window.clearInterval = (name) => { timers.delete(name); };
  const during = (begin) => {
    busy += 1; moves += 1;
    let ended = false;
    begin(() => { if (!ended) { ended = true; real.setTimeout(() => { busy -= 1; moves += 1; }, 0); } });
  };
  const follow = (holder, name, watch) => {
    const before = holder[name];
    holder[name] = function (...all) { const result = before.apply(this, all); during((done) => watch.call(this, result, done)); return result; };
  };
  follow(XMLHttpRequest.prototype, 'send', function (_, done) { this.addEventListener('loadend', done); });
  follow(HTMLImageElement.prototype, 'decode', (promise, done) => { promise.then(done, done); });
  if (window.crypto.subtle) follow(SubtleCrypto.prototype, 'digest', (promise, done) => { promise.then(done, done); });
  // A picture on its way, in an element of the stage or not; another address ends the wait for the one before.
  const source = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, 'src');
  const over = new WeakMap();
  Object.defineProperty(HTMLImageElement.prototype, 'src', {
    ...source,
    set(value) {
      over.get(this)?.();
      during((done) => { over.set(this, done); this.addEventListener('load', done, { once: true }); this.addEventListener('error', done, { once: true }); });
      source.set.call(this, value);
    },
  });
  const settled = (asking, done) => { asking.addEventListener('success', done); asking.addEventListener('error', done); };
  follow(IDBFactory.prototype, 'open', settled);
  for (const name of ['get', 'put']) follow(IDBObjectStore.prototype, name, settled);
  const urls = new Set();
  const { createObjectURL, revokeObjectURL } = URL;
  URL.createObjectURL = (blob) => { const url = createObjectURL.call(URL, blob); urls.add(url); return url; };
  URL.revokeObjectURL = (url) => { urls.delete(url); revokeObjectURL.call(URL, url); };

  const shown = [];
  let last = null, blank = 0;
  // What a passer-by sees: the picture in front, or the state of the stage.
  function look() {
    const stage = document.getElementById('stage');
    if (!stage || !window.civicast) return;
    const state = stage.className.trim().replace(' fast', '');
    let seen = state;
    if (!state || state === 'fast') {
      const image = stage.querySelector('.layer.on');
      seen = image && image.complete && image.naturalWidth > 0 ? window.civicast.state().showing : 'blank';
      const hash = image && /[0-9a-f]{64}/.exec(image.src);
      if (hash && hash[0] !== seen) seen = `wrong picture ${hash[0]} for ${seen}`;
    }
    if (seen === 'blank') blank += 1;
    if (seen !== last) { shown.push([Math.round(wall) / 1000, seen]); last = seen; }
  }
  const channel = new MessageChannel();
  const turn = () => new Promise((go) => { channel.port1.onmessage = go; channel.port2.postMessage(0); });
  async function settle() {
    // Events that are due, such as the load of a picture the memory has, come first.
    await turn();
    // What hangs has been waited for once.
    if (!busy || moves === stuck) return;
    for (let from = real.now(), seen = moves; busy && real.now() - from < 400;) {
      await new Promise((go) => real.setTimeout(go, 0));
      if (moves !== seen) { seen = moves; from = real.now(); }
    }
    stuck = moves;
  }
  window.virtual = {
    shown, urls,
    blank: () => blank,
    now: () => wall / 1000,
    // Time passes, everything that is due happens.
    async advance(seconds) {
      const end = mono + seconds * 1000;
      for (;;) {
        await settle();
        let name = 0, first = null;
        for (const [key, timer] of timers) if (timer.at <= end && (!first || timer.at < first.at)) { first = timer; name = key; }
        const to = first ? Math.max(first.at, mono) : end;
        wall += to - mono; mono = to;
        if (!first) break;
        if (first.every) first.at = mono + first.every; else timers.delete(name);
        first.work();
        look();
      }
      return wall / 1000;
    },
    // Time passes and nothing happens meanwhile.
    leap(seconds) { wall += seconds * 1000; mono += seconds * 1000; },
    // The device's clock alone is moved: it is set, or the device slept.
    set(seconds) { wall += seconds * 1000; },
    forget() { shown.length = 0; last = null; },
  };
}

// A page of the player at an instant. `look(page, tools)` gets it with the show running.
async function play(server, screen, start, { origin = server.origin, workers = 'block', before, device = 0, clean = false } = {}, look) {
  const context = await browser.newContext({ viewport: { width: 480, height: 270 }, serviceWorkers: workers });
  try {
    if (before) await context.addInitScript(before);
    await context.addInitScript(virtualTime, start + device);
    const { page, faults } = await watchedPage(context, origin);
    await page.goto(`${origin}/screens/${screen}/`);
    await page.evaluate(() => { window.mark = 'the same page'; });
    const tools = {
      context,
      advance: (seconds) => page.evaluate((s) => window.virtual.advance(s), seconds),
      leap: (seconds) => page.evaluate((s) => window.virtual.leap(s), seconds),
      set: (seconds) => page.evaluate((s) => window.virtual.set(s), seconds),
      // What was seen during the next seconds, as [instant, picture].
      watch: (seconds) => page.evaluate(async (s) => {
        window.virtual.forget();
        const from = window.virtual.now();
        const until = await window.virtual.advance(s);
        return { from, until, shown: window.virtual.shown.slice(), blank: window.virtual.blank() };
      }, seconds),
      showing: () => page.evaluate(() => window.civicast.state().showing),
      same: () => page.evaluate(() => window.mark === 'the same page'),
    };
    await look(page, tools);
    if (clean) assert.deepStrictEqual(faults.filter((fault) => !fault.includes('blocked by Playwright')), []);
  } finally {
    await context.close();
  }
}

const keyOf = (feed, playing) => (playing ? feed.items[playing.item]._screen.slides[playing.slide].sha256 : 'dark');

// What the evaluator says for [from, until): [instant of the change, picture].
function programme(feed, from, until, evaluate = player.at) {
  const shows = [];
  for (let t = from; t < until;) {
    const playing = evaluate(feed._screen, t);
    const key = keyOf(feed, playing);
    if (!shows.length || shows[shows.length - 1][1] !== key) shows.push([t, key]);
    t = playing ? playing.until : feed._screen.timeline.find(([begin, end]) => begin <= t && t < end)[1];
  }
  return shows;
}

// Slide for slide; `ahead` is how far the device's clock is off, `exact` how well it can know (a Date header has whole seconds).
function agrees(feed, seen, where, { ahead = 0, exact = 0.002, evaluate } = {}) {
  const until = (margin) => programme(feed, seen.from - ahead, seen.until - ahead + margin, evaluate);
  const wanted = until(1);
  const keys = seen.shown.map(([, key]) => key);
  assert.strictEqual(seen.blank, 0, `${where}: a blank frame`);
  // A change in the last moment may or may not have been seen.
  assert.ok(keys.length >= until(-1).length, `${where}: ${keys.length} pictures`);
  assert.deepStrictEqual(keys, wanted.map(([, key]) => key).slice(0, keys.length), where);
  seen.shown.slice(1).forEach(([t], i) => {
    const late = t - ahead - wanted[i + 1][0];
    assert.ok(late > -exact && late < 0.25 + exact, `${where}: ${late} s late at ${t}`);
  });
}

// ---- The show --------------------------------------------------------------------------------------------------------

for (const screen of screens) {
  test(`${screen} shows what the programme of the day lists, slide for slide`, async () => {
    const server = await serveBadly();
    try {
      const feed = feedOf(screen);
      const titles = (loop) => {
        const sums = {};
        for (const [item, , seconds] of loop) sums[feed.items[item].title] = (sums[feed.items[item].title] || 0) + seconds;
        return sums;
      };
      for (const day of long ? ['2026-11-24', '2026-12-13', '2026-12-19'] : ['2026-11-24', '2026-12-13']) {
        const midnight = instant(`${day}T00:00:00`);
        const segments = feed._screen.timeline.filter(([from, until]) => until > midnight && from < midnight + 86400);
        // The printed programme has the same segments with the same shares.
        const tables = JSON.parse(civicast(['screens', 'day', screen, day, '--json'])).tables;
        assert.strictEqual(tables.length, segments.length, `${screen} ${day}`);
        tables.forEach(({ rows }, i) => {
          const listed = {};
          for (const row of rows) listed[row.title] = (listed[row.title] || 0) + row.seconds;
          assert.deepStrictEqual(listed, segments[i][2] ? titles(feed._screen.loops[segments[i][2]]) : {}, `${screen} ${day} ${tables[i].name}`);
        });
        // Around every change of the day, or all of it.
        const stretches = long ? [[midnight, midnight + 86400]] : segments.slice(1).map(([from]) => [from - 45, from + 75]);
        await play(server, screen, stretches[0][0] - 20, { clean: true }, async (page, { advance, leap, watch }) => {
          let now = await advance(20);
          for (const [from, until] of stretches) {
            if (from > now + 1) { await leap(from - 5 - now); now = await advance(5); }
            const seen = await watch(until - now);
            agrees(feed, seen, `${screen} ${day}`);
            now = seen.until;
          }
        });
      }
    } finally {
      await server.close();
    }
  });
}

test('the page has nothing inline', () => {
  const page = fs.readFileSync(path.join(folder, 'screens/hall/index.html'), 'utf8');
  assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=/, 'nothing inline');
});

// ---- A new feed in mid-show --------------------------------------------------------------------------------------------

const morning = instant('2026-11-24T10:00:00');

test('a new feed comes in between two slides, one that takes the picture back at once, neither with a blank frame or a reload', async () => {
  const server = await serveBadly();
  try {
    await play(server, 'hotel', morning, { clean: true }, async (page, { advance, watch, same, showing }) => {
      const old = feedOf('hotel');
      let now = await advance(35);
      // An item that is not on the screen now, nor next. It stays listed, without pictures.
      const due = programme(old, now, now + 400).map(([, key]) => key);
      const later = old.items.findIndex((item) => item._screen.slides.some(({ sha256: key }) => due.indexOf(key) > 4));
      const second = variant('hotel', (feed) => without(feed, later));
      Object.assign(server.state.files, { [second.address]: second.text, [second.pointer]: second.head });
      const seen = await watch(400);
      agrees(second.feed, { ...seen, from: now }, 'swap between two slides');
      assert.strictEqual(await page.evaluate(() => window.civicast.state().sha256), sha256(second.text));
      // Now the very picture on the screen is taken back.
      now = seen.until;
      const on = await showing();
      const gone = second.feed.items.findIndex((item) => item._screen.slides.some(({ sha256: key }) => key === on));
      const third = variant('hotel', (feed) => {
        without(feed, later);
        without(feed, gone);
      });
      Object.assign(server.state.files, { [third.address]: third.text, [third.pointer]: third.head });
      await advance(31);
      assert.strictEqual(await page.evaluate(() => window.civicast.state().sha256), sha256(third.text));
      const after = await watch(300);
      agrees(third.feed, after, 'swap at once');
      assert.ok(!after.shown.some(([, key]) => key === on));
      assert.ok(await same());
    });
  } finally {
    await server.close();
  }
});

// ---- What must not hurt --------------------------------------------------------------------------------------------------

// Each gets the server and a new feed without the item that is due later.
const failures = {
  'server gone': (state) => { state.mode = 'gone'; },
  '404': (state) => { state.mode = 404; },
  '500': (state) => { state.mode = 500; },
  'server hanging': (state) => { state.mode = 'hang'; },
  'truncated feed': (state, next) => { Object.assign(state.files, { [next.pointer]: next.head, [next.address]: next.text.slice(0, 5000) }); },
  'wrong hash': (state, next) => { Object.assign(state.files, { [next.pointer]: next.head, [next.address]: next.text.replace('一号楼', '二号楼') }); },
  'pointer that is no pointer': (state, next) => { state.files[next.pointer] = '{"format":1,"sha256":7,"feed":{}}'; },
  'feed of a shape of its own': (state) => {
    const text = JSON.stringify({ items: [null], _screen: { format: 1, loops: { a: null }, timeline: 7, standby: 'a' } });
    const address = `/screens/files/${sha256(text)}.json`;
    Object.assign(state.files, { '/screens/hall/head.json': JSON.stringify({ format: 1, sha256: sha256(text), feed: `..${address.slice(8)}`, issued: 1 }), [address]: text });
  },
};

for (const [name, begin] of Object.entries(failures)) {
  test(`${name}: the show goes on, and recovers`, async () => {
    const server = await serveBadly();
    try {
      const old = feedOf('hall');
      const next = variant('hall', (feed) => without(feed, 3));
      await play(server, 'hall', morning, {}, async (page, { advance, watch, same }) => {
        await advance(65);
        begin(server.state, next);
        agrees(old, await watch(240), name);
        Object.assign(server.state, { mode: 'ok', files: { [next.pointer]: next.head, [next.address]: next.text } });
        await advance(130);
        assert.strictEqual(await page.evaluate(() => window.civicast.state().sha256), sha256(next.text), 'recovered');
        agrees(next.feed, await watch(60), `${name}, over`);
        assert.ok(await same());
      });
    } finally {
      await server.close();
    }
  });
}

test('a missing or damaged slide keeps the old feed at first, then the new one plays without it', async () => {
  for (const damage of ['missing', 'damaged']) {
    const server = await serveBadly();
    try {
      const old = feedOf('hall');
      // The first item that plays now gets a new picture which does not arrive; the second is taken back.
      const loop = old._screen.loops[player.at(old._screen, morning).plays];
      const [changed, gone] = [...new Set(loop.map(([item]) => item))];
      const taken = old.items[gone]._screen.slides.map(({ sha256: key }) => key);
      const picture = fs.readFileSync(path.join(folder, 'screens', old.items[changed]._screen.slides[0].file.slice(3)), 'utf8').replace('<title>', '<title>新');
      const hash = sha256(picture);
      const next = variant('hall', (feed) => {
        feed.items[changed]._screen.slides[0] = { file: `../files/${hash}.svg`, sha256: hash, bytes: picture.length, alt: '' };
        without(feed, gone);
      });
      await play(server, 'hall', morning, {}, async (page, { advance, watch }) => {
        await advance(65);
        Object.assign(server.state.files, { [next.pointer]: next.head, [next.address]: next.text });
        if (damage === 'damaged') server.state.files[`/screens/files/${hash}.svg`] = picture.slice(0, 2000);
        agrees(old, await watch(40), damage);
        await advance(200);
        const seen = await watch(900);
        assert.strictEqual(seen.blank, 0);
        const keys = seen.shown.map(([, key]) => key);
        assert.ok(keys.every((key) => /^[0-9a-f]{64}$/.test(key) && key !== hash && !taken.includes(key)), `${damage}: ${keys}`);
        server.state.files[`/screens/files/${hash}.svg`] = picture;
        await advance(130);
        agrees(next.feed, await watch(120), `${damage}, then there`);
      });
    } finally {
      await server.close();
    }
  }
});

test('a screen switched on while the server is down shows the name of the office, then the show', async () => {
  for (const mode of [500, 'hang']) {
    const server = await serveBadly();
    try {
      server.state.data = mode;
      await play(server, 'canteen', instant('2026-11-24T12:00:00'), {}, async (page, { advance, watch }) => {
        const seen = await watch(40);
        assert.deepStrictEqual(seen.shown.map(([, key]) => key), ['bare']);
        assert.match(await page.locator('.slate').innerText(), /示例市机关事务管理局/);
        server.state.data = 'ok';
        await advance(70);
        agrees(feedOf('canteen'), await watch(60), `after ${mode}`);
      });
    } finally {
      await server.close();
    }
  }
});

// ---- Clocks ------------------------------------------------------------------------------------------------------------

test('a device in 1970 or three hours ahead shows what is due by the time of the server, from the first picture on', async () => {
  for (const device of [-morning + 40, 3 * 3600, -3 * 3600]) {
    const server = await serveBadly();
    try {
      server.state.ahead = -device;
      await play(server, 'hall', morning, { device }, async (page, { watch }) => {
        const seen = await watch(240);
        const due = programme(feedOf('hall'), morning, morning + 240).map(([, key]) => key);
        const keys = seen.shown.map(([, key]) => key).filter((key) => key !== 'bare');
        assert.deepStrictEqual(keys, due.slice(0, keys.length), `${device} s`);
        assert.ok(keys.length >= due.length - 1);
        // Reload: nothing of the device's own time is seen before the server has spoken.
        server.state.data = 'ok';
        await page.reload();
        const again = await watch(60);
        const now = programme(feedOf('hall'), morning, morning + 60).map(([, key]) => key);
        assert.deepStrictEqual(again.shown.map(([, key]) => key).filter((key) => key !== 'bare'), now, `${device} s, reloaded`);
      });
    } finally {
      await server.close();
    }
  }
});

test('a clock that is set while the show runs moves nothing, and a device that slept offline wakes to the right picture', async () => {
  const server = await serveBadly();
  try {
    server.state.ahead = 0;
    const feed = feedOf('hall');
    await play(server, 'hall', morning, {}, async (page, { advance, set, watch }) => {
      await advance(65);
      await set(-7200);
      server.state.ahead = 7200;
      agrees(feed, await watch(120), 'set back', { ahead: -7200, exact: 1 });
      await set(7200);
      server.state.ahead = 0;
      agrees(feed, await watch(120), 'set right', { exact: 1 });
      server.state.mode = 'gone';
      await set(6 * 3600 + 17);
      await advance(1);
      agrees(feed, await watch(120), 'slept', { exact: 1 });
    });
  } finally {
    await server.close();
  }
});

// ---- Without a server ----------------------------------------------------------------------------------------------------

test('an item is gone at its instant on a screen that has been offline since the day before', async () => {
  const server = await serveBadly();
  try {
    const feed = feedOf('hotel');
    // The next change after tomorrow's opening at which some item drops out.
    const items = (name) => new Set((feed._screen.loops[name] || []).map(([item]) => item));
    const line = feed._screen.timeline;
    const at = line.findIndex(([from, , name], i) => i && from > morning + 86400 && name && line[i - 1][2] && [...items(line[i - 1][2])].some((item) => !items(name).has(item)));
    const end = line[at][0];
    const ended = [...items(line[at - 1][2])].filter((item) => !items(line[at][2]).has(item)).flatMap((item) => feed.items[item]._screen.slides.map(({ sha256: key }) => key));
    assert.ok(ended.length > 0);
    await play(server, 'hotel', morning, {}, async (page, { advance, leap, watch }) => {
      await advance(65);
      server.state.mode = 'gone';
      await leap(end - 120 - morning - 65);
      await advance(20);
      const seen = await watch(1000);
      agrees(feed, seen, 'offline');
      seen.shown.forEach(([t, key], i) => {
        if (ended.includes(key)) assert.ok((seen.shown[i + 1] || [Infinity])[0] <= end + 0.01, `shown until ${seen.shown[i + 1][0]}, ended at ${end}`);
      });
      // After the end of the feed: what is always good.
      await leap(feed._screen.until + 600 - seen.until);
      await advance(5);
      agrees(feed, await watch(120), 'past the feed');
    });
  } finally {
    await server.close();
  }
});

test('a reload offline, or while the server hangs, shows the right picture with a Service Worker', async () => {
  const server = await serveBadly();
  try {
    const feed = feedOf('hall');
    const slides = new Set(feed.items.flatMap((item) => item._screen.slides.map(({ sha256: key }) => key)));
    await play(server, 'hall', morning, { workers: 'allow' }, async (page, { advance, watch }) => {
      await advance(5);
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
      await page.waitForFunction(async (count) => {
        const keys = (await (await caches.open('civicast-screens-1')).keys()).map(({ url }) => new URL(url).pathname);
        return keys.filter((key) => /\/files\/[0-9a-f]{64}\.svg/.test(key)).length >= count && keys.some((key) => key.endsWith('player.js')) && keys.includes(location.pathname);
      }, slides.size, { polling: 50 });
      for (const mode of ['gone', 500, 'hang']) {
        server.state.mode = mode;
        await page.reload();
        await advance(8);
        const seen = await watch(60);
        agrees(feed, seen, `reload: ${mode}`);
      }
    });
  } finally {
    await server.close();
  }
});

test('on plain http the pictures come from the store after a reload, if the policy allows blob:', async () => {
  const server = await serveBadly("default-src 'self'; img-src 'self' blob:");
  try {
    const feed = feedOf('hall');
    await play(server, 'hall', morning, { origin: server.plain, workers: 'allow' }, async (page, { advance, watch }) => {
      assert.strictEqual(await page.evaluate(() => window.isSecureContext), false);
      await advance(40);
      for (const data of ['gone', 404, 'hang']) {
        server.state.data = data;
        await page.reload();
        await advance(20);
        agrees(feed, await watch(90), `reload: ${data}`);
        assert.ok(await page.evaluate(() => window.virtual.urls.size) <= 2, 'object URLs');
      }
    });
    // The clock fell back to 1970: only what is always good.
    server.state.data = 'ok';
    await play(server, 'hall', morning, { origin: server.plain }, async (page, { advance, watch, context }) => {
      await advance(40);
      server.state.data = 'gone';
      await context.addInitScript((t) => window.virtual.set(-t), morning);
      await page.reload();
      await advance(20);
      const seen = await watch(90);
      agrees(feed, seen, '1970', { evaluate: player.standby });
      const evergreen = feed.items.filter((item) => item._screen.evergreen).flatMap((item) => item._screen.slides.map(({ sha256: key }) => key));
      if (evergreen.length) assert.ok(seen.shown.every(([, key]) => evergreen.includes(key)));
    });
  } finally {
    await server.close();
  }
});

test('with the storage full, or refused, the show goes on and outlives its server', async () => {
  const full = () => {
    const refuse = () => { throw new DOMException('full', 'QuotaExceededError'); };
    IDBObjectStore.prototype.put = refuse;
    Storage.prototype.setItem = refuse;
  };
  const refused = () => {
    IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };
    Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });
  };
  for (const before of [full, refused]) {
    const server = await serveBadly();
    try {
      const feed = feedOf('hall');
      await play(server, 'hall', morning, { before, origin: server.plain }, async (page, { advance, watch }) => {
        await advance(65);
        agrees(feed, await watch(60), 'full');
        server.state.mode = before === full ? 'gone' : 'hang';
        agrees(feed, await watch(long ? 900 : 300), 'full and alone');
      });
    } finally {
      await server.close();
    }
  }
});

// ---- For weeks -----------------------------------------------------------------------------------------------------------

test('memory stays flat, and no node or object URL is left behind', async () => {
  const server = await serveBadly("default-src 'self'; img-src 'self' blob:");
  try {
    const changes = long ? 20000 : 2000;
    await play(server, 'hotel', instant('2026-11-24T06:00:00'), { origin: server.plain }, async (page, { advance, context }) => {
      await advance(65);
      // As if the address never answered: every picture goes through the store and an object URL.
      server.state.data = 'gone';
      const session = await context.newCDPSession(page);
      const level = async () => {
        await page.evaluate(() => { window.virtual.forget(); window.gc(); });
        await session.send('HeapProfiler.collectGarbage');
        const { usedSize } = await session.send('Runtime.getHeapUsage');
        const { nodes } = await session.send('Memory.getDOMCounters');
        return { usedSize, nodes, urls: await page.evaluate(() => window.virtual.urls.size) };
      };
      const pass = async (count) => {
        for (let done = 0; done < count;) {
          await advance(1200);
          done += await page.evaluate(() => { const { length } = window.virtual.shown; window.virtual.forget(); return length; });
        }
      };
      await pass(changes / 10);
      const early = await level();
      await pass(changes * 0.9);
      const late = await level();
      assert.ok(late.usedSize - early.usedSize < 2e6, `grew by ${late.usedSize - early.usedSize} bytes`);
      assert.ok(late.nodes <= early.nodes + 5, `${early.nodes} nodes, then ${late.nodes}`);
      assert.ok(late.urls <= 2, `${late.urls} object URLs`);
      assert.strictEqual(await page.locator('#stage img').count(), 2);
    });
  } finally {
    await server.close();
  }
});
