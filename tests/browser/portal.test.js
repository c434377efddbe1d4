// One page of each kind in Chromium, under a strict Content-Security-Policy: clean console, no other origin, accessible,
// readable at 400 % zoom, by keyboard, without scripts and on paper.
'use strict';
const test = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const { build, civicast, launch, now, serve, watchedPage } = require('./harness.js');

const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const kinds = {
  'home': '/',
  'notice with a table and attachments': '/notices/poster-plan-2026/',
  'notice no longer in force': '/notices/replace-worn-posters/',
  'report with a gallery': '/reports/shifan-community/',
  'slogan': '/slogans/guangpan/',
  'list of notices': '/notices/',
  'list of reports': '/reports/',
  'list of slogans': '/slogans/',
  'second page of a list': '/slogans/page/2/',
  'topics': '/topics/',
  'one topic': '/topics/guang-pan-xing-dong/',
  'one series': '/series/jiang-wen-ming-shu-xin-feng/',
  'one department': '/departments/ban-gong-shi/',
  'archive': '/archive/',
  'archive of a year': '/archive/2026/',
  'archive of a month': '/archive/2026/11/',
  'disclosure catalogue': '/disclosure/',
  'a category of the catalogue by name': '/disclosure/category/tong-zhi/name/',
  'catalogue in English': '/en/disclosure/',
  'search': '/search/',
  'hits of a search': '/search/?q=%E8%8A%82%E7%BA%A6',
  'about': '/about/',
  'help': '/help/',
  'not found': '/no-such-page/',
  'screens': '/screens/',
  'day of a screen': '/screens/hall/day/',
  'English home': '/en/',
  'English notice': '/en/notices/winter-heating-2026/',
  'English list': '/en/reports/',
  'English search': '/en/search/',
};

const phone = { width: 390, height: 844 };
const desk = { width: 1440, height: 900 };

let server;
let browser;

test.before(async () => {
  server = await serve(build());
  browser = await launch();
});

test.after(async () => {
  await browser?.close();
  await server?.close();
});

// Opens an address in a fresh browser on the day of the tests; the page is closed after `look`.
async function visit(address, { viewport = desk, large = false, ...options }, look) {
  const context = await browser.newContext({ viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options });
  try {
    if (options.javaScriptEnabled !== false) {
      await context.clock.setFixedTime(new Date(`${now.replace(' ', 'T')}:00+08:00`));
      if (large) await context.addInitScript(() => localStorage.setItem('large', 'on'));
    }
    const { page, faults } = await watchedPage(context, server.origin);
    const response = await page.goto(server.origin + address, { waitUntil: 'load' });
    return await look(page, { response, faults });
  } finally {
    await context.close();
  }
}

// How far the page is wider than the window, and by what.
function overflow() {
  const width = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= width) return [];
  return [...document.body.querySelectorAll('*')]
    .filter((element) => element.getBoundingClientRect().right > width + 1)
    .slice(0, 5).map((element) => `<${element.localName} class="${element.getAttribute('class') || ''}">`);
}

async function violations(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'], iframes: false }));
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
}

test('every kind of page opens clean, is accessible in both views and never scrolls sideways', { concurrency: 2 }, async (all) => {
  await Promise.all(Object.entries(kinds).map(([kind, address]) => all.test(kind, async () => {
    for (const large of [false, true]) {
      await visit(address, { large, reducedMotion: 'reduce' }, async (page, { response, faults }) => {
        const expected = kind === 'not found' ? 404 : 200;
        assert.strictEqual(response.status(), expected);
        for (const viewport of [desk, phone]) {
          await page.setViewportSize(viewport);
          const where = `${address} at ${viewport.width} px${large ? ', large print' : ''}`;
          assert.strictEqual(await page.evaluate(() => document.documentElement.classList.contains('large')), large);
          assert.deepStrictEqual(await violations(page), [], where);
          assert.deepStrictEqual(await page.evaluate(overflow), [], `${where} scrolls sideways`);
        }
        // 1,280 px at 400 %.
        await page.setViewportSize({ width: 320, height: 256 });
        assert.deepStrictEqual(await page.evaluate(overflow), [], `${address} at 320 px${large ? ', large print' : ''} scrolls sideways`);
        const own = faults.filter((fault) => !(expected === 404 && fault.includes('404')));
        assert.deepStrictEqual(own, [], address);
      });
    }
  })));
});

