// The search in Chromium, on the example and on a site of ten thousand documents: finds exactly what holds the words, titles
// first, loads little, works from a folder on disk and under the policy, by keyboard, and leaves a plain page without scripts.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { binary, build, civicast, files, fileOf, launch, now, root, serve, temporary, watchedPage } = require('./harness.js');

let folder;
let server;
let browser;

test.before(async () => {
  folder = build();
  server = await serve(folder);
  browser = await launch();
});

test.after(async () => {
  await browser?.close();
  await server?.close();
});

// What the index says about each document: title, address, kind, date, text.
function documents(below = folder) {
  return files(below).filter((name) => /^search\/\d+\/t\d+\.js$/.test(name)).map((name) => {
    const script = fs.readFileSync(path.join(below, name), 'utf8');
    const [title, url, kind, date, text] = JSON.parse(script.slice(script.indexOf(',') + 1, script.lastIndexOf(')')));
    return { title, url, kind, date, text };
  });
}

const plain = (text) => text.normalize('NFKC').toLowerCase();

// The naive search: every document, one after the other.
function naive(all, query) {
  const words = plain(query).split(/\s+/).filter(Boolean);
  const inTitle = (one) => words.every((word) => plain(one.title).includes(word));
  return all.filter((one) => words.every((word) => plain(`${one.title}\n${one.text}`).includes(word)))
    .map((one) => ({ ...one, first: inTitle(one) }));
}

// A fixed sequence of numbers below one.
function sequence(seed) {
  return () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed / 2147483648;
  };
}

async function open(address = '/search/', options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', ...options });
  const { page, faults } = await watchedPage(context, server.origin);
  await page.goto(address.includes('://') ? address : server.origin + address);
  return { page, faults, context };
}

// Types a query and gives all hits, in order, asking for more until there are none.
function ask(page, query, facets = {}) {
  return page.evaluate(async ([words, given]) => {
    const form = document.getElementById('search-form');
    const list = document.getElementById('search-results');
    const state = () => list.getAttribute('data-state');
    const settled = async () => {
      for (let i = 0; form.getAttribute('aria-busy') && i < 2000; i++) await new Promise((next) => setTimeout(next, 2));
    };
    for (const name of ['kind', 'topic', 'year']) form.elements[name].value = given[name] || '';
    form.elements.q.value = words;
    form.requestSubmit();
    await settled();
    const first = document.getElementById('search-status').textContent;
    for (let i = 0; state() === 'part' && i < 2000; i++) {
      const before = list.children.length;
      document.getElementById('search-more').click();
      for (let k = 0; list.children.length === before && state() === 'part' && k < 500; k++) await new Promise((next) => setTimeout(next, 2));
    }
    const hits = [...list.children].map((hit) => ({
      url: new URL(hit.querySelector('a').href).pathname,
      marked: [...hit.querySelectorAll('mark')].map((mark) => mark.textContent),
      text: hit.querySelector('.hit-text').textContent,
    }));
    return { hits, first, status: document.getElementById('search-status').textContent };
  }, [query, facets]);
}

function assertSame(all, query, hits) {
  const wanted = naive(all, query);
  assert.deepStrictEqual(hits.map((hit) => hit.url).sort(), wanted.map((one) => one.url).sort(), `“${query}”`);
  const by = new Map(wanted.map((one) => [one.url, one]));
  for (let i = 1; i < hits.length; i++) {
    const [one, next] = [by.get(hits[i - 1].url), by.get(hits[i].url)];
    assert.ok(one.first >= next.first, `“${query}”: ${next.title} has the words in its title and comes after ${one.title}`);
    if (one.first === next.first) assert.ok((one.date || '') >= (next.date || ''), `“${query}”: ${next.title} is newer than ${one.title} before it`);
  }
}

test('five hundred stretches of texts find exactly the documents that hold them, titles first, then newer ones', async () => {
  const all = documents();
  assert.ok(all.length > 60);
  const random = sequence(20261123);
  const queries = [];
  while (queries.length < 500) {
    const { text } = all[Math.floor(random() * all.length)];
    const length = 2 + queries.length % 3;
    const characters = [...text];
    const query = characters.slice(Math.floor(random() * characters.length)).slice(0, length).join('');
    // Spaces part words, and a query needs a letter or a digit.
    if ([...query].length === length && !/\s/.test(query) && /[\p{L}\p{N}]/u.test(query)) queries.push(query);
  }
  const { page, faults, context } = await open();
  for (const query of queries) {
    const { hits, status } = await ask(page, query);
    assertSame(all, query, hits);
    assert.ok(status.includes(`${hits.length}`), `“${query}”: ${status}`);
    for (const { marked } of hits) assert.ok(marked.some((mark) => plain(mark) === plain(query)), `“${query}” is not marked`);
  }
  assert.deepStrictEqual(faults, []);
  await context.close();
});

