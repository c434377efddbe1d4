// The screen beside the page: shows how the document of this page looks on a screen, in its true proportions, and the
// screen itself as it plays. Loaded by live.js on pages whose document is for screens; it is no part of the built site.
// Runs under a strict content security policy: no inline script, no inline style attribute, text only as text.
(function () {
  'use strict';
  var WIDTH = 388, PAGE_LEAST = 760, KEY = 'civicast-frame';
  var state = null, feed = null, panel = null, parts = {}, kept = remembered(), turn = 0, timer = 0, asked = 0;

  // What the person chose stays: folded, which screen, own slides or live.
  function remembered() {
    try { return JSON.parse(localStorage.getItem(KEY)) || {}; } catch (error) { return {}; }
  }
  function remember(name, value) {
    kept[name] = value;
    try { localStorage.setItem(KEY, JSON.stringify(kept)); } catch (error) { /* Then until the next page. */ }
  }

  function element(name, style, text) {
    var node = document.createElement(name);
    for (var key in style) { node.style[key] = style[key]; }
    if (text) { node.textContent = text; }
    return node;
  }

  function button(text, act) {
    var node = element('button', {
      font: 'inherit', color: '#1f2329', background: 'none', border: '0', padding: '4px 10px', cursor: 'pointer', borderRadius: '3px'
    }, text);
    node.type = 'button';
    node.addEventListener('click', act);
    return node;
  }

  function build() {
    panel = element('aside', {
      position: 'fixed', zIndex: '2147483646', right: '0', top: '0', bottom: '0', width: WIDTH + 'px', boxSizing: 'border-box',
      padding: '18px 20px', background: '#f6f6f4', borderLeft: '1px solid #dcdcd8', color: '#1f2329', overflow: 'auto',
      font: '14px/1.7 system-ui, "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif', textAlign: 'left'
    });
    panel.id = 'civicast-frame';
    panel.setAttribute('data-civicast', '');
    panel.lang = state.lang;
    panel.setAttribute('aria-label', state.words.title);
    var head = element('div', { display: 'flex', alignItems: 'center', gap: '8px', marginBottom: '14px' });
    parts.choice = element('select', {
      flex: '1', minWidth: '0', font: 'inherit', color: 'inherit', background: '#fff', border: '1px solid #c9c9c4', borderRadius: '3px', padding: '4px 6px'
    });
    parts.choice.setAttribute('aria-label', state.words.title);
    parts.choice.addEventListener('change', function () { remember('screen', parts.choice.value); turn = 0; load(); });
    head.appendChild(parts.choice);
    head.appendChild(button(state.words.fold, function () { fold(true); }));
    panel.appendChild(head);
    parts.ground = element('div', { display: 'flex', alignItems: 'center', justifyContent: 'center', background: '#e6e6e2', padding: '16px', marginBottom: '10px' });
    parts.stage = element('div', { position: 'relative', overflow: 'hidden', background: '#000', boxShadow: '0 1px 6px rgba(0,0,0,.25)' });
    parts.ground.appendChild(parts.stage);
    panel.appendChild(parts.ground);
    var tools = element('div', { display: 'flex', alignItems: 'center', justifyContent: 'space-between', marginBottom: '10px' });
    parts.own = button(state.words.own, function () { remember('live', false); show(); });
    parts.live = button(state.words.live, function () { remember('live', true); show(); });
    parts.pager = element('div', { display: 'flex', alignItems: 'center', fontVariantNumeric: 'tabular-nums' });
    var modes = element('div', { display: 'flex', gap: '2px' });
    modes.appendChild(parts.own);
    modes.appendChild(parts.live);
    tools.appendChild(modes);
    tools.appendChild(parts.pager);
    panel.appendChild(tools);
    parts.facts = element('div', { borderTop: '1px solid #dcdcd8', paddingTop: '10px', color: '#4a4f57' });
    panel.appendChild(parts.facts);
    document.body.appendChild(panel);
    parts.tab = button(state.words.title, function () { fold(false); });
    parts.tab.id = 'civicast-frame-tab';
    parts.tab.setAttribute('data-civicast', '');
    var tab = {
      position: 'fixed', zIndex: '2147483646', right: '0', top: '40%', padding: '14px 7px', background: '#f6f6f4', border: '1px solid #dcdcd8',
      borderRight: '0', borderRadius: '4px 0 0 4px', writingMode: 'vertical-rl', font: '14px/1.4 system-ui, sans-serif', letterSpacing: '.1em'
    };
    for (var key in tab) { parts.tab.style[key] = tab[key]; }
    document.body.appendChild(parts.tab);
    window.addEventListener('resize', place);
  }

  function fold(folded) { remember('folded', folded); place(); show(); }

  // Beside the page where there is room for both, else over it, and then folded until somebody asks.
  function isFolded() { return kept.folded === undefined ? window.innerWidth < WIDTH + PAGE_LEAST : kept.folded; }
  function place() {
    var folded = isFolded(), beside = !folded && window.innerWidth >= WIDTH + PAGE_LEAST;
    panel.style.display = folded ? 'none' : 'block';
    panel.style.width = Math.min(WIDTH, window.innerWidth) + 'px';
    parts.tab.style.display = folded ? 'block' : 'none';
    document.documentElement.style.paddingRight = beside ? WIDTH + 'px' : '';
  }

  function chosen() {
    var found = state.screens.filter(function (screen) { return screen.id === kept.screen; })[0];
    return found || state.screens.filter(function (screen) { return screen.plays; })[0] || state.screens[0];
  }

  function choices() {
    parts.choice.textContent = '';
    state.screens.forEach(function (screen) {
      var option = element('option', {}, screen.name + '  ' + screen.width + '×' + screen.height);
      option.value = screen.id;
      parts.choice.appendChild(option);
    });
    parts.choice.value = chosen().id;
  }

  // The feed of the chosen screen as it is now; the pictures are those that the screen will show.
  function load() {
    var screen = chosen(), own = ++asked;
    fetch(screen.address + 'feed.json', { cache: 'no-store' })
      .then(function (answer) { return answer.json(); })
      .then(function (value) { if (own === asked) { feed = value; show(); } })
      .catch(function () { /* The next change asks again. */ });
  }

  function slides(screen) {
    var item = feed && feed.items.filter(function (item) { return item.id === screen.item; })[0];
    return item ? item._screen.slides : [];
  }

  function show() {
    if (!panel || !feed || isFolded()) { return; }
    var screen = chosen(), own = slides(screen), live = kept.live || !own.length;
    var scale = Math.min((panel.clientWidth - 72) / screen.width, Math.max(200, window.innerHeight * 0.5) / screen.height);
    parts.stage.style.width = Math.round(screen.width * scale) + 'px';
    parts.stage.style.height = Math.round(screen.height * scale) + 'px';
    mark(parts.own, !live);
    mark(parts.live, live);
    parts.own.disabled = !own.length;
    parts.own.style.opacity = own.length ? '1' : '.4';
    turn = own.length ? turn % own.length : 0;
    picture(screen, live ? null : own[turn]);
    pager(live ? 0 : own.length);
    facts(screen, own);
  }

  function mark(node, on) {
    node.style.background = on ? '#1f2329' : 'none';
    node.style.color = on ? '#fff' : '#1f2329';
    node.setAttribute('aria-pressed', on ? 'true' : 'false');
  }

  function picture(screen, slide) {
    var wanted = slide ? screen.address + slide.file : screen.address + moment();
    var now = parts.stage.firstChild;
    if (now && now.getAttribute('src') === wanted) { return; }
    var next = element(slide ? 'img' : 'iframe', { position: 'absolute', left: '0', top: '0', width: '100%', height: '100%', border: '0' });
    if (slide) { next.alt = slide.alt; } else { next.title = screen.name; }
    next.setAttribute('src', wanted);
    // The old picture stays until the new one is there.
    var swap = function () {
      while (parts.stage.firstChild !== next && parts.stage.firstChild) { parts.stage.firstChild.remove(); }
    };
    next.addEventListener('load', swap);
    parts.stage.appendChild(next);
    if (!now || !slide) { swap(); }
  }

  // A preview of another day shows the screen of that day.
  function moment() {
    var away = Math.abs(state.now - Date.now() / 1000) > 86400;
    return away ? '?at=' + new Date(state.now * 1000).toISOString().slice(0, 16) + 'Z' : '';
  }

  function pager(count) {
    parts.pager.textContent = '';
    if (count < 2) { return; }
    var step = function (by) { return function () { turn = (turn + count + by) % count; show(); }; };
    var back = button('‹', step(-1)), on = button('›', step(1));
    back.setAttribute('aria-label', state.words.back);
    on.setAttribute('aria-label', state.words.on);
    parts.pager.appendChild(back);
    parts.pager.appendChild(element('span', {}, (turn + 1) + ' / ' + count));
    parts.pager.appendChild(on);
  }

  function facts(screen, own) {
    parts.facts.textContent = '';
    var line = function (text, style) { parts.facts.appendChild(element('p', style || { margin: '0' }, text)); };
    line(screen.why, { margin: '0', color: screen.plays ? '#1d6b3a' : '#8a4b00' });
    var seconds = seconds_of(screen, own);
    if (seconds) { line(state.words.seconds.replace('{seconds}', seconds)); }
    var next = due(screen);
    if (next !== null) { line(state.words.next.replace('{when}', next)); }
    var link = element('a', { color: '#1c4f8c' }, state.words.day);
    link.href = screen.address + 'day/';
    var place = element('p', { margin: '6px 0 0' });
    place.appendChild(link);
    parts.facts.appendChild(place);
  }

  function seconds_of(screen, own) {
    var item = feed.items.filter(function (item) { return item.id === screen.item; })[0];
    return item && own.length ? item._screen.seconds : 0;
  }

  // When the document is up next, by the evaluator of the player.
  function due(screen) {
    if (!window.civicast || !slides(screen).length) { return null; }
    var schedule = feed._screen, t = Math.max(moment() ? state.now : Date.now() / 1000, schedule.from);
    var index = feed.items.map(function (item) { return item.id; }).indexOf(screen.item);
    for (var i = 0; i < schedule.timeline.length; i++) {
      var segment = schedule.timeline[i], entries = segment[2] && schedule.loops[segment[2]];
      if (segment[1] <= t || !entries || !entries.some(function (entry) { return entry[0] === index; })) { continue; }
      for (var at = Math.max(t, segment[0]), n = 0; at < segment[1] && n < 4000; n++) {
        var playing = window.civicast.at(schedule, at);
        if (!playing) { break; }
        if (playing.item === index) { return playing.from <= t ? state.words.up : clock(playing.from, schedule, t); }
        at = playing.until;
      }
    }
    return null;
  }

  // Clock time in the zone of the feed; the day too when it is another.
  function clock(second, schedule, t) {
    var text = function (at, how) { return new Date(at * 1000).toLocaleString(state.lang, Object.assign({ timeZone: schedule.timezone, hour12: false }, how)); };
    var day = function (at) { return text(at, { month: 'long', day: 'numeric' }); };
    var time = text(second, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
    return day(second) === day(t) ? time : day(second) + ' ' + time;
  }

  // live.js brings the news: what screens there are for this page, and that something was saved.
  window.civicastFrame = function (news) {
    state = news;
    if (!state.screens || !state.screens.length) {
      if (panel) { panel.style.display = 'none'; parts.tab.style.display = 'none'; document.documentElement.style.paddingRight = ''; }
      return;
    }
    if (!panel) { build(); }
    place();
    choices();
    load();
    clearInterval(timer);
    timer = setInterval(function () { if (feed) { facts(chosen(), slides(chosen())); } }, 5000);
    if (!window.civicast && !document.querySelector('script[data-evaluator]')) {
      var script = document.createElement('script');
      script.src = state.player;
      script.setAttribute('data-evaluator', '');
      script.onload = show;
      document.head.appendChild(script);
    }
  };
})();