test('an alias sends the reader on, with and without scripts', async () => {
  for (const javaScriptEnabled of [true, false]) {
    await visit('/tzgg/2021/41/', { javaScriptEnabled }, async (page, { faults }) => {
      await page.waitForURL((url) => !url.pathname.startsWith('/tzgg/'));
      assert.match(new URL(page.url()).pathname, /^\/notices\/[a-z0-9-]+\/$/);
      assert.deepStrictEqual(faults, []);
    });
  }
});

test('without scripts every page shows its content and the carousel stands still', async () => {
  for (const [kind, address] of Object.entries(kinds)) {
    await visit(address, { javaScriptEnabled: false }, async (page) => {
      assert.ok(await page.locator('h1').first().isVisible(), `${kind}: no heading`);
      assert.ok((await page.locator('main').innerText()).trim().length > 40, `${kind}: no content`);
      for (const tool of await page.locator('.needs-script').all()) {
        assert.ok(!(await tool.isVisible()), `${kind}: a tool that does nothing`);
      }
    });
  }
  await visit('/', { javaScriptEnabled: false }, async (page) => {
    const pictures = page.locator('.reel img');
    assert.ok(await pictures.count() >= 3);
    await pictures.first().scrollIntoViewIfNeeded();
    await page.waitForFunction(() => document.querySelector('.reel img').naturalWidth > 0);
    assert.strictEqual(await page.locator('.reel').evaluate((reel) => reel.scrollLeft), 0);
  });
});

test('the carousel moves by itself, can be paused, stepped, and rests under reduced motion', async () => {
  const left = (page) => page.locator('.reel').evaluate((reel) => reel.scrollLeft);
  await visit('/', {}, async (page) => {
    assert.strictEqual(await left(page), 0);
    await page.waitForFunction(() => document.querySelector('.reel').scrollLeft > 50, null, { timeout: 9000 });
    await page.locator('[data-pause]').click();
    await page.waitForTimeout(1500);
    const before = await left(page);
    await page.waitForTimeout(5500);
    assert.strictEqual(await left(page), before, 'paused, and yet it moves');
    await page.locator('[data-step="1"]').click();
    await page.waitForFunction((from) => document.querySelector('.reel').scrollLeft > from + 50, before);
  });
  await visit('/', { reducedMotion: 'reduce' }, async (page) => {
    const [label, paused] = await page.locator('[data-pause]').evaluate((button) => [button.textContent, button.dataset.on]);
    assert.strictEqual(label, paused, 'paused from the start');
  });
});

test('the keyboard reaches everything, the skip link first, and the focus is always visible', async () => {
  for (const address of ['/', '/notices/poster-plan-2026/', '/reports/', '/screens/', '/disclosure/']) {
    await visit(address, {}, async (page) => {
      await page.keyboard.press('Tab');
      assert.ok(await page.evaluate(() => document.activeElement.matches('.skip')), 'the skip link comes first');
      const box = await page.locator('.skip').boundingBox();
      assert.ok(box.x >= 0 && box.y >= 0, 'the skip link shows when focused');
      const missed = await page.evaluate(() => {
        window.wanted = new Set([...document.querySelectorAll('a[href], button, input, select, textarea, [tabindex="0"]')]
          .filter((element) => element.tabIndex >= 0 && element.checkVisibility({ checkVisibilityCSS: true }) && !element.closest('dialog:not([open])')));
        return window.wanted.size;
      });
      for (let step = 0; step < missed + 20; step++) {
        const fault = await page.evaluate(() => {
          const element = document.activeElement;
          if (element === document.body) return null;
          window.wanted.delete(element);
          if (element.localName === 'iframe') return null;
          const style = getComputedStyle(element);
          const visible = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
          return visible ? null : element.outerHTML.slice(0, 160);
        });
        assert.strictEqual(fault, null, `${address}: focus not visible`);
        if (!(await page.evaluate(() => window.wanted.size))) break;
        await page.keyboard.press('Tab');
      }
      assert.deepStrictEqual(await page.evaluate(() => [...window.wanted].map((element) => element.outerHTML.slice(0, 120))), [], `${address}: out of reach`);
    });
  }
  await visit('/notices/', {}, async (page) => {
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.querySelector('main').contains(document.activeElement)), 'the skip link leads into main');
  });
});