test('what is searched is what the pages show', async () => {
  const { page, context } = await open();
  const bare = (text) => text.replace(/\s+/g, '');
  for (const { url, title, text } of documents()) {
    const html = fs.readFileSync(path.join(folder, fileOf(folder, url)), 'utf8');
    const shown = bare(await page.evaluate((source) => {
      const main = new DOMParser().parseFromString(source, 'text/html').querySelector('main');
      // Numbers of footnotes stand in the middle of sentences.
      main.querySelectorAll('sup').forEach((mark) => mark.remove());
      return main.textContent;
    }, html));
    assert.ok(shown.includes(bare(title)), url);
    const missing = text.split('\n').filter((line) => !shown.includes(bare(line)));
    assert.deepStrictEqual(missing, [], url);
  }
  await context.close();
});

test('one character, digits, Latin words, several words, other forms of a character, numbers of documents', async () => {
  const all = documents();
  const { page, faults, context } = await open();
  for (const query of ['水', '2026', '20', 'led', 'LED', '２０２６', '节约 用水', '用水  节约', '通知 2026', '活动', '〔2026〕', '“', '的', '1']) {
    const { hits } = await ask(page, query);
    if (query === '“') assert.deepStrictEqual(hits, []);
    else assertSame(all, query, hits);
  }
  const number = all.map((one) => one.text.match(/\S+〔\d{4}〕\d+号/)?.[0]).find(Boolean);
  assert.ok((await ask(page, number)).hits.length > 0, number);
  const { hits, status } = await ask(page, '没有这样的话语');
  assert.deepStrictEqual([hits, status.includes('没有找到')], [[], true]);
  assert.deepStrictEqual(faults, []);
  await context.close();
});

test('kind, topic and year narrow the hits, and can be asked for alone', async () => {
  const all = documents();
  const { page, context } = await open();
  const urls = async (query, facets) => (await ask(page, query, facets)).hits.map((hit) => hit.url).sort();
  const wanted = (query, fits) => naive(all, query).filter(fits).map((one) => one.url).sort();
  assert.deepStrictEqual(await urls('活动', { kind: 'report' }), wanted('活动', (one) => one.kind === 'report'));
  assert.deepStrictEqual(await urls('活动', { year: '2025' }), wanted('活动', (one) => one.date?.startsWith('2025')));
  assert.deepStrictEqual(await urls('', { kind: 'slogan' }), all.filter((one) => one.kind === 'slogan').map((one) => one.url).sort());
  const topic = await page.locator('select[name=topic] option').nth(1).textContent();
  const listed = await urls('', { topic });
  assert.ok(listed.length > 0);
  assert.deepStrictEqual(await urls('', { topic, kind: 'page', year: '1999' }), []);
  await context.close();
});

test('the box of any page leads to the hits; the address keeps the query, and going back restores it', async () => {
  const { page, faults, context } = await open('/notices/');
  await page.locator('.masthead input[type=search]').fill('志愿服务');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.hit a');
  assert.match(page.url(), /\/search\/\?q=/);
  await page.locator('#search-q').fill('节约');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => decodeURIComponent(location.search) === '?q=节约' && document.querySelector('.hit mark')?.textContent === '节约');
  await page.goBack();
  await page.waitForFunction(() => document.getElementById('search-q').value === '志愿服务' && document.querySelector('.hit mark')?.textContent === '志愿服务');
  // More by keyboard: the focus goes to the first new hit.
  await page.locator('#search-q').fill('的');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('.hit').length === 10 && !document.getElementById('search-more').hidden);
  await page.locator('#search-more').focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement === document.querySelectorAll('.hit a')[10]);
  assert.strictEqual(await page.locator('#search-status').getAttribute('role'), 'status');
  assert.deepStrictEqual(faults, []);
  await context.close();
});

test('markup in a query or a text stays text', async () => {
  const { page, faults, context } = await open(`/search/?q=${encodeURIComponent('<img src=x onerror=alert(1)> 节约')}`);
  await page.waitForFunction(() => document.getElementById('search-status').textContent);
  assert.strictEqual(await page.locator('main img, main script').count(), 0);
  assert.deepStrictEqual(faults, []);
  await context.close();
});

