// The sample configurations docs/nginx.conf and docs/Caddyfile under Debian's nginx and Caddy, on loopback: policy, caches,
// what is compressed already, addresses; the portal in Chromium behind them. Only name, port and folder are changed.
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

const brotliModule = '/usr/lib/nginx/modules/ngx_http_brotli_static_module.so';
let folder;
const ports = {};
const running = [];

// Starts a server with the folder and a free port; what they are called is all that differs from the sample.
const servers = {
  nginx(home, sample, port) {
    const changed = sample.replace('listen 80;', `listen 127.0.0.1:${port};`).replace('/srv/portal/public', folder)
      .replace('# brotli_static on;', fs.existsSync(brotliModule) ? 'brotli_static on;' : '');
    assert.notStrictEqual(changed, sample);
    const logs = ['access_log off;', ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${home}/${name};`)];
    fs.writeFileSync(path.join(home, 'nginx.conf'), [
      fs.existsSync(brotliModule) ? `load_module ${brotliModule};` : '', `pid ${home}/pid;`, 'daemon off;', 'worker_processes 1;',
      process.getuid() === 0 ? 'user root;' : '', `error_log ${home}/error.log;`, 'events {}', `http { ${logs.join(' ')}`, changed, '}',
    ].join('\n'));
    return spawn(fs.existsSync('/usr/sbin/nginx') ? '/usr/sbin/nginx' : 'nginx', ['-c', path.join(home, 'nginx.conf'), '-p', home], { stdio: ['ignore', 'inherit', 'inherit'] });
  },
  caddy(home, sample, port) {
    const changed = sample.replace('\nportal.example.gov.cn {', `\nhttp://127.0.0.1:${port} {`).replace('/srv/portal/public', folder);
    assert.ok(changed.includes(folder) && changed.includes(`:${port} {`));
    // Its own administration would take a fixed port.
    fs.writeFileSync(path.join(home, 'Caddyfile'), `{\n\tadmin off\n}\n${changed}`);
    const env = { ...process.env, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home, HOME: home };
    return spawn('caddy', ['run', '--config', path.join(home, 'Caddyfile'), '--adapter', 'caddyfile'], { env, stdio: ['ignore', 'ignore', 'ignore'] });
  },
};
const samples = { nginx: 'docs/nginx.conf', caddy: 'docs/Caddyfile' };
const brotli = { nginx: fs.existsSync(brotliModule), caddy: true };

function freePort() {
  return new Promise((done) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address();
      server.close(() => done(free));
    });
  });
}

test.before(async () => {
  const home = temporary('servers');
  fs.chmodSync(home, 0o755);
  folder = path.join(home, 'public');
  civicast(['build', '--now', now, '--output', folder, '--set', 'compress=true']);
  for (const name of Object.keys(servers)) {
    ports[name] = await freePort();
    const own = path.join(home, name);
    fs.mkdirSync(own);
    const started = servers[name](own, fs.readFileSync(path.join(root, samples[name]), 'utf8'), ports[name]);
    started.on('error', () => {});
    running.push(started);
    await answers(name);
  }
});

async function answers(name) {
  for (let i = 0; i < 200; i++) {
    if (await get(name, '/robots.txt').catch(() => null)) return;
    await new Promise((next) => setTimeout(next, 50));
  }
  throw new Error(`${name} does not answer`);
}

test.after(() => running.forEach((server) => server.kill()));

function get(server, address, headers = {}) {
  return new Promise((done, failed) => {
    http.get({ host: '127.0.0.1', port: ports[server], path: address, headers }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
    }).on('error', failed);
  });
}