test('large print is switched by its button and remembered on the next page', async () => {
  await visit('/', { viewport: phone }, async (page) => {
    const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize));
    const before = await size();
    await page.locator('[data-tool=large]').click();
    assert.ok(await size() >= before * 1.3);
    await page.goto(`${server.origin}/notices/`);
    assert.ok(await size() >= before * 1.3);
    await page.locator('[data-tool=large]').click();
    assert.strictEqual(await size(), before);
  });
});

test('leaving for a site outside gov.cn asks first', async () => {
  await visit('/notices/', {}, async (page) => {
    await page.locator('a.external').first().evaluate((link) => { link.href = 'https://www.example.org/'; link.id = 'away'; });
    await page.locator('#away').click();
    assert.ok(await page.locator('dialog.leave').isVisible());
    await page.keyboard.press('Escape');
    assert.strictEqual(new URL(page.url()).pathname, '/notices/');
    assert.ok(await page.evaluate(() => document.activeElement.id === 'away'), 'the focus returns');
  });
});

test('print leaves the chrome away and adds the address', async () => {
  await visit('/notices/poster-plan-2026/', {}, async (page) => {
    await page.emulateMedia({ media: 'print' });
    for (const chrome of ['.menu', '.masthead-tools', '.crumbs', '.tools', '.footer-links', '.neighbours', '.skip']) {
      for (const element of await page.locator(chrome).all()) assert.ok(!(await element.isVisible()), `${chrome} is printed`);
    }
    for (const kept of ['.disclosure', 'h1', '.prose', '.qr-code', '.qr-address', '.attachments']) {
      assert.ok(await page.locator(kept).first().isVisible(), `${kept} is not printed`);
    }
  });
});

test('paper shows no live frame, no video and nothing that was true for a second only', async () => {
  await visit('/screens/', {}, async (page) => {
    await page.waitForFunction(() => document.querySelectorAll('.wall-frame iframe').length === 6);
    await page.emulateMedia({ media: 'print' });
    for (const gone of ['.wall-frame iframe', '.live', '.wall-links']) {
      for (const element of await page.locator(gone).all()) assert.ok(!(await element.isVisible()), `${gone} is printed`);
    }
    assert.strictEqual(await page.locator('.wall-frame img').count(), 6);
    const grounds = await page.locator('.wall-ground, .wall-frame').evaluateAll((all) => all.map((part) => getComputedStyle(part).backgroundColor));
    assert.deepStrictEqual([...new Set(grounds)], ['rgba(0, 0, 0, 0)'], 'no dark ground below them');
  });
  await visit('/', {}, async (page) => {
    await page.locator('.points').scrollIntoViewIfNeeded();
    await page.waitForFunction(() => document.querySelectorAll('.point-wall img').length === 6);
    await page.emulateMedia({ media: 'print' });
    for (const element of await page.locator('.point-wall, .point-now').all()) assert.ok(!(await element.isVisible()));
    assert.ok(await page.locator('.point-name').first().isVisible());
  });
  await visit('/slogans/guangpan/', {}, async (page) => {
    assert.strictEqual(await page.locator('video').count(), 1);
    await page.emulateMedia({ media: 'print' });
    assert.ok(!(await page.locator('.video').isVisible()));
  });
});

