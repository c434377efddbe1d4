// The kit of a screen: unpacked, opened as a file, it shows what the evaluator says without any server.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { temporary } = require('./harness.js');
const { agrees, close, feedOf, instant, open, play, player, sha256 } = require('./screen.js');

let folder, files, kit, origin;
test.before(async () => {
  ({ folder } = await open());
  files = unpack(fs.readFileSync(path.join(folder, 'screens/canteen/kit.zip')));
  const stick = temporary('stick');
  for (const [name, bytes] of files) {
    fs.mkdirSync(path.dirname(path.join(stick, name)), { recursive: true });
    fs.writeFileSync(path.join(stick, name), bytes);
  }
  kit = path.join(stick, 'canteen');
  origin = pathToFileURL(kit).href;
});
test.after(close);

// Files of a ZIP that only stores, by its directory at the end (APPNOTE 4.3.12).
function unpack(zip) {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06'));
  const found = new Map();
  for (let at = zip.readUInt32LE(end + 16), n = 0; n < zip.readUInt16LE(end + 10); n++) {
    assert.strictEqual(zip.readUInt16LE(at + 10), 0, 'stored');
    assert.deepStrictEqual([zip.readUInt16LE(at + 12), zip.readUInt16LE(at + 14)], [0, 0x21], 'always the first of January 1980');
    const [size, name, extra, comment, local] = [zip.readUInt32LE(at + 24), zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32), zip.readUInt32LE(at + 42)];
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    found.set(zip.toString('utf8', at + 46, at + 46 + name), zip.subarray(start, start + size));
    at += 46 + name + extra + comment;
  }
  return found;
}

const opened = (start, options, look) => play(null, 'canteen', start, { origin, address: `${origin}/index.html${options.query || ''}`, clean: true, ...options }, look);

test('a kit holds one folder with every slide and video, true to its hash, and words for the installer', () => {
  assert.ok([...files.keys()].every((name) => name.startsWith('canteen/')));
  const feed = feedOf('canteen');
  const slides = feed.items.flatMap((item) => item._screen.slides);
  const wanted = slides.concat(slides.map(({ video }) => video).filter(Boolean));
  assert.ok(wanted.some(({ type }) => type === 'video/mp4'));
  for (const file of wanted) {
    const bytes = files.get(`canteen/${file.file.replace('../', '')}`);
    assert.ok(bytes, file.file);
    assert.strictEqual(sha256(bytes), file.sha256);
  }
  const readme = files.get('canteen/README.txt').toString('utf8');
  assert.ok(readme.startsWith('\ufeff机关食堂屏'), 'with the mark by which Windows knows UTF-8');
  for (const word of ['index.html', '2026-11-23', 'kit.zip', '解压']) assert.ok(readme.includes(word), word);
  assert.ok(!readme.includes('{') && /[^\r]\n/.exec(readme) === null);
  const page = files.get('canteen/index.html').toString('utf8');
  assert.doesNotMatch(page, /(?:src|href)="(?:\.\.|\/|https?:)/, 'nothing outside of the folder');
});

test('opened as a file it plays what the evaluator says, and after the end of its feed what is always good', async () => {
  const feed = feedOf('canteen');
  await opened(instant('2026-11-24T10:59:00'), {}, async (page, { advance, leap, watch }) => {
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    await advance(5);
    const seen = await watch(200);
    agrees(feed, seen, 'kit');
    await leap(instant('2026-12-13T11:58:00') - seen.until);
    await advance(20);
    agrees(feed, await watch(60), 'a solemn day');
    await leap(feed._screen.until + 600 - await advance(0));
    await advance(5);
    agrees(feed, await watch(60), 'past the feed');
    assert.ok(asked.every((url) => url.startsWith(`${origin}/`)), asked.join('\n'));
  });
});

test('a kit on a device in 1970 plays only what is always good', async () => {
  const feed = feedOf('canteen');
  await opened(instant('2026-11-24T12:00:00'), { device: -instant('2026-11-24T12:00:00') + 90 }, async (page, { advance, watch }) => {
    await advance(5);
    agrees(feed, await watch(60), '1970', { evaluate: player.standby });
  });
});

test('?at= and ?speed= look ahead in a kit too', async () => {
  const feed = feedOf('canteen');
  for (const [query, start, speed] of [['?at=2026-12-13T12:00', '2026-12-13T12:00:00', 1], ['?at=2026-11-25T11:30&speed=60', '2026-11-25T11:30:00', 60]]) {
    await opened(instant('2026-11-24T03:00:00'), { query }, async (page, { advance }) => {
      for (const seconds of [3, 7, 11]) {
        await advance(seconds);
        const { now, playing } = await page.evaluate(() => window.civicast.state());
        const wanted = player.at(feed._screen, now);
        assert.deepStrictEqual([playing.plays, playing.entry, playing.from], [wanted.plays, wanted.entry, wanted.from], query);
      }
      const { now } = await page.evaluate(() => window.civicast.state());
      assert.ok(Math.abs(now - instant(start) - 21 * speed) < 0.5 * speed, `${query}: ${now - instant(start)}`);
    });
  }
});