test('without scripts the page is a list of ways to everything', async () => {
  const { page, context } = await open('/search/', { javaScriptEnabled: false });
  assert.ok(!(await page.locator('#search-form').isVisible()));
  const links = await page.locator('#search-browse a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  for (const href of links) assert.ok(fileOf(folder, href), href);
  assert.ok(links.includes('/archive/') && links.length > 10);
  await context.close();
});

test('a file of the index that does not come is said', async () => {
  const { page, context } = await open();
  await page.route(/search\/\d+\/s\d+\.js$/, (route) => route.abort());
  assert.match((await ask(page, '节约')).status, /没有取到/);
  await page.unroute(/search\/\d+\/s\d+\.js$/);
  assert.ok((await ask(page, '节约')).hits.length > 0, 'it is asked for again');
  await context.close();
});

test('a copy with relative links is searched and read from a folder on disk, without a server', async () => {
  const copy = path.join(temporary('folder'), 'a 文件夹');
  civicast(['build', '--now', now, '--output', copy, '--set', 'relative_links=true']);
  const context = await browser.newContext({ locale: 'zh-CN' });
  const page = await context.newPage();
  const faults = [];
  page.on('console', (message) => { if (message.type() === 'error') faults.push(message.text()); });
  page.on('requestfailed', (request) => faults.push(request.url()));
  await page.goto(pathToFileURL(path.join(copy, 'notices/index.html')).href);
  await page.locator('.masthead input[type=search]').fill('志愿服务');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.hit a');
  const wanted = naive(documents(copy), '志愿服务');
  assert.strictEqual(await page.locator('.hit').count(), Math.min(10, wanted.length));
  await page.locator('.hit a').first().click();
  await page.waitForSelector('article, .prose');
  assert.match(page.url(), /^file:.*\/index\.html$/);
  await page.locator('.brand').click();
  await page.waitForSelector('.reel img');
  assert.ok(await page.evaluate(() => getComputedStyle(document.querySelector('.menu')).backgroundColor !== 'rgba(0, 0, 0, 0)'), 'styles are there');
  assert.deepStrictEqual(faults, []);
  await context.close();
});

// Ten thousand documents by the corpus of the benchmarks. An unoptimised program would take minutes to build them.
test('a query over ten thousand documents loads at most 150 KB', { skip: /debug/.test(binary()) && 'needs the release build' }, async () => {
  const site = temporary('corpus');
  execFileSync('python3', [path.join(root, 'benches/corpus.py'), '10000', site, '--for', 'civicast']);
  const settings = fs.readFileSync(path.join(root, 'benches/civicast.toml'), 'utf8').replace(/^theme = .*$/m, '');
  fs.writeFileSync(path.join(site, 'civicast.toml'), `${settings}\n[extra.theme]\nportal_slides = []\n`);
  civicast(['build', '--now', now], site);
  const corpus = path.join(site, 'public');
  const all = documents(corpus);
  assert.strictEqual(all.length, 10000);
  const large = await serve(corpus);
  const random = sequence(10000);
  const figures = [];
  try {
    for (let i = 0; i < 45; i++) {
      const characters = [...all[Math.floor(random() * all.length)].text];
      const query = characters.slice(Math.floor(random() * characters.length)).join('').match(/[\p{L}\p{N}]+/u)?.[0].slice(0, 2 + i % 3);
      if (!query) continue;
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(`${large.origin}/search/`);
      let bytes = 0;
      let requests = 0;
      page.on('response', (response) => {
        bytes += Number(response.headers()['content-length']);
        requests += 1;
      });
      // The first time loads the files; the second finds them all in memory, so it is the answer alone.
      const run = () => page.evaluate(async (words) => {
        const form = document.getElementById('search-form');
        form.elements.q.value = words;
        const begun = performance.now();
        form.requestSubmit();
        while (form.getAttribute('aria-busy')) await new Promise((next) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = next; port2.postMessage(0); });
        return [performance.now() - begun, [...document.querySelectorAll('.hit a')].map((link) => new URL(link.href).pathname), document.getElementById('search-status').textContent];
      }, query);
      await run();
      const loaded = bytes;
      const [ms, urls, status] = await run();
      const wanted = naive(all, query);
      const first = new Set(wanted.filter((one) => one.first).map((one) => one.url));
      const holds = new Set(wanted.map((one) => one.url));
      assert.strictEqual(urls.length, Math.min(10, wanted.length), query);
      assert.ok(urls.every((url, at) => (first.size > at ? first.has(url) : holds.has(url))), query);
      assert.ok(loaded <= 150 * 1024, `“${query}” loads ${loaded} bytes`);
      figures.push({ query, loaded, requests, ms, status, wanted: wanted.length });
      await context.close();
    }
  } finally {
    await large.close();
  }
  const sorted = (name) => figures.map((figure) => figure[name]).sort((a, b) => a - b);
  const [loaded, ms, requests] = ['loaded', 'ms', 'requests'].map(sorted);
  const middle = Math.floor(figures.length / 2);
  console.log(`# ${figures.length} queries: ${loaded[middle]} bytes (at most ${loaded.at(-1)}), ${requests[middle]} requests, ${ms[middle].toFixed(1)} ms after the transfer (at most ${ms.at(-1).toFixed(1)})`);
});
