// Every file of the built example, read from disk (tags and footer are in tests/all/pages.rs): links and anchors, titles and
// headings, valid HTML, feeds, the site map. Chromium's parser reads the pages; nothing is opened.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { execFileSync, spawnSync } = require('node:child_process');
const { build, civicast, fileOf, files, launch, now, temporary } = require('./harness.js');

const base = 'https://jgswj.example.gov.cn';

let browser;
let output;
let pages;
let documents;

// What the tests ask about a page, taken out of it by the browser's own parser.
function dissect(sources) {
  return sources.map(([name, text]) => {
    const page = new DOMParser().parseFromString(text, 'text/html');
    const all = (selector) => [...page.querySelectorAll(selector)];
    const texts = (selector) => all(selector).map((element) => element.textContent.trim());
    const attribute = (selector, key) => all(selector).map((element) => element.getAttribute(key)).filter((value) => value !== null);
    return {
      name,
      bodyClass: page.body.className,
      lang: page.documentElement.lang,
      titles: texts('title'),
      metas: all('meta[name]').map((meta) => [meta.getAttribute('name'), meta.content]),
      refresh: attribute('meta[http-equiv=refresh]', 'content'),
      canonical: attribute('link[rel=canonical]', 'href'),
      headings: all('h1, h2, h3, h4, h5, h6').filter((heading) => !heading.closest('dialog')).map((heading) => [Number(heading.localName[1]), heading.textContent.trim()]),
      ids: all('[id]').map((element) => element.id),
      links: [
        ...attribute('a, link:not([rel=canonical]), area', 'href'), ...attribute('img, script, iframe, source, video, audio', 'src'),
        ...attribute('video', 'poster'), ...attribute('form', 'action'), ...attribute('object', 'data'), ...attribute('image, use', 'href'),
        ...attribute('[data-feed]', 'data-feed'), ...attribute('[data-head]', 'data-head'), ...attribute('meta[property="og:image"], meta[name=Image]', 'content'),
        ...attribute('img, source', 'srcset').flatMap((set) => set.split(',').map((one) => one.trim().split(/\s+/)[0])),
        ...attribute('meta[http-equiv=refresh]', 'content').map((content) => content.replace(/^[^=]*=/, '')),
      ],
      external: all('a[href^="http"]').map((link) => [link.href, link.rel]),
      altless: all('img:not([alt])').map((image) => image.outerHTML),
      sizeless: all('img:not([width]), img:not([height])').map((image) => image.outerHTML),
      inline: [
        ...all('[style]').map((element) => element.outerHTML.slice(0, 120)), ...all('style').map((style) => style.outerHTML.slice(0, 120)),
        ...all('script:not([src]):not([type="application/ld+json"])').map((script) => script.outerHTML.slice(0, 120)),
        ...all('*').filter((element) => element.getAttributeNames().some((key) => key.startsWith('on'))).map((element) => element.outerHTML.slice(0, 120)),
      ],
      data: texts('script[type="application/ld+json"]'),
    };
  });
}

// What kind of page a file is, by what the engine lists and where it stands.
function kindOf(page) {
  const address = `/${page.name.replace(/index\.html$/, '')}`;
  if (page.refresh.length) return 'alias';
  if (/^(\/en)?\/404\.html$/.test(address)) return '404';
  if (/^(\/en)?\/$/.test(address)) return 'home';
  if (/^\/screens\/[^/]+\/$/.test(address)) return 'player';
  const found = documents.get(address);
  if (found) return found.kind === 'page' ? 'column' : 'article';
  return 'column';
}

const portalPages = () => pages.filter((page) => !['alias', 'player'].includes(page.kind));

test.before(async () => {
  output = build();
  browser = await launch();
  const { rows } = JSON.parse(civicast(['list', '--json', '--now', now]));
  documents = new Map(rows.filter((row) => row.state === 'visible').map((row) => [row.url, row]));
  const page = await browser.newPage();
  pages = await page.evaluate(dissect, files(output).filter((name) => name.endsWith('.html'))
    .map((name) => [name, fs.readFileSync(path.join(output, name), 'utf8')]));
  for (const one of pages) one.kind = kindOf(one);
});

test.after(() => browser?.close());

test('every document the engine lists has its page', () => {
  assert.ok(documents.size >= 54);
  for (const address of documents.keys()) assert.ok(fileOf(output, address), address);
});