test('what fits on one sheet is printed on one, its footer whole and with it', async () => {
  // Pages of a PDF by Chromium are plain objects.
  const sheets = (pdf) => pdf.toString('latin1').match(/\/Type \/Page\b(?!s)/g).length;
  for (const [address, most] of [['/departments/', 1], ['/screens/', 1], ['/slogans/guangpan/', 1], ['/notices/', 1], ['/en/', 2], ['/', 2], ['/disclosure/', 2]]) {
    await visit(address, { viewport: { width: 1024, height: 768 } }, async (page) => {
      const count = sheets(await page.pdf({ preferCSSPageSize: true }));
      assert.ok(count >= 1 && count <= most, `${address} takes ${count} sheets`);
      await page.emulateMedia({ media: 'print' });
      const style = await page.locator('.footer').evaluate((footer) => [getComputedStyle(footer).breakInside, getComputedStyle(footer).position]);
      assert.deepStrictEqual(style, ['avoid', 'static'], address);
    });
  }
});

test('large print is larger on paper too, in the same layout', async () => {
  for (const [address, selector, display] of [['/disclosure/', '.catalogue', 'table'], ['/notices/', '.row', 'flex'], ['/reports/', '.report-item', 'flex'],
    ['/notices/poster-plan-2026/', '.disclosure tr', 'table-row'], ['/screens/hall/day/', '.calendar', 'table']]) {
    await visit(address, {}, async (page) => {
      await page.emulateMedia({ media: 'print' });
      const look = () => page.locator(selector).first().evaluate((part) => {
        const style = getComputedStyle(part);
        return [style.display, style.flexWrap, style.flexDirection, parseFloat(getComputedStyle(document.body).fontSize)];
      });
      const usual = await look();
      await page.evaluate(() => document.documentElement.classList.add('large'));
      const large = await look();
      assert.strictEqual(usual[0], display, address);
      assert.deepStrictEqual(large.slice(0, 3), usual.slice(0, 3), address);
      assert.ok(large[3] > usual[3] * 1.2, `${address}: ${large[3]} after ${usual[3]}`);
    });
  }
});

test('the tools come before the article, in one line of a telephone, in both languages', async () => {
  for (const address of ['/notices/poster-plan-2026/', '/en/notices/winter-heating-2026/', '/slogans/guangpan/', '/about/']) {
    await visit(address, { viewport: phone }, async (page) => {
      const [tools, title] = await Promise.all(['.tools', 'h1'].map((part) => page.locator(part).boundingBox()));
      assert.ok(tools.y + tools.height <= title.y, `${address}: the title stands above the tools`);
      assert.ok(tools.height < 60, `${address}: ${tools.height} px`);
      // As they are read, so they are reached by Tab.
      assert.ok(await page.evaluate(() => document.querySelector('.tools').compareDocumentPosition(document.querySelector('h1')) & Node.DOCUMENT_POSITION_FOLLOWING), address);
    });
  }
  await visit('/notices/poster-plan-2026/', { javaScriptEnabled: false, viewport: phone }, async (page) => {
    assert.ok(!(await page.locator('.tools').isVisible()), 'tools that do nothing are not there');
  });
});

