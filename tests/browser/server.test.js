// The sample configuration of docs/nginx.conf under Debian's nginx, on loopback: policy, caches, what is compressed already,
// addresses; the portal in Chromium behind it. Only name, port and folder are changed.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const net = require('node:net');
const path = require('node:path');
const zlib = require('node:zlib');
const { civicast, files, launch, now, root, temporary, watchedPage } = require('./harness.js');

const brotli = '/usr/lib/nginx/modules/ngx_http_brotli_static_module.so';
let folder;
let nginx;
let port;

function freePort() {
  return new Promise((done) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address();
      server.close(() => done(free));
    });
  });
}

test.before(async () => {
  const home = temporary('nginx');
  fs.chmodSync(home, 0o755);
  folder = path.join(home, 'public');
  civicast(['build', '--now', now, '--output', folder, '--set', 'compress=true']);
  port = await freePort();
  const sample = fs.readFileSync(path.join(root, 'docs/nginx.conf'), 'utf8');
  const changed = sample.replace('listen 80;', `listen 127.0.0.1:${port};`).replace('/srv/portal/public', folder)
    .replace('# brotli_static on;', fs.existsSync(brotli) ? 'brotli_static on;' : '');
  assert.notStrictEqual(changed, sample);
  const logs = ['access_log off;', ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${home}/${name};`)];
  fs.writeFileSync(path.join(home, 'nginx.conf'), [
    fs.existsSync(brotli) ? `load_module ${brotli};` : '', `pid ${home}/pid;`, 'daemon off;', 'worker_processes 1;',
    process.getuid() === 0 ? 'user root;' : '', `error_log ${home}/error.log;`, 'events {}', `http { ${logs.join(' ')}`, changed, '}',
  ].join('\n'));
  nginx = spawn(fs.existsSync('/usr/sbin/nginx') ? '/usr/sbin/nginx' : 'nginx', ['-c', path.join(home, 'nginx.conf'), '-p', home], { stdio: ['ignore', 'inherit', 'inherit'] });
  for (let i = 0; i < 200; i++) {
    if (await get('/robots.txt').catch(() => null)) return;
    await new Promise((next) => setTimeout(next, 50));
  }
  throw new Error('nginx does not answer');
});

test.after(() => nginx?.kill());

function get(address, headers = {}) {
  return new Promise((done, failed) => {
    http.get({ host: '127.0.0.1', port, path: address, headers }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
    }).on('error', failed);
  });
}

test('every answer carries the policy and the other headers of security', async () => {
  for (const address of ['/', '/notices/', '/no-such-page/', '/screens/hall/', '/assets/none.css']) {
    const { headers } = await get(address);
    assert.match(headers['content-security-policy'], /default-src 'self'.*frame-ancestors 'self'/, address);
    assert.strictEqual(headers['x-content-type-options'], 'nosniff', address);
    assert.ok(headers['referrer-policy'] && headers['permissions-policy'], address);
    assert.ok(!/\d/.test(headers.server), headers.server);
  }
});

test('text comes compressed as it lies there, and is the same text', async () => {
  const wanted = files(folder).filter((name) => /\.(html|css|js|json|xml|svg|txt)$/.test(name) && fs.existsSync(path.join(folder, `${name}.gz`)));
  assert.ok(wanted.length > 300, `${wanted.length}`);
  for (const name of ['index.html', 'feed.xml', 'robots.txt', 'search/manifest.js', ...wanted.filter((name) => /^assets/.test(name))]) {
    const bytes = fs.readFileSync(path.join(folder, name));
    const packed = await get(`/${name}`, { 'Accept-Encoding': 'gzip' });
    assert.strictEqual(packed.headers['content-encoding'], 'gzip', name);
    assert.deepStrictEqual(zlib.gunzipSync(packed.body), bytes, name);
    if (fs.existsSync(brotli)) {
      const smaller = await get(`/${name}`, { 'Accept-Encoding': 'gzip, br' });
      assert.strictEqual(smaller.headers['content-encoding'], 'br', name);
      assert.deepStrictEqual(zlib.brotliDecompressSync(smaller.body), bytes, name);
    }
    const bare = await get(`/${name}`);
    assert.strictEqual(bare.headers['content-encoding'], undefined, name);
    assert.deepStrictEqual(bare.body, bytes, name);
  }
  // Pages, feeds and lists without exception; what a screen polls is never compressed.
  assert.deepStrictEqual(files(folder).filter((name) => /\.(html|xml|css)$/.test(name) && !(fs.existsSync(path.join(folder, `${name}.br`)))), []);
  assert.deepStrictEqual(files(folder).filter((name) => /head\.json\.(gz|br)$/.test(name)), []);
});

test('what is named by its content is kept for ever, everything else is asked for again', async () => {
  const sheet = files(folder).find((name) => /^assets\/.*\.css$/.test(name));
  const slide = files(folder).find((name) => /^screens\/files\/.*\.svg$/.test(name));
  for (const name of [sheet, slide]) assert.match((await get(`/${name}`)).headers['cache-control'], /immutable/, name);
  for (const address of ['/', '/screens/hall/head.json', '/screens/hall/feed.json', '/search/manifest.js']) {
    const { headers } = await get(address);
    assert.strictEqual(headers['cache-control'], 'no-cache', address);
    assert.strictEqual((await get(address, { 'If-None-Match': headers.etag })).status, 304, address);
  }
});

test('addresses, types, what is missing and what is hidden', async () => {
  const moved = await get('/notices');
  assert.deepStrictEqual([moved.status, moved.headers.location], [301, '/notices/']);
  const missing = await get('/no-such-page/');
  assert.deepStrictEqual([missing.status, missing.body.equals(fs.readFileSync(path.join(folder, '404.html')))], [404, true]);
  assert.ok(fs.existsSync(path.join(folder, '.civicast-manifest')));
  assert.strictEqual((await get('/.civicast-manifest')).status, 404);
  for (const [address, type] of [['/', 'text/html; charset=utf-8'], ['/feed.xml', 'text/xml; charset=utf-8'], ['/feed.json', 'application/json; charset=utf-8'],
    ['/disclosure/catalog.csv', 'text/csv; charset=utf-8'], ['/reports/index.ics', 'text/calendar; charset=utf-8']]) {
    assert.strictEqual((await get(address)).headers['content-type'], type, address);
  }
});

test('the portal, the search and a screen run behind it without a violation', async () => {
  const browser = await launch();
  try {
    const context = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
    const origin = `http://127.0.0.1:${port}`;
    const { page, faults } = await watchedPage(context, origin);
    for (const address of ['/', '/notices/', '/reports/shifan-community/', '/screens/', '/screens/hall/', '/search/?q=%E8%8A%82%E7%BA%A6']) {
      await page.goto(origin + address, { waitUntil: 'load' });
    }
    await page.waitForSelector('.hit mark');
    assert.deepStrictEqual(faults, []);
  } finally {
    await browser.close();
  }
});

test('a second build compresses nothing again, and leaving it off takes the files away', () => {
  const again = civicast(['build', '--now', now, '--output', folder, '--set', 'compress=true', '--json']);
  assert.deepStrictEqual(JSON.parse(again).receipt.written, []);
  civicast(['build', '--now', now, '--output', folder]);
  assert.deepStrictEqual(files(folder).filter((name) => /\.(gz|br)$/.test(name)), []);
});
