// Videos in Chromium, in real time: the address sets the clock to noon in the canteen, where the example has one.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { watchedPage } = require('./harness.js');
const { close, feedOf, instant, open, programme, serveBadly, sha256, strict, variant } = require('./screen.js');

let folder, browser, slide, turn;
const noon = instant('2026-11-24T12:00:00');
test.before(async () => {
  ({ folder, browser } = await open());
  const feed = feedOf('canteen');
  slide = feed.items.flatMap((item) => item._screen.slides).find(({ video }) => video);
  // The first turn of the video after noon.
  turn = programme(feed, noon, noon + 1200).find(([, key]) => key === slide.sha256)[0];
});
test.after(close);

const local = (t) => new Date((t + 8 * 3600) * 1000).toISOString().slice(0, 19);
const videoPath = () => `/screens/${slide.video.file.replace('../', '')}`;

// What stands on the stage: the picture, and the video over it when it is seen.
const stage = (page) => page.evaluate(() => {
  const film = document.querySelector('.film');
  const image = document.querySelector('.layer.on');
  return {
    showing: window.civicast.state().showing, now: window.civicast.state().now,
    picture: !!image && image.complete && image.naturalWidth > 0,
    films: document.querySelectorAll('video').length,
    film: film && {
      seen: film.className === 'film on' && film.readyState >= 2, at: film.currentTime, muted: film.muted, paused: film.paused, src: film.src, width: film.videoWidth,
    },
  };
});

async function until(page, what, wanted, seconds = 8) {
  let last;
  for (const from = Date.now(); Date.now() - from < seconds * 1000;) {
    last = await stage(page);
    if (wanted(last)) return last;
    await new Promise((go) => { setTimeout(go, 50); });
  }
  throw new Error(`${what}: ${JSON.stringify(last)}`);
}

