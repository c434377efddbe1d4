/*
 * The overview for staff: what each screen shows now, what comes next and until when, from the same feeds and the same
 * evaluator as the players beside it.
 */
(function () {
  'use strict';
  var cards = [].slice.call(document.querySelectorAll('[data-feed]'));
  var words = document.querySelector('.walls').dataset, isChinese = /^zh/.test(document.documentElement.lang);

  function two(number) { return (number < 10 ? '0' : '') + number; }

  /* Clock time in the zone of the feed, which begins at its midnight. */
  function clockText(t, midnight, withDay) {
    var offset = (86400 - ((midnight % 86400) + 86400) % 86400) % 86400;
    if (offset > 14 * 3600) { offset -= 86400; }
    var date = new Date((t + offset) * 1000);
    var time = two(date.getUTCHours()) + ':' + two(date.getUTCMinutes());
    if (!withDay) { return time; }
    return (isChinese ? (date.getUTCMonth() + 1) + '月' + date.getUTCDate() + '日' : date.toISOString().slice(0, 10)) + ' ' + time;
  }

  function show(card, name, text, late) {
    var place = card.querySelector('[data-show="' + name + '"]');
    if (place.textContent !== text) { place.textContent = text; }
    place.className = late ? 'late' : '';
  }

  function load(card) {
    var request = new XMLHttpRequest();
    request.onload = function () {
      try { card.feed = JSON.parse(request.responseText); } catch (error) { card.feed = card.feed || null; }
      card.gone = request.status !== 200;
    };
    request.onerror = function () { card.gone = true; };
    request.open('GET', card.getAttribute('data-feed') + '?t=' + Math.floor(Date.now() / 1000));
    request.send();
  }

  function title(feed, playing) { return playing ? feed.items[playing.item].title : words.dark; }

  /* The next turn of another item. */
  function following(feed, playing, t) {
    var schedule = feed._screen;
    if (!playing) {
      var opens = schedule.timeline.filter(function (segment) { return segment[0] > t && segment[2] !== null; })[0];
      return opens ? clockText(opens[0], schedule.from) + ' ' + words.opens : '';
    }
    var next = playing;
    for (var i = 0; i < 200 && next && next.item === playing.item; i++) { next = window.civicast.at(schedule, next.until); }
    return title(feed, next);
  }

  function segmentEnd(schedule, t) {
    var found = schedule.timeline.filter(function (segment) { return segment[0] <= t && t < segment[1]; })[0];
    return found ? found[1] : null;
  }

  function refresh() {
    var t = Date.now() / 1000;
    cards.forEach(function (card) {
      var feed = card.feed;
      if (card.gone && !feed) { show(card, 'now', words.unread, true); return; }
      if (!feed) { return; }
      var schedule = feed._screen, playing = window.civicast.at(schedule, t), end = segmentEnd(schedule, t);
      show(card, 'now', title(feed, playing));
      show(card, 'next', following(feed, playing, t));
      show(card, 'until', end ? clockText(end, schedule.from) : '—');
      show(card, 'good', clockText(schedule.until, schedule.from, true), schedule.until < t);
      document.getElementById('clock').textContent = clockText(t, schedule.from, true);
    });
  }

  /* The still picture of each screen gives way to its player. */
  cards.forEach(function (card) {
    var frame = card.querySelector('[data-player]'), player = document.createElement('iframe');
    player.title = frame.getAttribute('data-title');
    player.loading = 'lazy';
    player.src = frame.getAttribute('data-player');
    frame.appendChild(player);
  });

  cards.forEach(load);
  setInterval(function () { cards.forEach(load); }, 60000);
  setInterval(refresh, 1000);
}());