test('on a telephone no separator ends a line, no label lies over its value and no word of the menu is torn', async () => {
  for (const [address, large] of [['/notices/civilised-city-plan/', false], ['/notices/civilised-city-plan/', true], ['/en/notices/winter-heating-2026/', false],
    ['/en/notices/winter-heating-2026/', true], ['/en/disclosure/', false], ['/disclosure/', false]]) {
    await visit(address, { viewport: phone }, async (page) => {
      if (large) await page.evaluate(() => document.documentElement.classList.add('large'));
      const lines = await page.locator('.crumbs li').evaluateAll((all) => new Set(all.map((crumb) => Math.round(crumb.getBoundingClientRect().top))).size);
      assert.strictEqual(lines, 1, `${address}: ${lines} lines`);
      const torn = await page.locator('.menu > ul > li > a').evaluateAll((all) => all.filter((entry) => {
        const words = document.createRange();
        words.selectNodeContents(entry);
        return words.getBoundingClientRect().height > parseFloat(getComputedStyle(entry).lineHeight) * 1.5;
      }).map((entry) => entry.textContent.trim()));
      assert.deepStrictEqual(torn, [], address);
      const wide = await page.locator('.disclosure th').evaluateAll((all) => all.filter((label) => label.scrollWidth > label.clientWidth).map((label) => label.textContent));
      assert.deepStrictEqual(wide, [], address);
    });
  }
});

test('the footer stands at the foot of the window when a page is short', async () => {
  await visit('/series/', { viewport: { width: 1440, height: 1400 } }, async (page) => {
    const { top, bottom } = await page.locator('.footer').evaluate((footer) => footer.getBoundingClientRect().toJSON());
    assert.ok(top > 900 && Math.abs(bottom - 1400) < 1, `from ${top} to ${bottom}`);
  });
});

test('nothing moves while a page loads over a slow line', async () => {
  for (const [address, viewport, large] of [['/', desk, false], ['/', phone, false], ['/', phone, true], ['/reports/', phone, false], ['/notices/poster-plan-2026/', desk, false]]) {
    const context = await browser.newContext({ viewport, locale: 'zh-CN' });
    await context.addInitScript((on) => {
      if (on) localStorage.setItem('large', 'on');
      window.shifts = [];
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.shifts.push([entry.value, entry.sources.map(({ node }) => node?.parentElement?.outerHTML.slice(0, 100))]);
      }).observe({ type: 'layout-shift', buffered: true });
    }, large);
    const page = await context.newPage();
    await page.route(/\.(svg|png|jpg|webp|js)(\?|$)/, async (route) => {
      await new Promise((wait) => setTimeout(wait, 200));
      await route.continue();
    });
    await page.goto(server.origin + address, { waitUntil: 'load' });
    await page.evaluate(async () => {
      for (let y = 0; y < document.body.scrollHeight; y += innerHeight) {
        scrollTo({ top: y, behavior: 'instant' });
        await new Promise((wait) => setTimeout(wait, 120));
      }
    });
    const shifts = await page.evaluate(() => window.shifts);
    const sum = shifts.reduce((total, [value]) => total + value, 0);
    assert.ok(sum < 0.01, `${address} at ${viewport.width} px moves by ${sum}: ${JSON.stringify(shifts).slice(0, 600)}`);
    await context.close();
  }
});

test('the home page weighs at most 200 KB without photos, before any compression', async () => {
  for (const viewport of [desk, phone]) {
    const context = await browser.newContext({ viewport, reducedMotion: 'reduce' });
    await context.clock.setFixedTime(new Date(`${now.replace(' ', 'T')}:00+08:00`));
    const page = await context.newPage();
    const files = [];
    page.on('response', (response) => files.push(response.body().then((body) => [new URL(response.url()).pathname, body.length])));
    await page.goto(`${server.origin}/`, { waitUntil: 'networkidle' });
    await page.locator('.points').scrollIntoViewIfNeeded();
    await page.waitForFunction(() => [...document.querySelectorAll('.point-wall img')].filter((shown) => shown.complete && shown.naturalWidth).length >= 6);
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.waitForLoadState('networkidle');
    const sizes = await Promise.all(files);
    await context.close();
    // Photos lie below /pictures/; every slide counts, whatever its form.
    const counted = sizes.filter(([name]) => !name.startsWith('/pictures/'));
    const bytes = counted.reduce((sum, [, length]) => sum + length, 0);
    assert.ok(counted.length > 12, `${counted.length} files`);
    assert.ok(bytes > 60 * 1024 && bytes <= 200 * 1024, `${bytes} bytes at ${viewport.width} px: ${JSON.stringify(counted)}`);
  }
});

