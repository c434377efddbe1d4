/*
 * What each screen shows this second, from now.json (today and tomorrow of all screens). The evaluator is that of the player,
 * held to the same vectors. Without it, or when its file is out of date, what goes round in this stretch of the day stays.
 */
(function (root) {
  'use strict';

  /* What plays at `t` (UTC seconds): a turn of a loop, or null for dark. */
  function turn(schedule, name, start, limit, t, outOfDate) {
    var entries = schedule.loops[name], seconds = 0, i, entry = 0, begin = 0;
    if (!entries) { return null; }
    for (i = 0; i < entries.length; i++) { seconds += entries[i][2]; }
    if (!(seconds > 0)) { return null; }
    var position = (t - start) % seconds;
    if (position < 0) { position += seconds; }
    while (begin + entries[entry][2] <= position) { begin += entries[entry][2]; entry += 1; }
    var from = t - position + begin;
    return {
      plays: name, entry: entry, item: entries[entry][0], slide: entries[entry][1],
      from: from, until: Math.min(from + entries[entry][2], limit), outOfDate: outOfDate
    };
  }

  function at(schedule, t) {
    var line = schedule.timeline, found = null;
    if (t < schedule.from || t >= schedule.until || !line.length) {
      return turn(schedule, schedule.standby, schedule.from, t < schedule.from ? schedule.from : Infinity, t, true);
    }
    for (var i = 0; i < line.length && (line[i][0] <= t || i === 0); i++) { found = line[i]; }
    return found[2] === null ? null : turn(schedule, found[2], found[0], found[1], t, false);
  }

  if (typeof module === 'object') { module.exports = { at: at }; return; }

  var list = document.querySelector('[data-now]');
  if (!list) { return; }
  var points = [].slice.call(list.querySelectorAll('[data-screen]'));
  var hold = document.querySelector('[data-hold]'), held = false, visible = false, answered = false, now = null;

  function picture(wall, address) {
    var shown = wall.querySelector('img');
    if (!shown) {
      shown = document.createElement('img');
      shown.alt = '';
      wall.appendChild(shown);
    }
    if (shown.getAttribute('src') !== address) { shown.src = address; }
  }

  /* The picture that a browser without scripts shows. */
  function still(point) {
    var wall = point.querySelector('.point-wall'), plain = wall.querySelector('noscript');
    var found = plain && /src="([^"]+)"/.exec(plain.textContent);
    if (found && !wall.querySelector('img')) { picture(wall, found[1]); }
  }

  /* A dark screen is drawn in its own proportions, which the picture of the build tells. */
  function dark(wall) {
    var plain = wall.querySelector('noscript'), text = plain ? plain.textContent : '';
    var width = /width="(\d+)"/.exec(text), height = /height="(\d+)"/.exec(text);
    var name = 'http://www.w3.org/2000/svg', off = document.createElementNS(name, 'svg'), box = document.createElementNS(name, 'rect');
    off.setAttribute('viewBox', '0 0 ' + (width ? width[1] : 16) + ' ' + (height ? height[1] : 9));
    box.setAttribute('width', '100%');
    box.setAttribute('height', '100%');
    off.appendChild(box);
    wall.appendChild(off);
  }

  function show(point, t) {
    var screen = now.screens[point.dataset.screen];
    if (!screen) { still(point); return; }
    var playing = at({ from: now.from, until: now.until, loops: now.loops, timeline: screen.timeline, standby: screen.standby }, t);
    var slide = playing && now.slides[playing.item], wall = point.querySelector('.point-wall'), line = point.querySelector('.point-now');
    var word = document.createElement('b'), title = document.createElement('span');
    word.textContent = slide ? list.dataset.playing : list.dataset.dark;
    title.textContent = slide ? now.titles[slide[0]] : '';
    if (line.textContent !== word.textContent + ' ' + title.textContent) {
      var spoken = line.querySelector('[lang]');
      if (spoken) { title.lang = spoken.lang; }
      line.textContent = '';
      line.appendChild(word);
      line.appendChild(document.createTextNode(' '));
      line.appendChild(title);
    }
    var off = wall.querySelector('svg'), shown = wall.querySelector('img');
    if (slide && off) { off.remove(); }
    if (slide && slide[1]) { picture(wall, list.dataset.files + slide[1] + '.svg'); }
    if (!slide && shown) { shown.remove(); }
    if (!slide && !off) { dark(wall); }
  }

  function refresh() {
    if (held || !visible || !answered || document.hidden) { return; }
    var t = Date.now() / 1000, isGood = now && t >= now.from && t < now.until;
    points.forEach(function (point) { if (isGood) { show(point, t); } else { still(point); } });
  }

  /* A turn comes as the number of a slide; the evaluator wants its seconds beside it. */
  function load() {
    var request = new XMLHttpRequest();
    request.onload = function () {
      answered = true;
      try { now = JSON.parse(request.responseText); } catch (error) { now = null; }
      if (now && now.format !== 1) { now = null; }
      if (now) { now.loops = now.loops.map(function (turns) { return turns.map(function (slide) { return [slide, 0, now.slides[slide][2]]; }); }); }
      refresh();
    };
    request.onerror = function () { answered = true; refresh(); };
    request.open('GET', list.getAttribute('data-now'));
    request.send();
  }

  if (hold) {
    var words = [hold.textContent, hold.dataset.on];
    hold.addEventListener('click', function () {
      held = !held;
      hold.textContent = words[held ? 1 : 0];
      refresh();
    });
  }
  new IntersectionObserver(function (entries) {
    visible = entries[entries.length - 1].isIntersecting;
    if (visible && !now) { load(); } else { refresh(); }
  }, { rootMargin: '200px' }).observe(list);
  setInterval(refresh, 1000);
}(this));