test('every page says its language, has one title of its own, one h1 and headings in order', () => {
  const seen = new Map();
  for (const page of pages) {
    assert.strictEqual(page.lang, page.name.startsWith('en/') ? 'en' : 'zh-CN', page.name);
    assert.strictEqual(page.titles.length, 1, page.name);
    assert.ok(page.titles[0], page.name);
    if (page.kind === 'alias') continue;
    assert.ok(!seen.has(page.titles[0]), `${page.name} and ${seen.get(page.titles[0])} are both called ${page.titles[0]}`);
    seen.set(page.titles[0], page.name);
    if (page.kind === 'player') continue;
    assert.strictEqual(page.headings.filter(([level]) => level === 1).length, 1, `${page.name}: ${JSON.stringify(page.headings)}`);
    page.headings.reduce((above, [level, text]) => {
      assert.ok(level <= above + 1, `${page.name}: h${above} is followed by h${level} ${text}`);
      return level;
    }, 0);
  }
});

test('every address inside the site leads to a file, every anchor to an element', () => {
  const ids = new Map(pages.map((page) => [page.name, new Set(page.ids)]));
  const broken = [];
  let followed = 0;
  for (const page of pages) {
    assert.strictEqual(new Set(page.ids).size, page.ids.length, `${page.name}: an id stands twice`);
    const from = new URL(page.name.replace(/index\.html$/, ''), `${base}/`);
    for (const link of [...page.links, ...page.canonical]) {
      if (/^(tel|mailto):/.test(link)) continue;
      const url = new URL(link, from);
      if (url.origin !== base) continue;
      followed += 1;
      const file = fileOf(output, url.pathname);
      if (!file) broken.push(`${page.name}: ${link}`);
      else if (url.hash && !ids.get(file)?.has(decodeURIComponent(url.hash.slice(1)))) broken.push(`${page.name}: ${link} has no such anchor`);
    }
  }
  for (const name of files(output).filter((name) => name.endsWith('.css'))) {
    for (const [, link] of fs.readFileSync(path.join(output, name), 'utf8').matchAll(/url\(["']?([^"')]+)["']?\)/g)) {
      if (!link.startsWith('data:') && !fileOf(output, new URL(link, `${base}/${name}`).pathname)) broken.push(`${name}: ${link}`);
    }
  }
  assert.deepStrictEqual(broken, []);
  assert.ok(followed > 5000, `only ${followed} links`);
});

test('no page carries inline code, a picture without words or size, or an unguarded link to elsewhere', () => {
  for (const page of pages) {
    assert.deepStrictEqual(page.inline, [], page.name);
    assert.deepStrictEqual(page.altless, [], page.name);
    assert.deepStrictEqual(page.sizeless, [], page.name);
    for (const [address, rel] of page.external) {
      if (!address.startsWith(base)) assert.match(rel, /noopener/, `${page.name}: ${address}`);
    }
  }
});

test('a browser reads the same rules in a style sheet and in what is published of it', async () => {
  const source = path.join(__dirname, '../../themes/civic/static');
  const page = await browser.newPage();
  const rules = (css) => page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    // Values of custom properties keep the spaces of the source.
    return [...sheet.cssRules].map((rule) => rule.cssText.replace(/\s+/g, ' ').replace(/([,:]) /g, '$1'));
  }, css);
  const sheets = files(source).filter((name) => name.endsWith('.css') && !name.startsWith('screens/'));
  assert.ok(sheets.length >= 2);
  for (const name of sheets) {
    const pattern = new RegExp(`^assets/${name.replace(/\.css$/, '')}\\.[0-9a-f]+\\.css$`);
    const published = files(output).filter((file) => pattern.test(file));
    assert.equal(published.length, 1, name);
    const [written, served] = [path.join(source, name), path.join(output, published[0])].map((file) => fs.readFileSync(file, 'utf8'));
    assert.ok(served.length < written.length, name);
    const [expected, actual] = [await rules(written), await rules(served)];
    assert.ok(expected.length > 5, name);
    assert.deepEqual(actual, expected, name);
  }
  await page.close();
});

test('the data for search engines is well-formed and names what the page shows', () => {
  const wanted = { home: ['WebSite', 'GovernmentOrganization'], article: ['Article', 'BreadcrumbList'], column: ['BreadcrumbList'] };
  for (const page of portalPages()) {
    const types = page.data.flatMap((text) => {
      const data = JSON.parse(text);
      assert.strictEqual(data['@context'], 'https://schema.org', page.name);
      return (data['@graph'] || [data]).map((node) => node['@type']);
    }).flat();
    for (const type of wanted[page.kind] || []) assert.ok(types.some((found) => found.endsWith(type)), `${page.name}: no ${type} in ${types}`);
  }
});