for (const server of Object.keys(servers)) {
  test(`${server}: every answer carries the policy and the other headers of security`, async () => {
    for (const address of ['/', '/notices/', '/no-such-page/', '/screens/hall/', '/assets/none.css']) {
      const { headers } = await get(server, address);
      assert.match(headers['content-security-policy'], /default-src 'self'.*frame-ancestors 'self'/, address);
      assert.strictEqual(headers['x-content-type-options'], 'nosniff', address);
      assert.ok(headers['referrer-policy'] && headers['permissions-policy'], address);
      assert.ok(!/\d/.test(headers.server), headers.server);
    }
  });

  test(`${server}: text comes compressed as it lies there, and is the same text`, async () => {
    const wanted = files(folder).filter((name) => /\.(html|css|js|json|xml|svg|txt)$/.test(name) && fs.existsSync(path.join(folder, `${name}.gz`)));
    assert.ok(wanted.length > 300, `${wanted.length}`);
    for (const name of ['index.html', 'feed.xml', 'robots.txt', 'search/manifest.js', ...wanted.filter((name) => /^assets/.test(name))]) {
      const bytes = fs.readFileSync(path.join(folder, name));
      const packed = await get(server, `/${name}`, { 'Accept-Encoding': 'gzip' });
      assert.strictEqual(packed.headers['content-encoding'], 'gzip', name);
      assert.deepStrictEqual(zlib.gunzipSync(packed.body), bytes, name);
      if (brotli[server]) {
        const smaller = await get(server, `/${name}`, { 'Accept-Encoding': 'gzip, br' });
        assert.strictEqual(smaller.headers['content-encoding'], 'br', name);
        assert.deepStrictEqual(zlib.brotliDecompressSync(smaller.body), bytes, name);
      }
      const bare = await get(server, `/${name}`);
      assert.strictEqual(bare.headers['content-encoding'], undefined, name);
      assert.deepStrictEqual(bare.body, bytes, name);
    }
    // Pages, feeds and lists without exception; what a screen polls is never compressed.
    assert.deepStrictEqual(files(folder).filter((name) => /\.(html|xml|css)$/.test(name) && !(fs.existsSync(path.join(folder, `${name}.br`)))), []);
    assert.deepStrictEqual(files(folder).filter((name) => /head\.json\.(gz|br)$/.test(name)), []);
  });

  test(`${server}: what is named by its content is kept for ever, everything else is asked for again`, async () => {
    const sheet = files(folder).find((name) => /^assets\/.*\.css$/.test(name));
    const slide = files(folder).find((name) => /^screens\/files\/.*\.svg$/.test(name));
    for (const name of [sheet, slide]) assert.match((await get(server, `/${name}`)).headers['cache-control'], /immutable/, name);
    // What is not there yet may come.
    assert.strictEqual((await get(server, '/assets/none.css')).headers['cache-control'], 'no-cache');
    for (const address of ['/', '/screens/hall/head.json', '/screens/hall/feed.json', '/search/manifest.js']) {
      const { headers } = await get(server, address);
      assert.strictEqual(headers['cache-control'], 'no-cache', address);
      assert.strictEqual((await get(server, address, { 'If-None-Match': headers.etag })).status, 304, address);
    }
  });

  test(`${server}: addresses, types, what is missing and what is hidden`, async () => {
    const moved = await get(server, '/notices');
    // nginx answers 301, Caddy 308.
    assert.ok([301, 308].includes(moved.status), `${moved.status}`);
    assert.strictEqual(moved.headers.location, '/notices/');
    const missing = await get(server, '/no-such-page/');
    assert.deepStrictEqual([missing.status, missing.body.equals(fs.readFileSync(path.join(folder, '404.html')))], [404, true]);
    assert.ok(fs.existsSync(path.join(folder, '.civicast-manifest')));
    assert.strictEqual((await get(server, '/.civicast-manifest')).status, 404);
    // JSON is UTF-8 whatever is said; XML says it itself.
    for (const [address, type] of [['/', /^text\/html; charset=utf-8$/], ['/feed.xml', /^(text|application)\/xml/], ['/feed.json', /^application\/json/],
      ['/disclosure/catalog.csv', /^text\/csv; charset=utf-8$/], ['/reports/index.ics', /^text\/calendar; charset=utf-8$/],
      ['/site.webmanifest', /^application\/manifest\+json/]]) {
      assert.match((await get(server, address)).headers['content-type'], type, address);
    }
  });

  test(`${server}: the portal, the search and a screen run behind it without a violation`, async () => {
    const browser = await launch();
    try {
      const context = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
      const origin = `http://127.0.0.1:${ports[server]}`;
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
}

test('a second build compresses nothing again, and leaving it off takes the files away', () => {
  const again = civicast(['build', '--now', now, '--output', folder, '--set', 'compress=true', '--json']);
  assert.deepStrictEqual(JSON.parse(again).receipt.written, []);
  civicast(['build', '--now', now, '--output', folder]);
  assert.deepStrictEqual(files(folder).filter((name) => /\.(gz|br)$/.test(name)), []);
});