// Opens the canteen at an instant. The page remembers violations of the policy and object URLs.
async function show(server, at, { origin = server.origin, workers = 'block', query = '' } = {}, look) {
  const context = await browser.newContext({ viewport: { width: 640, height: 400 }, serviceWorkers: workers });
  try {
    await context.addInitScript(() => {
      window.violations = [];
      window.urls = new Set();
      document.addEventListener('securitypolicyviolation', (event) => window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`));
      const { createObjectURL, revokeObjectURL } = URL;
      URL.createObjectURL = (blob) => { const url = createObjectURL.call(URL, blob); window.urls.add(url); return url; };
      URL.revokeObjectURL = (url) => { window.urls.delete(url); revokeObjectURL.call(URL, url); };
    });
    const { page } = await watchedPage(context, origin);
    await page.goto(`${origin}/screens/canteen/?at=${local(at)}${query}`);
    await look(page, context);
  } finally {
    await context.close();
  }
}

async function served(policy, work) {
  const server = await serveBadly(policy);
  try { await work(server); } finally { await server.close(); }
}

test('the feed describes the video, and its file is what it says', () => {
  const { video } = slide;
  const bytes = fs.readFileSync(path.join(folder, videoPath()));
  assert.deepStrictEqual([video.sha256, video.bytes, video.type], [sha256(bytes), bytes.length, 'video/mp4']);
  const feed = feedOf('canteen');
  const entries = Object.values(feed._screen.loops).flat().filter(([item, at]) => feed.items[item]._screen.slides[at] === feed.items[item]._screen.slides.find(({ video: v }) => v));
  assert.ok(entries.length > 0 && entries.every(([, , seconds]) => seconds === Math.ceil(video.seconds)));
  // The strip at the gate shows no video.
  assert.ok(!JSON.stringify(feedOf('led')).includes('"video"'));
});

test('a video plays over its slide, muted, at its time, and leaves nothing behind', async () => {
  await served(strict, (server) => show(server, turn - 4, {}, async (page) => {
    const early = await until(page, 'warmed up', ({ film }) => film && !film.seen);
    assert.notStrictEqual(early.showing, slide.sha256);
    const seen = await until(page, 'plays', ({ film }) => film && film.seen && !film.paused);
    assert.strictEqual(seen.showing, slide.sha256);
    assert.ok(seen.film.muted && seen.film.width > 0 && seen.film.src.endsWith(videoPath()) && seen.picture, JSON.stringify(seen));
    assert.ok(Math.abs(seen.now - turn - seen.film.at) < 1.5, `${seen.film.at} s at ${seen.now - turn} s`);
    await until(page, 'is over', ({ showing, films }) => showing !== slide.sha256 && films === 0, 16);
    assert.deepStrictEqual(await page.evaluate(() => [window.violations, window.urls.size]), [[], 0]);
  }));
});

test('a screen that starts in the middle of a video jumps there', async () => {
  await served(strict, (server) => show(server, turn + 6, {}, async (page) => {
    const { film, now } = await until(page, 'plays', (all) => all.film && all.film.seen && !all.film.paused && all.film.at > 6);
    assert.ok(Math.abs(now - turn - film.at) < 1.5, `${film.at} s at ${now - turn} s`);
  }));
});

test('a video that is missing, damaged or cannot be decoded leaves its slide on the screen', async () => {
  const bytes = fs.readFileSync(path.join(folder, videoPath()));
  const garbage = Buffer.concat([bytes.subarray(0, 600), Buffer.alloc(bytes.length - 600, 7)]);
  const broken = variant('canteen', (feed) => {
    const { video } = feed.items.flatMap((item) => item._screen.slides).find((each) => each.video);
    Object.assign(video, { sha256: sha256(garbage), file: `../files/${sha256(garbage)}.mp4` });
  });
  const cases = {
    missing: { [videoPath()]: null },
    damaged: { [videoPath()]: garbage },
    undecodable: { [broken.address]: broken.text, [broken.pointer]: broken.head, [`/screens/files/${sha256(garbage)}.mp4`]: garbage },
  };
  for (const [name, files] of Object.entries(cases)) {
    await served(strict, async (server) => {
      Object.assign(server.state.files, files);
      await show(server, turn + 1, {}, async (page) => {
        await until(page, `${name}: its slide`, ({ showing, picture }) => showing === slide.sha256 && picture);
        for (let n = 0; n < 15; n++) {
          const { film, picture } = await stage(page);
          assert.ok(picture && !(film && film.seen), `${name}: ${JSON.stringify(film)}`);
          await new Promise((go) => { setTimeout(go, 200); });
        }
        await until(page, `${name}: no element`, ({ films }) => films === 0, 12);
      });
    });
  }
});

test('without the server a video plays from what was kept: by the Service Worker, or from the store where the policy allows it', async () => {
  await served(strict, (server) => show(server, turn - 1, { workers: 'allow' }, async (page) => {
    const kept = () => page.evaluate(async () => {
      const keys = await (await caches.open('civicast-screens-1')).keys();
      return navigator.serviceWorker.controller ? keys.map(({ url }) => new URL(url).pathname) : [];
    });
    const pictures = new Set(feedOf('canteen').items.flatMap((item) => item._screen.slides.map(({ file }) => file))).size;
    for (const from = Date.now(); ; await new Promise((go) => { setTimeout(go, 100); })) {
      const keys = await kept();
      const has = (end) => keys.some((key) => key.endsWith(end));
      if (has(videoPath()) && has('player.js') && has('player.css') && has('/canteen/') && keys.filter((key) => key.endsWith('.svg')).length >= pictures) break;
      assert.ok(Date.now() - from < 10000, `kept only ${keys}`);
    }
    server.state.mode = 'gone';
    await page.reload();
    const { film } = await until(page, 'offline', (all) => all.film && all.film.seen && !all.film.paused && all.film.at > 2);
    assert.ok(film.width > 0);
  }));
  for (const [policy, plays] of [["default-src 'self'; img-src 'self' blob:; media-src 'self' blob:", true], [strict, false]]) {
    await served(policy, (server) => show(server, turn - 3, { origin: server.plain }, async (page) => {
      await until(page, 'verified', ({ film }) => !!film);
      await new Promise((go) => { setTimeout(go, 500); });
      server.state.files[videoPath()] = null;
      await page.goto(`${server.plain}/screens/canteen/?at=${local(turn + 1)}`);
      if (plays) {
        const { film } = await until(page, 'from the store', (all) => all.film && all.film.seen && !all.film.paused);
        assert.ok(film.src.startsWith('blob:'));
        await until(page, 'over', ({ films }) => films === 0, 16);
        assert.strictEqual(await page.evaluate(() => window.urls.size), 0);
      } else {
        await until(page, 'its slide', ({ showing, picture }) => showing === slide.sha256 && picture);
        await until(page, 'no element', ({ films }) => films === 0, 8);
      }
    }));
  }
});

test('in time-lapse the slide stands for the video', async () => {
  await served(strict, (server) => show(server, turn - 60, { query: '&speed=60' }, async (page) => {
    for (let n = 0; n < 20; n++) {
      assert.strictEqual((await stage(page)).films, 0);
      await new Promise((go) => { setTimeout(go, 100); });
    }
  }));
});