test('every page is valid by the Nu HTML checker', () => {
  const jar = path.join(path.dirname(require.resolve('vnu-jar')), 'build/dist/vnu.jar');
  let report = '';
  try {
    execFileSync('java', ['-Xss4m', '-jar', jar, '--skip-non-html', '--errors-only', '--format', 'json', output], { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 1 << 26 });
  } catch (error) {
    report = error.stderr || String(error);
  }
  const messages = report ? JSON.parse(report).messages.map(({ url, lastLine, message }) => `${path.relative(output, new URL(url).pathname)}:${lastLine}: ${message}`) : [];
  assert.deepStrictEqual(messages, []);
});

// Reads XML with the browser's parser; a file that is not well-formed is an error.
async function xml(name) {
  const page = await browser.newPage();
  try {
    return await page.evaluate((text) => {
      const parsed = new DOMParser().parseFromString(text, 'application/xml');
      const fault = parsed.querySelector('parsererror');
      if (fault) throw new Error(fault.textContent);
      const tree = (element) => ({
        name: element.localName,
        space: element.namespaceURI,
        attributes: Object.fromEntries([...element.attributes].map((attribute) => [attribute.name, attribute.value])),
        text: element.textContent.trim(),
        children: [...element.children].map(tree),
      });
      return tree(parsed.documentElement);
    }, fs.readFileSync(path.join(output, name), 'utf8'));
  } finally {
    await page.close();
  }
}