test('the home page tells what every screen shows this second, and can be held', async () => {
  const said = (page) => page.locator('.point-now').allInnerTexts();
  await visit('/', {}, async (page, { faults }) => {
    await page.locator('.points').scrollIntoViewIfNeeded();
    await page.waitForFunction(() => [...document.querySelectorAll('.point-now')].every((line) => line.textContent.startsWith('正在播放')));
    const screens = await page.locator('[data-screen]').evaluateAll((all) => all.map((point) => point.dataset.screen));
    const titles = screens.map((screen) => /“(.*?)” \(/.exec(civicast(['screens', 'at', screen, now, '--lang', 'en']))[1]);
    assert.deepStrictEqual(await said(page), titles.map((title) => `正在播放 ${title}`));
    const pictures = () => page.locator('.point-wall img').evaluateAll((all) => all.map((shown) => shown.getAttribute('src')));
    const before = await pictures();
    assert.strictEqual(before.length, screens.length);
    // Half a minute on, others are up.
    await page.clock.setFixedTime(new Date(`${now.replace(' ', 'T')}:30+08:00`));
    await page.waitForFunction((old) => [...document.querySelectorAll('.point-wall img')].some((shown, i) => shown.getAttribute('src') !== old[i]), before);
    await page.locator('[data-hold]').click();
    const held = await said(page);
    await page.clock.setFixedTime(new Date(`${now.replace(' ', 'T')}:00+08:00`));
    await page.waitForTimeout(1500);
    assert.deepStrictEqual(await said(page), held, 'held, and yet it changes');
    // At night every screen is drawn dark, in its own proportions.
    await page.locator('[data-hold]').click();
    await page.clock.setFixedTime(new Date(`${now.slice(0, 10)}T03:00:00+08:00`));
    await page.waitForFunction(() => document.querySelectorAll('.point-wall svg').length === 6 && !document.querySelector('.point-wall img'));
    const boxes = await page.locator('.point-wall svg').evaluateAll((all) => all.map((off) => off.getAttribute('viewBox')));
    assert.ok(boxes.includes('0 0 1080 1920') && boxes.includes('0 0 192 32'), boxes.join());
    await page.clock.setFixedTime(new Date(`${now.replace(' ', 'T')}:00+08:00`));
    await page.waitForFunction(() => document.querySelectorAll('.point-wall img').length === 6 && !document.querySelector('.point-wall svg'));
    await page.locator('[data-hold]').click();
    // After its end, now.json says nothing; the picture of the build stays.
    await page.locator('[data-hold]').click();
    await page.clock.setFixedTime(new Date('2026-12-23T09:00:00+08:00'));
    await page.waitForTimeout(1500);
    assert.deepStrictEqual(faults, []);
  });
  await visit('/', { javaScriptEnabled: false }, async (page) => {
    for (const line of await said(page)) assert.match(line, /^\d\d:\d\d–\d\d:\d\d (轮播 \d+ 条：.+|关屏)$/);
    assert.strictEqual(await page.locator('.point-wall img').count(), 6);
  });
});

test('a menu below an entry opens by the keyboard, and Escape closes it with the focus back on the entry', async () => {
  await visit('/', {}, async (page) => {
    const entry = page.locator('.menu-parent > a').first();
    const below = page.locator('.menu-parent .submenu').first();
    assert.ok(!(await below.isVisible()));
    await entry.focus();
    assert.ok(await below.isVisible(), 'the focus opens it');
    await page.keyboard.press('Tab');
    assert.ok(await below.evaluate((menu) => menu.contains(document.activeElement)), 'Tab leads into it');
    await page.keyboard.press('Escape');
    assert.ok(!(await below.isVisible()), 'Escape closes it');
    assert.ok(await entry.evaluate((link) => link === document.activeElement), 'the focus is back');
    // It opens again for whoever comes back.
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    assert.ok(await below.isVisible());
  });
});

test('the web manifest is valid, and its icons are there in the sizes it states', async () => {
  for (const address of ['/', '/en/']) {
    await visit(address, {}, async (page) => {
      const link = await page.locator('link[rel=manifest]').getAttribute('href');
      const manifest = await (await page.request.get(server.origin + link)).json();
      for (const name of ['name', 'short_name', 'lang', 'start_url', 'scope', 'display', 'theme_color', 'background_color']) {
        assert.ok(typeof manifest[name] === 'string' && manifest[name], `${address}: ${name}`);
      }
      assert.strictEqual(manifest.start_url, address);
      assert.ok(manifest.start_url.startsWith(manifest.scope));
      for (const icon of manifest.icons) {
        const size = await page.evaluate(async (src) => {
          const picture = new Image();
          picture.src = src;
          await picture.decode();
          return `${picture.naturalWidth}x${picture.naturalHeight}`;
        }, icon.src);
        if (icon.sizes !== 'any') assert.strictEqual(size, icon.sizes, icon.src);
      }
      assert.ok(manifest.icons.some((icon) => icon.sizes === '192x192') && manifest.icons.some((icon) => icon.sizes === '512x512'));
    });
  }
});

test('a list of titles of sixty characters stays readable, its dates in one column', async () => {
  const title = '关于进一步做好集中办公区冬季供暖保障用电安全管理和节假日值班值守以及应急物资储备检查等有关工作安排事项的补充通知';
  assert.ok([...title].length >= 55);
  for (const [address, viewport] of [['/notices/', desk], ['/notices/', phone], ['/', desk], ['/', phone]]) {
    await visit(address, { viewport }, async (page) => {
      const found = await page.evaluate((title) => {
        const rows = [...document.querySelectorAll('.rows .row')];
        for (const row of rows) row.querySelector('.row-title a').textContent = title + title.slice(0, 60 - [...title].length);
        return {
          rows: rows.length,
          dates: [...new Set(rows.map((row) => Math.round(row.querySelector('.row-date').getBoundingClientRect()[innerWidth > 720 ? 'right' : 'left'])))],
          overlaps: rows.filter((row) => {
            const [words, date] = ['.row-title', '.row-date'].map((part) => row.querySelector(part).getBoundingClientRect());
            return words.right > date.left + 1 && words.bottom > date.top + 1;
          }).length,
          cut: rows.filter((row) => row.scrollWidth > row.clientWidth + 1).length,
          tall: Math.max(...rows.map((row) => row.getBoundingClientRect().height)),
        };
      }, title);
      const where = `${address} at ${viewport.width} px: ${JSON.stringify(found)}`;
      assert.ok(found.rows >= 10, where);
      assert.deepStrictEqual([found.overlaps, found.cut], [0, 0], where);
      // On a phone a date follows the kind or number, if there is one.
      if (viewport === desk) assert.strictEqual(found.dates.length, 1, where);
      assert.ok(found.tall < 140, where);
      assert.deepStrictEqual(await page.evaluate(overflow), [], where);
    });
  }
});

test('the banner is a picture of its own, as wide as the window and never cut at its words', async () => {
  for (const width of [760, 1024, 1440, 2560]) {
    await visit('/', { viewport: { width, height: 800 } }, async (page) => {
      const { shown, drawn } = await page.locator('.campaign-wide').evaluate((picture) => {
        const { width, height } = picture.getBoundingClientRect();
        return { shown: [width, height], drawn: [picture.naturalWidth, picture.naturalHeight] };
      });
      assert.deepStrictEqual(drawn, [3200, 400]);
      // The words stand in the 1,180 pixels of a page, in the middle.
      const seen = shown[0] / (shown[1] / drawn[1]);
      assert.ok(seen >= 1220 && shown[0] === width, `${seen} of its pixels are seen at ${width} px`);
    });
  }
});
