// What tests of the player stand on: a server that fails on demand, a clock of the test's own, and what the evaluator says.
'use strict';
const assert = require('node:assert');
const crypto = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { build, fileOf, launch, watchedPage } = require('./harness.js');
const player = require('../../themes/civic/static/screens/player.js');

const long = process.env.CIVICAST_LONG === '1';
const strict = "default-src 'self'";
const screens = ['hotel', 'hall', 'elevator', 'corridor', 'canteen', 'led'];
const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.json': 'application/json', '.svg': 'image/svg+xml', '.mp4': 'video/mp4' };
const sha256 = (data) => crypto.createHash('sha256').update(data).digest('hex');
const instant = (text) => Date.parse(`${text}+08:00`) / 1000;

let folder;
let browser;

// Builds the example and starts Chromium; gives both.
async function open() {
  folder = build();
  browser = await launch(['--host-resolver-rules=MAP screen.test 127.0.0.1', '--js-flags=--expose-gc']);
  return { folder, browser };
}

const feedOf = (screen) => JSON.parse(fs.readFileSync(path.join(folder, `screens/${screen}/feed.json`), 'utf8'));
const headOf = (screen) => JSON.parse(fs.readFileSync(path.join(folder, `screens/${screen}/head.json`), 'utf8'));
const close = async () => { await browser?.close(); };

// ---- A server that fails on demand ----------------------------------------------------------------------------------

// `state.mode` for everything: ok, gone, hang, or a status; `state.files` are files by path that stand before those on disk
// (null for missing). The Date header of the pointer is the device's own time plus `state.ahead` seconds, or absent.
async function serveBadly(policy = strict) {
  const state = { mode: 'ok', data: 'ok', files: {}, ahead: null, asked: [], polls: [] };
  const server = http.createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    state.asked.push(url.pathname);
    if (url.searchParams.has('t')) state.polls.push(Number(url.searchParams.get('t')));
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
    const range = status === 200 && /^bytes=(\d+)-(\d*)$/.exec(request.headers.range || '');
    if (range) {
      const [start, end] = [Number(range[1]), range[2] ? Number(range[2]) + 1 : body.length];
      Object.assign(headers, { 'Accept-Ranges': 'bytes', 'Content-Range': `bytes ${start}-${end - 1}/${body.length}` });
      response.writeHead(206, headers).end(body.slice(start, end));
      return;
    }
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
    // A browser under pressure may lose a timer.
    loseTimeouts() { for (const [key, timer] of timers) if (!timer.every) timers.delete(key); },
    forget() { shown.length = 0; last = null; },
  };
}

// A page of the player at an instant. `look(page, tools)` gets it with the show running.
async function play(server, screen, start, options, look) {
  const { origin = server.origin, address = `${origin}/screens/${screen}/`, workers = 'block', before, after, device = 0, clean = false } = options;
  const context = await browser.newContext({ viewport: { width: 480, height: 270 }, serviceWorkers: workers });
  try {
    if (before) await context.addInitScript(before);
    await context.addInitScript(virtualTime, start + device);
    if (after) await context.addInitScript(after);
    const { page, faults } = await watchedPage(context, origin);
    await page.goto(address);
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

module.exports = {
  agrees, close, feedOf, headOf, instant, keyOf, long, open, play, player, programme, screens, serveBadly, sha256, strict, variant, virtualTime, without,
};