const children = (element, name) => element.children.filter((child) => child.name === name);
function only(element, name, where) {
  const found = children(element, name);
  assert.strictEqual(found.length, 1, `${where}: ${found.length} of ${name}`);
  return found[0];
}
function leads(address, where) {
  const url = new URL(address);
  assert.strictEqual(url.origin, base, `${where}: ${address}`);
  assert.ok(fileOf(output, url.pathname), `${where}: ${address} leads nowhere`);
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/;
const rfc822 = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d [+-]\d{4}$/;

test('Atom feeds carry what RFC 4287 requires', async () => {
  const names = files(output).filter((name) => path.basename(name) === 'feed.xml');
  assert.ok(names.length >= 4);
  for (const name of names) {
    const feed = await xml(name);
    assert.deepStrictEqual([feed.name, feed.space], ['feed', 'http://www.w3.org/2005/Atom'], name);
    const own = (element) => children(element, 'link').filter((link) => link.attributes.rel === 'self').map((link) => link.attributes.href);
    assert.deepStrictEqual(own(feed), [`${base}/${name}`]);
    assert.ok(only(feed, 'title', name).text);
    assert.ok(new URL(only(feed, 'id', name).text));
    assert.match(only(feed, 'updated', name).text, rfc3339);
    const entries = children(feed, 'entry');
    assert.ok(entries.length > 0 && entries.length <= 50, `${name}: ${entries.length} entries`);
    assert.strictEqual(new Set(entries.map((entry) => only(entry, 'id', name).text)).size, entries.length, `${name}: an id stands twice`);
    for (const entry of entries) {
      assert.ok(only(entry, 'title', name).text);
      assert.match(only(entry, 'updated', name).text, rfc3339);
      assert.ok(children(feed, 'author').length || children(entry, 'author').length, `${name}: no author`);
      assert.ok(children(entry, 'summary').length + children(entry, 'content').length >= 1, `${name}: no summary`);
      const links = children(entry, 'link').filter((link) => (link.attributes.rel || 'alternate') === 'alternate');
      assert.strictEqual(links.length, 1, name);
      leads(links[0].attributes.href, name);
    }
  }
});

test('RSS feeds carry what RSS 2.0 requires', async () => {
  const names = files(output).filter((name) => path.basename(name) === 'rss.xml');
  assert.ok(names.length >= 4);
  for (const name of names) {
    const feed = await xml(name);
    assert.deepStrictEqual([feed.name, feed.attributes.version], ['rss', '2.0'], name);
    const channel = only(feed, 'channel', name);
    assert.ok(only(channel, 'title', name).text && only(channel, 'description', name).text);
    assert.ok(channel.children.some((child) => child.name === 'link' && child.text.startsWith(base)), name);
    const items = children(channel, 'item');
    assert.ok(items.length > 0, name);
    for (const item of items) {
      assert.ok(only(item, 'title', name).text);
      leads(only(item, 'link', name).text, name);
      assert.ok(only(item, 'guid', name).text);
      for (const date of children(item, 'pubDate')) {
        assert.match(date.text, rfc822, name);
        assert.strictEqual(new Date(date.text.replace(/[+-]\d{4}$/, 'GMT')).toUTCString().slice(0, 3), date.text.slice(0, 3), `${name}: wrong weekday`);
      }
    }
  }
});

test('JSON feeds carry what JSON Feed 1.1 requires', () => {
  const names = files(output).filter((name) => path.basename(name) === 'feed.json');
  let checked = 0;
  for (const name of names) {
    const feed = JSON.parse(fs.readFileSync(path.join(output, name), 'utf8'));
    assert.strictEqual(feed.version, 'https://jsonfeed.org/version/1.1', name);
    assert.ok(feed.title, name);
    assert.ok(Array.isArray(feed.items), name);
    if (name.startsWith('screens/')) continue;
    checked += 1;
    assert.strictEqual(feed.feed_url, `${base}/${name}`);
    leads(feed.home_page_url, name);
    assert.ok(feed.items.length > 0, name);
    for (const item of feed.items) {
      assert.strictEqual(typeof item.id, 'string', name);
      assert.ok(typeof item.content_text === 'string' || typeof item.content_html === 'string', `${name}: ${item.id} has no content`);
      leads(item.url, name);
      if (item.date_published) assert.match(item.date_published, rfc3339);
    }
  }
  assert.ok(checked >= 4);
});

// What xmllint says against a schema; empty when the file is valid.
function faultsBy(kind, schema, file) {
  const done = spawnSync('xmllint', ['--noout', '--nonet', `--${kind}`, path.join(__dirname, 'schemas', schema), file], { encoding: 'utf8' });
  assert.ok(!done.error, `xmllint does not run: ${done.error}`);
  return done.status ? done.stderr : '';
}

test('Atom feeds are valid by the grammar of RFC 4287, the site map by its schema, and both refuse what is wrong', () => {
  const folder = temporary('schemas');
  const broken = (name, from, to) => {
    const text = fs.readFileSync(path.join(output, name), 'utf8');
    assert.match(text, from);
    const file = path.join(folder, path.basename(name));
    fs.writeFileSync(file, text.replace(from, to));
    return file;
  };
  const feeds = files(output).filter((name) => path.basename(name) === 'feed.xml');
  assert.ok(feeds.length >= 4);
  for (const name of feeds) assert.strictEqual(faultsBy('relaxng', 'atom.rng', path.join(output, name)), '', name);
  for (const [from, to] of [[/<updated>[^<]*<\/updated>/, ''], [/<id>[^<]*<\/id>/, '<id></id>'], [/<title/, '<title type="pdf"']]) {
    assert.notStrictEqual(faultsBy('relaxng', 'atom.rng', broken('feed.xml', from, to)), '', `${from} → ${to}`);
  }
  assert.strictEqual(faultsBy('schema', 'sitemap.xsd', path.join(output, 'sitemap.xml')), '');
  for (const [from, to] of [[/<loc>[^<]*<\/loc>/, ''], [/<lastmod>/, '<lastmod>x']]) {
    assert.notStrictEqual(faultsBy('schema', 'sitemap.xsd', broken('sitemap.xml', from, to)), '', `${from} → ${to}`);
  }
});

test('the site map names every page for the public once, and only those', async () => {
  for (const edition of ['', 'en/']) await siteMap(edition);
  const robots = fs.readFileSync(path.join(output, 'robots.txt'), 'utf8');
  assert.match(robots, new RegExp(`^Sitemap: ${base}/sitemap.xml$`, 'm'));
});

// An edition in another language has a site map of its own.
async function siteMap(edition) {
  const name = `${edition}sitemap.xml`;
  const map = await xml(name);
  assert.deepStrictEqual([map.name, map.space], ['urlset', 'http://www.sitemaps.org/schemas/sitemap/0.9']);
  const places = map.children.map((url) => only(url, 'loc', name).text);
  for (const place of places) leads(place, name);
  for (const url of map.children) for (const changed of children(url, 'lastmod')) assert.match(changed.text, /^\d{4}-\d\d-\d\d(T.*)?$/);
  assert.strictEqual(new Set(places).size, places.length);
  assert.ok(places.length < 50000);
  const listed = new Set(places);
  for (const page of pages.filter((one) => one.name.startsWith('en/') === (edition !== ''))) {
    const closed = page.metas.some(([name, value]) => name === 'robots' && value.includes('noindex'));
    const address = `${base}/${page.name.replace(/index\.html$/, '')}`;
    // What stands in for a translation belongs to the other edition, as its canonical address says.
    if (page.canonical.length && page.canonical[0] !== address) continue;
    if (closed) assert.ok(!listed.has(address), `${address} is noindex and in the site map`);
    else if (page.kind === 'article' || page.kind === 'home') assert.ok(listed.has(address), `${address} is missing in the site map`);
  }
}
