// The player in Chromium under a clock of its own: what it shows is what the evaluator says, slide for slide, whatever
// happens to the server, the disk and the clock. CIVICAST_LONG=1 plays whole days and 20,000 slides instead of stretches.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { civicast } = require('./harness.js');
const {
  agrees, close, feedOf, headOf, instant, keyOf, long, open, play, player, programme, screens, serveBadly, sha256, strict, variant, without,
} = require('./screen.js');

let folder;
test.before(async () => { ({ folder } = await open()); });
test.after(close);

// ---- The show --------------------------------------------------------------------------------------------------------

for (const screen of screens) {
  test(`${screen} shows what the programme of the day lists, slide for slide`, async (t) => {
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
        let slides = 0;
        const stretches = long ? [[midnight, midnight + 86400]] : segments.slice(1).map(([from]) => [from - 45, from + 75]);
        await play(server, screen, stretches[0][0] - 20, { clean: true }, async (page, { advance, leap, watch }) => {
          let now = await advance(20);
          for (const [from, until] of stretches) {
            if (from > now + 1) { await leap(from - 5 - now); now = await advance(5); }
            const seen = await watch(until - now);
            agrees(feed, seen, `${screen} ${day}`);
            slides += seen.shown.length;
            now = seen.until;
          }
        });
        t.diagnostic(`${day}: ${slides} pictures in ${stretches.reduce((sum, [from, until]) => sum + until - from, 0)} seconds of the screen`);
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

test('in the real frames around a swap there is always a whole picture, and fields that nobody knows are ignored', async () => {
  const server = await serveBadly();
  try {
    await play(server, 'hotel', morning, { clean: true }, async (page, { advance, context, same, showing }) => {
      // A frame of the browser is a tenth of a second of the test, so its fades must run as much faster.
      const session = await context.newCDPSession(page);
      await session.send('Animation.enable');
      await session.send('Animation.setPlaybackRate', { playbackRate: 8 });
      await advance(40);
      const on = await showing();
      const old = feedOf('hotel');
      const gone = old.items.findIndex((item) => item._screen.slides.some(({ sha256: key }) => key === on));
      const next = variant('hotel', (feed) => {
        without(feed, gone);
        Object.assign(feed, { later: { a: [1] } });
        Object.assign(feed._screen, { later: null });
        feed.items.forEach((item) => { item.later = 1; Object.assign(item._screen, { later: [] }); item._screen.slides.forEach((slide) => Object.assign(slide, { later: {} })); });
      });
      Object.assign(server.state.files, { [next.address]: next.text, [next.pointer]: next.head });
      const seen = await page.evaluate(async () => {
        const frame = () => new Promise((go) => { requestAnimationFrame(go); });
        // What came up last is not yet there in the time of the browser.
        for (let n = 0; n < 30; n++) await frame();
        const found = { frames: 0, bare: 0, fades: 0, pictures: new Set() };
        for (let n = 0; n < 400; n++) {
          await window.virtual.advance(0.1);
          await frame();
          const layers = [...document.querySelectorAll('.layer.on, .layer.under')].filter((image) => image.complete && image.naturalWidth > 0);
          const opacities = layers.map((image) => Number(getComputedStyle(image).opacity));
          found.frames += 1;
          if (!opacities.includes(1)) found.bare += 1;
          if (opacities.some((opacity) => opacity > 0 && opacity < 1)) found.fades += 1;
          found.pictures.add(window.civicast.state().showing);
        }
        return { ...found, pictures: [...found.pictures] };
      });
      assert.strictEqual(await page.evaluate(() => window.civicast.state().sha256), sha256(next.text), 'swapped');
      assert.ok(seen.pictures.length > 2 && seen.fades > 0, JSON.stringify(seen));
      assert.deepStrictEqual([seen.frames, seen.bare], [400, 0]);
      assert.ok(!await showing().then((key) => key === on) && await same());
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
  'pointer of another format': (state, next) => { Object.assign(state.files, { [next.pointer]: next.head.replace('"format":1', '"format":2'), [next.address]: next.text }); },
  'feed of another format': (state, next) => {
    const text = next.text.replace('"format":1', '"format":2');
    const address = `/screens/files/${sha256(text)}.json`;
    Object.assign(state.files, { [next.pointer]: JSON.stringify({ ...JSON.parse(next.head), sha256: sha256(text), feed: `..${address.slice(8)}` }), [address]: text });
  },
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

test('two months without a server play what the evaluator says, every day', async () => {
  const server = await serveBadly();
  try {
    for (const screen of long ? screens : ['hotel']) {
      const feed = feedOf(screen);
      await play(server, screen, morning, {}, async (page, { advance, leap, watch }) => {
        let now = await advance(65);
        server.state.mode = 'gone';
        for (let day = 0; day < 61; day++) {
          // Another time of each day, mornings, nights and midnights among them.
          const then = feed._screen.from + 86400 * (day + 1) + (day * 17389) % 86400;
          if (then > feed._screen.until - 200) break;
          if (then > now) { await leap(then - now - 5); now = await advance(5); }
          const seen = await watch(long ? 600 : 60);
          agrees(feed, seen, `${screen}, day ${day + 1}`);
          now = seen.until;
        }
        assert.ok(now > feed._screen.until - 3 * 86400);
        server.state.mode = 'ok';
      });
    }
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

test('memory stays flat, and no node or object URL is left behind', async (t) => {
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
      await pass(1000);
      const early = await level();
      await pass(changes - 1000);
      const late = await level();
      t.diagnostic(`after 1000 slides ${JSON.stringify(early)}, after ${changes} ${JSON.stringify(late)}`);
      assert.ok(late.usedSize - early.usedSize < 2e6, `grew by ${late.usedSize - early.usedSize} bytes`);
      assert.ok(late.nodes <= early.nodes + 5, `${early.nodes} nodes, then ${late.nodes}`);
      assert.ok(late.urls <= 2, `${late.urls} object URLs`);
      assert.strictEqual(await page.locator('#stage img').count(), 2);
    });
  } finally {
    await server.close();
  }
});

// ---- Manners ---------------------------------------------------------------------------------------------------------------

test('each screen asks at its own second of the half minute, and less often while the server fails', async () => {
  const server = await serveBadly();
  try {
    server.state.ahead = 0;
    await play(server, 'hall', morning, {}, async (page, { advance }) => {
      await advance(400);
      const asked = server.state.polls.slice(2);
      assert.ok(asked.length >= 11, `${asked}`);
      for (const t of asked) assert.strictEqual(t % 30, player.offsetOf('hall'), `${asked}`);
      server.state.mode = 500;
      server.state.polls = [];
      await advance(600);
      const gaps = server.state.polls.slice(1).map((t, i) => t - server.state.polls[i]);
      assert.ok(gaps.every((gap, i) => gap >= 29 && gap <= 61 && (i < 3 || gap >= 59)), `${gaps}`);
    });
    assert.strictEqual(new Set(screens.map(player.offsetOf)).size, screens.length);
  } finally {
    await server.close();
  }
});

test('nothing violates a policy of default-src self, on https and on plain http', async () => {
  const server = await serveBadly();
  const before = () => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`));
  };
  try {
    for (const [origin, workers] of [[server.origin, 'allow'], [server.plain, 'block']]) {
      for (const screen of ['canteen', 'led']) {
        await play(server, screen, instant('2026-11-24T11:59:00'), { origin, workers, before, clean: true }, async (page, { advance }) => {
          await advance(40);
          await page.reload();
          await advance(200);
          assert.deepStrictEqual(await page.evaluate(() => window.violations), [], `${origin} ${screen}`);
        });
      }
    }
  } finally {
    await server.close();
  }
});

test('the picture moves by a few pixels against burn-in, but not on a strip, and the screen is asked to stay awake', async () => {
  const server = await serveBadly();
  const before = () => {
    window.locks = 0;
    Object.defineProperty(navigator, 'wakeLock', { value: { request: () => { window.locks += 1; return Promise.resolve({}); } } });
  };
  try {
    const places = async (screen) => {
      let found;
      await play(server, screen, instant('2026-11-24T12:00:00'), { before }, async (page, { advance }) => {
        found = new Set();
        for (let n = 0; n < 9; n++) {
          await advance(60);
          found.add(await page.evaluate(() => document.getElementById('stage').style.transform));
        }
        await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
        assert.strictEqual(await page.evaluate(() => window.locks), 2);
      });
      return [...found];
    };
    const hall = await places('hall');
    assert.strictEqual(hall.length, 8);
    for (const place of hall) for (const [, pixels] of place.matchAll(/(-?\d+)px/g)) assert.ok(Math.abs(pixels) <= 3, place);
    assert.deepStrictEqual(await places('led'), ['']);
  } finally {
    await server.close();
  }
});

test('a picture that never becomes ready is passed over, and a timer that was lost is started again', async () => {
  const server = await serveBadly();
  try {
    const feed = feedOf('hall');
    const stuck = programme(feed, morning + 60, morning + 200)[2][1];
    const before = () => {
      const { decode } = HTMLImageElement.prototype;
      HTMLImageElement.prototype.decode = function () { return this.src.includes(window.stuck) ? new Promise(() => {}) : decode.call(this); };
    };
    await play(server, 'hall', morning, { before }, async (page, { advance, watch }) => {
      await page.evaluate((key) => { window.stuck = key; }, stuck);
      await advance(40);
      const seen = await watch(300);
      const keys = seen.shown.map(([, key]) => key);
      assert.strictEqual(seen.blank, 0);
      const due = programme(feed, seen.from, seen.until).map(([, key]) => key);
      assert.ok(due.includes(stuck) && !keys.includes(stuck) && new Set(keys).size >= new Set(due).size - 1, keys.join());
      // Something threw away the timer of the next look.
      await page.evaluate(() => { window.stuck = 'none'; window.virtual.loseTimeouts(); });
      await advance(70);
      agrees(feed, await watch(120), 'restarted');
    });
  } finally {
    await server.close();
  }
});

test('an engine as old as Chromium 38 plays the same', async () => {
  const server = await serveBadly();
  // What came later is gone where the player asks whether it is there, and is a trap where it does not ask.
  const after = () => {
    window.newer = [];
    const { Promise } = window;
    for (const [holder, names] of [[HTMLImageElement.prototype, ['decode']], [Crypto.prototype, ['subtle']], [Navigator.prototype, ['serviceWorker', 'wakeLock']]]) {
      for (const name of names) delete holder[name];
    }
    for (const name of ['fetch', 'AbortController', 'TextDecoder', 'TextEncoder', 'isSecureContext', 'caches', 'requestIdleCallback', 'queueMicrotask', 'structuredClone', 'URLSearchParams']) {
      Object.defineProperty(window, name, { value: undefined, configurable: true });
    }
    const byPlayer = () => /player\.js/.test(new Error().stack.split('\n')[3] || '');
    const trap = (holder, name) => {
      const method = holder[name];
      holder[name] = function (...all) {
        if (byPlayer()) { window.newer.push(name); throw new TypeError(`${name} is not a function`); }
        return method.apply(this, all);
      };
    };
    const traps = [
      [Array, ['from', 'of']], [Object, ['assign', 'entries', 'values', 'fromEntries']], [Number, ['isInteger']],
      [Array.prototype, ['includes', 'find', 'findIndex', 'fill', 'flat', 'flatMap', 'at', 'keys', 'values']],
      [String.prototype, ['includes', 'startsWith', 'endsWith', 'padStart', 'padEnd', 'repeat', 'at', 'replaceAll', 'matchAll', 'normalize']],
      [Uint8Array.prototype.__proto__, ['slice', 'fill', 'find', 'forEach', 'join', 'map']],
      [Element.prototype, ['append', 'prepend', 'closest', 'matches', 'before', 'after', 'replaceWith', 'replaceChildren', 'toggleAttribute']],
      [NodeList.prototype, ['forEach']], [Promise, ['resolve', 'all', 'race']],
    ];
    for (const [holder, names] of traps) for (const name of names) if (holder[name]) trap(holder, name);
    Object.defineProperty(window, 'Promise', { get() { if (byPlayer()) window.newer.push('Promise'); return Promise; } });
    // A promise that an old engine does not give.
    const { play } = HTMLMediaElement.prototype;
    HTMLMediaElement.prototype.play = function () { play.call(this).catch(() => {}); };
  };
  try {
    const feed = feedOf('canteen');
    const noon = instant('2026-11-24T11:58:00');
    await play(server, 'canteen', noon, { origin: server.plain, after }, async (page, { advance, watch }) => {
      await advance(40);
      agrees(feed, await watch(200), 'old engine');
      const next = variant('canteen', (changed) => without(changed, 3));
      Object.assign(server.state.files, { [next.pointer]: next.head, [next.address]: next.text });
      await advance(40);
      assert.strictEqual(await page.evaluate(() => window.civicast.state().sha256), sha256(next.text), 'verified by its own hash');
      server.state.mode = 'gone';
      agrees(next.feed, await watch(60), 'old engine, alone');
      assert.deepStrictEqual(await page.evaluate(() => window.newer), []);
    });
  } finally {
    await server.close();
  }
});
