/*
 * The player of a screen. One file, ES5, nothing from elsewhere.
 *
 * What a screen shows is a pure function of its feed and the clock: `at(schedule, t)` below mirrors `schedule::at` of the
 * build line by line, and both are held to tests/vectors/at.json. All the rest brings pictures to the two layers in time,
 * keeps the last good feed, and never lets the screen go blank.
 */
(function (root) {
  'use strict';

  var FORMAT = 1;
  var POLL_SECONDS = 30;
  var SLOWEST_POLL_SECONDS = 60;
  var POINTER_TIMEOUT_MS = 5000;
  var FILE_TIMEOUT_MS = 30000;
  var DECODE_TIMEOUT_MS = 8000;
  var SOURCE_TIMEOUT_MS = 3000;
  var STEP_MS = 200;
  var GRACE_MS = 1500;
  var HELD_BYTES = 48 * 1024 * 1024;
  var PATIENCE = 3;
  var IGNORED_SKEW_SECONDS = 2;
  var SLICE_BYTES = 256 * 1024;
  var KEPT_VIDEO_BYTES = 64 * 1024 * 1024;
  var STUCK_MS = 5000;
  var FADE_MS = 500;
  var FLOOR_MS = 600000;

  // ---- What plays at an instant ------------------------------------------------------------------------------------

  /* Position in a loop that began at `start`; nothing when the loop is unknown or empty. */
  function turn(schedule, name, start, limit, t, outOfDate) {
    var entries = schedule.loops[name], seconds = 0, i;
    if (!entries) { return null; }
    for (i = 0; i < entries.length; i++) { seconds += entries[i][2]; }
    if (!(seconds > 0)) { return null; }
    var position = (t - start) % seconds;
    if (position < 0) { position += seconds; }
    var begin = 0, entry = 0;
    while (begin + entries[entry][2] <= position) {
      begin += entries[entry][2];
      entry += 1;
    }
    var from = t - position + begin;
    return {
      plays: name, entry: entry, item: entries[entry][0], slide: entries[entry][1],
      from: from, until: Math.min(from + entries[entry][2], limit), outOfDate: outOfDate
    };
  }

  /* What plays at `t` (UTC seconds): a turn of a loop, or null for dark. */
  function at(schedule, t) {
    var line = schedule.timeline;
    if (t < schedule.from || t >= schedule.until || !line.length) {
      return turn(schedule, schedule.standby, schedule.from, t < schedule.from ? schedule.from : Infinity, t, true);
    }
    var low = 0, high = line.length;
    while (low < high) {
      var middle = (low + high) >> 1;
      if (line[middle][0] <= t) { low = middle + 1; } else { high = middle; }
    }
    var segment = line[Math.max(low, 1) - 1];
    return segment[2] === null ? null : turn(schedule, segment[2], segment[0], segment[1], t, false);
  }

  /* What plays when the clock can't be trusted: evergreen items only. */
  function standby(schedule, t) {
    return turn(schedule, schedule.standby, 0, Infinity, t, true);
  }

  // ---- Checking what arrives ---------------------------------------------------------------------------------------

  function isArray(value) { return Object.prototype.toString.call(value) === '[object Array]'; }

  /* A feed that this player understands, with every reference in it good; else the reason. */
  function faultOf(feed) {
    // What is no feed at all may be anything, null in the place of a list included.
    try { return faultIn(feed); } catch (error) { return 'shape'; }
  }

  function faultIn(feed) {
    var s = feed && feed._screen, i, j, name, before;
    if (!s || s.format !== FORMAT) { return 'format'; }
    if (!isArray(feed.items) || !feed.items.length || !isArray(s.timeline) || !s.loops) { return 'parts'; }
    if (!isArray(s.loops[s.standby]) || !s.loops[s.standby].length || !(s.from <= s.until)) { return 'parts'; }
    for (i = 0; i < feed.items.length; i++) {
      if (!isArray(feed.items[i]._screen.slides)) { return 'item ' + i; }
    }
    for (name in s.loops) {
      if (!Object.prototype.hasOwnProperty.call(s.loops, name)) { continue; }
      for (i = 0; i < s.loops[name].length; i++) {
        var entry = s.loops[name][i], item = feed.items[entry[0]];
        if (!item || !item._screen.slides[entry[1]] || !(entry[2] > 0 && isFinite(entry[2]))) { return 'loop ' + name; }
      }
    }
    for (j = 0; j < s.timeline.length; j++) {
      before = j ? s.timeline[j - 1][1] : s.from;
      if (!(s.timeline[j][0] >= before && s.timeline[j][1] > s.timeline[j][0])) { return 'timeline'; }
      if (s.timeline[j][2] !== null && !s.loops[s.timeline[j][2]]) { return 'timeline'; }
    }
    return '';
  }

  /*
   * SHA-256 for pages without a secure context, where the browser keeps its own to itself. `add` takes whole blocks of 64
   * bytes, `end` the rest of them, so that a large file can be taken in slices.
   */
  function Sha256() {
    var k = sha256.k, w = new Int32Array(64), length = 0;
    var h = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
    function block(source, base) {
      var i, j;
      for (j = 0; j < 16; j++) {
        i = base + j * 4;
        w[j] = (source[i] << 24) | (source[i + 1] << 16) | (source[i + 2] << 8) | source[i + 3];
      }
      for (j = 16; j < 64; j++) {
        var a0 = w[j - 15], b0 = w[j - 2];
        var s0 = ((a0 >>> 7) | (a0 << 25)) ^ ((a0 >>> 18) | (a0 << 14)) ^ (a0 >>> 3);
        var s1 = ((b0 >>> 17) | (b0 << 15)) ^ ((b0 >>> 19) | (b0 << 13)) ^ (b0 >>> 10);
        w[j] = (w[j - 16] + s0 + w[j - 7] + s1) | 0;
      }
      var a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], l = h[7];
      for (j = 0; j < 64; j++) {
        var e1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
        var t1 = (l + e1 + ((e & f) ^ (~e & g)) + k[j] + w[j]) | 0;
        var e0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
        var t2 = (e0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        l = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
      }
      h[0] = (h[0] + a) | 0; h[1] = (h[1] + b) | 0; h[2] = (h[2] + c) | 0; h[3] = (h[3] + d) | 0;
      h[4] = (h[4] + e) | 0; h[5] = (h[5] + f) | 0; h[6] = (h[6] + g) | 0; h[7] = (h[7] + l) | 0;
    }
    return {
      add: function (bytes, from, to) {
        for (var at = from; at < to; at += 64) { block(bytes, at); }
        length += to - from;
      },
      end: function (bytes, from) {
        var whole = bytes.length - (bytes.length - from) % 64, tail = new Uint8Array(128), i;
        this.add(bytes, from, whole);
        for (i = whole; i < bytes.length; i++) { tail[i - whole] = bytes[i]; }
        length += bytes.length - whole;
        tail[bytes.length - whole] = 0x80;
        var end = bytes.length - whole < 56 ? 64 : 128;
        for (i = 0; i < 8; i++) { tail[end - 1 - i] = Math.floor(length * 8 / Math.pow(256, i)) & 255; }
        for (i = 0; i < end; i += 64) { block(tail, i); }
        var text = '';
        for (i = 0; i < 8; i++) { text += ('0000000' + (h[i] >>> 0).toString(16)).slice(-8); }
        return text;
      }
    };
  }

  function sha256(bytes) { return new Sha256().end(bytes, 0); }

  /* A slice at a time, so that an old device goes on showing pictures while it verifies a video. */
  function sha256Later(bytes, done) {
    var hash = new Sha256(), at = 0;
    function slice() {
      if (bytes.length - at <= SLICE_BYTES) { done(hash.end(bytes, at)); return; }
      hash.add(bytes, at, at + SLICE_BYTES);
      at += SLICE_BYTES;
      setTimeout(slice, 1);
    }
    slice();
  }
  sha256.k = (function () {
    // Fractional parts of the cube roots of the first 64 primes.
    var k = [], n = 2, i;
    while (k.length < 64) {
      var prime = true;
      for (i = 2; i * i <= n; i++) { if (n % i === 0) { prime = false; } }
      if (prime) { k.push((Math.pow(n, 1 / 3) * 4294967296) | 0); }
      n += 1;
    }
    return k;
  }());

  function hex(buffer) {
    var bytes = new Uint8Array(buffer), text = '';
    for (var i = 0; i < bytes.length; i++) { text += ('0' + bytes[i].toString(16)).slice(-2); }
    return text;
  }

  /* Calls back with the SHA-256 of a buffer. */
  function hashOf(buffer, done) {
    var subtle = root.crypto && root.crypto.subtle;
    if (!subtle) { sha256Later(new Uint8Array(buffer), done); return; }
    subtle.digest('SHA-256', buffer).then(function (digest) { done(hex(digest)); }, function () {
      sha256Later(new Uint8Array(buffer), done);
    });
  }

  // ---- The clock ---------------------------------------------------------------------------------------------------

  /*
   * Wall time in UTC seconds: the device's clock, put right by the server's Date header (median of five, under two
   * seconds ignored), carried on by the monotonic clock between polls so that a step of the device's clock skips nothing.
   */
  function Clock(now, monotonic) {
    var samples = [], skew = 0, anchorWall = now(), anchorMono = monotonic(), preview = null;
    var self = {
      known: false,
      /* The last time of the server that was ever heard of, in an earlier life too: no clock before it is right. */
      floor: 0,
      now: function () {
        var wall = (anchorWall + monotonic() - anchorMono) / 1000 + skew;
        if (!preview) { return wall; }
        return preview.at + (wall - preview.began) * preview.speed;
      },
      /* By how many seconds the device's clock ran away from the monotonic one: it was set, or the device slept. */
      drift: function () { return (now() - (anchorWall + monotonic() - anchorMono)) / 1000; },
      /* Called at every poll: takes the device's clock again. */
      anchor: function () {
        var drift = self.drift();
        anchorWall = now();
        anchorMono = monotonic();
        if (!self.known || Math.abs(drift) <= IGNORED_SKEW_SECONDS) { return; }
        // Earlier samples no longer say anything about this clock. What the server said about the time still holds until it
        // says more; but a clock that went ahead without being put right by it belongs to a device that has slept.
        samples = [];
        if (drift < 0 || Math.abs(skew - drift) < 60) { skew -= drift; }
      },
      /* `server` is the Date header in milliseconds, `sent` and `received` are readings of the device's clock. */
      sample: function (server, sent, received, issued) {
        if (!(server > 0) || received < sent || received - sent > POINTER_TIMEOUT_MS) { return; }
        if (issued && server / 1000 < issued - 300) { return; }
        // The header has whole seconds; half a second is its middle.
        samples.push((server + 500 - (sent + received) / 2) / 1000);
        if (samples.length > 5) { samples.shift(); }
        var sorted = samples.slice().sort(function (a, b) { return a - b; });
        var median = sorted[sorted.length >> 1];
        skew = Math.abs(median) < IGNORED_SKEW_SECONDS ? 0 : median;
        self.known = true;
      },
      /* A device that wakes up in 1970 must not decide what is in date. */
      trusted: function (issued) {
        return self.known || !!preview || self.now() >= Math.max(issued, self.floor) - 120;
      },
      preview: function (time, speed) {
        preview = null;
        var began = self.now();
        preview = { at: time === null ? began : time, began: began, speed: speed };
      },
      previews: function () { return !!preview; },
      speed: function () { return preview ? preview.speed : 1; }
    };
    return self;
  }

  /* `2026-10-01T09:00` in the zone of the feed, whose first instant is local midnight; `Z` and offsets as they say. */
  function instant(text, midnight) {
    var parts = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?(Z|[+\-]\d{2}:?\d{2})?$/.exec(text || '');
    if (!parts) { return null; }
    var utc = Date.UTC(+parts[1], parts[2] - 1, +parts[3], +(parts[4] || 0), +(parts[5] || 0), +(parts[6] || 0)) / 1000;
    var offset = (86400 - ((midnight % 86400) + 86400) % 86400) % 86400;
    if (offset > 14 * 3600) { offset -= 86400; }
    if (parts[7] === 'Z') { offset = 0; }
    if (parts[7] && parts[7] !== 'Z') {
      offset = (parts[7].charAt(0) === '-' ? -1 : 1) * (+parts[7].substr(1, 2) * 3600 + +parts[7].slice(-2) * 60);
    }
    return utc - offset;
  }

  /* A number from a screen's id, so that a hundred screens don't ask in the same second. */
  function offsetOf(id) {
    var sum = 0;
    for (var i = 0; i < id.length; i++) { sum = (sum * 31 + id.charCodeAt(i)) >>> 0; }
    return sum % POLL_SECONDS;
  }

  var api = {
    at: at, standby: standby, faultOf: faultOf, sha256: sha256, sha256Later: sha256Later, Clock: Clock, instant: instant,
    offsetOf: offsetOf
  };
  if (typeof module === 'object' && module.exports) { module.exports = api; }
  root.civicast = api;
  if (!root.document || !root.document.getElementById('stage')) { return; }

  // ---- The page ----------------------------------------------------------------------------------------------------

  var page = root.document.documentElement;
  var screenId = page.getAttribute('data-screen');
  var stage = root.document.getElementById('stage');
  var own = [layer(), layer()];
  var layers = own.slice();  // the two pictures on the stage: own ones, or such as the memory holds
  var blobless = false;    // the policy of the server refuses pictures from the store
  var workers = root.navigator.serviceWorker && root.isSecureContext ? root.navigator.serviceWorker : null;
  var pointer = page.getAttribute('data-head');  // absent in a kit: there is no server, all files lie beside the page
  var clock = new Clock(function () { return Date.now(); }, moment);
  var current = null;      // the feed that plays: { sha256, issued, feed, schedule, blobs }
  var pending = null;      // a feed that is complete and waits for the next change of slide
  var showing = null;      // key of the picture on the screen, null for none, 'dark'
  var front = 0;           // index of the layer that is seen
  var preparing = null;    // { key, layer, ready, failed, began, url }
  var broken = {};         // keys of pictures that could not be shown, with the moment of the next try
  var absent = {};         // keys of pictures of this feed that the server did not give, or gave wrong
  var refused = {};        // of these, the ones asked for in vain, which no cache may answer again
  var held = {};           // pictures kept in memory where no Service Worker keeps them
  var short = { sha256: '', times: 0 };  // a feed that came without all its pictures, and how often
  var failures = 0;
  var loading = false;
  var spoken = false;      // the server has answered, or failed to: until then the device's clock alone decides nothing
  var lastTick = 0;
  var lastPoll = 0;
  var ticking, polling;
  var told = '';           // the feed that the Service Worker has been told of
  var waiting = 0;         // since when a new feed waits for its first picture
  var film = null;         // the video over the pictures: { key, video, element, warm, shown, blob, began, sought, moved, at }
  var leaving = null;      // the element of a video that is faded over
  var verified = {};       // hashes of videos whose bytes have been checked
  var filming = false;     // a video is being fetched
  var floored = 0;         // when the floor of the clock was written down
  var revealed = 0;        // when the last picture went up; its predecessor's layer is free when the fade is over

  /* Milliseconds that only go forward; a device's clock may be set at any time. */
  function moment() { return root.performance && root.performance.now ? root.performance.now() : Date.now(); }

  function picture() {
    var image = root.document.createElement('img');
    image.className = 'layer';
    image.alt = '';
    return image;
  }

  function layer() { return stage.appendChild(picture()); }

  function slideOf(feed, playing) { return feed.items[playing.item]._screen.slides[playing.slide]; }
  function keyOf(slide) { return slide.sha256 || slide.file; }

  function wanted(t, from) {
    var feed = from || current;
    return clock.trusted(feed.issued) ? at(feed.schedule, t) : standby(feed.schedule, t);
  }

  /* The slide due at `playing`, or the next of its loop that can be shown. */
  function usable(from, playing) {
    var entries = from.schedule.loops[playing.plays], now = moment();
    for (var n = 0; n < entries.length; n++) {
      var entry = entries[(playing.entry + n) % entries.length];
      var slide = slideOf(from.feed, { item: entry[0], slide: entry[1] });
      if (slide.file && !absent[keyOf(slide)] && !(broken[keyOf(slide)] > now)) { return slide; }
    }
    return null;
  }

  function choose(from, playing) {
    return usable(from, playing) || usable(from, standby(from.schedule, 0));
  }

  // ---- Two layers --------------------------------------------------------------------------------------------------

  /*
   * Brings a picture into the layer that is not seen. What the memory holds is there already. Else it comes from its address
   * or from the store: on https the Service Worker answers for the address, on plain http the store is the surer place
   * while the server fails. (A picture from the store has a blob: address, which a strict policy of the server refuses.)
   */
  function prepare(slide) {
    var key = keyOf(slide);
    if (preparing && preparing.key === key) { return; }
    // The layer below the fade is still seen.
    if (moment() - revealed < FADE_MS && clock.speed() === 1 && layers[1 - front].className.indexOf('under') > 0) { return; }
    var kept = isHeld(key) ? held[key] : null;
    if (kept && layers[front] === kept) { front = 1 - front; }
    var image = kept || (own[0] === layers[front] ? own[1] : own[0]);
    if (layers[1 - front] !== image) {
      stage.replaceChild(image, layers[1 - front]);
      clear(layers[1 - front]);
      layers[1 - front] = image;
    }
    image.className = 'layer';
    clear(image);
    var task = {
      key: key, slide: slide, image: image, ready: false, began: moment(), tried: 0, since: 0, url: '',
      sources: !pointer ? [fromAddress] : workers || blobless || !failures ? [fromAddress, fromStore] : [fromStore, fromAddress]
    };
    preparing = task;
    if (kept) { decoded(task); return; }
    image.onload = function () {
      // An earlier picture may still have been on its way into this layer.
      if (task.url && image.getAttribute('src') === task.url) { decoded(task); }
    };
    image.onerror = function () { if (task.url) { another(task); } };
    another(task);
  }

  function decoded(task) {
    var image = task.image;
    function ready() {
      if (preparing !== task || task.ready) { return; }
      task.ready = true;
      if (!isPicture()) { soon(0); }
    }
    // A picture without size is not one, whatever the event says.
    function doubtful() { if (image.naturalWidth > 0) { ready(); } else { another(task); } }
    if (image.decode) { image.decode().then(ready, doubtful); } else { doubtful(); }
  }

  function fromAddress(slide, done) { done(slide.file, false); }

  function another(task) {
    if (preparing !== task || task.ready) { return; }
    var source = task.sources[task.tried];
    if (!source) { fail(task); return; }
    var turn = task.tried += 1;
    task.since = moment();
    task.url = '';
    source(task.slide, function (url, blob) {
      if (preparing !== task || task.tried !== turn || task.ready) { if (blob) { root.URL.revokeObjectURL(url); } return; }
      if (!url) { another(task); return; }
      clearBlob(task.image);
      if (blob) { task.image.setAttribute('data-blob', url); }
      task.url = url;
      task.image.src = url;
    });
  }

  function fail(task) {
    broken[task.key] = moment() + 60000;
    preparing = null;
    clear(task.image);
  }

  /* A server or a disk that hangs costs a few seconds, then the other place is asked, then the next picture. */
  function urge() {
    if (!preparing || preparing.ready) { return; }
    if (moment() - preparing.began > DECODE_TIMEOUT_MS) { fail(preparing); return; }
    if (moment() - preparing.since > SOURCE_TIMEOUT_MS && preparing.tried < preparing.sources.length) { another(preparing); }
  }

  function clear(image) {
    image.onload = image.onerror = null;
    clearBlob(image);
  }

  function clearBlob(image) {
    var blob = image.getAttribute('data-blob');
    if (blob) { root.URL.revokeObjectURL(blob); image.removeAttribute('data-blob'); }
  }

  function reveal(task) {
    var before = layers[front];
    front = 1 - front;
    layers[front].alt = task.slide.alt || '';
    // The new picture fades in over the old one, which stays below it: nothing behind them is ever seen.
    before.className = before.className.indexOf('on') > 0 ? 'layer under' : 'layer';
    layers[front].className = 'layer on';
    mode('');
    showing = task.key;
    revealed = moment();
    preparing = null;
    if (film && !film.warm && !(task.slide.video && task.slide.video.sha256 === film.key)) { fadeOver(); }
  }

  function mode(name) { stage.className = name + (clock.speed() > 1 ? ' fast' : ''); }

  function darken() { hide('dark'); }

  /* Nothing can be shown: the name of the office, which stands in the page itself. */
  function bare() { hide('bare'); }

  function hide(name) {
    if (showing === name) { return; }
    layers[0].className = layers[1].className = 'layer';
    if (film && !film.warm) { drop(); }
    forget();
    mode(name);
    showing = name;
  }

  // ---- Videos ------------------------------------------------------------------------------------------------------

  /*
   * A video plays over its slide, which is its poster: it is seen until the video plays, and when it can't. There is one
   * decoder at a time, since old devices have no more. In time-lapse the poster stands for it.
   */
  function filmOf(slide) {
    var video = slide.video;
    if (!video || !video.file || !(video.seconds > 0) || clock.speed() > 4 || broken['video:' + video.sha256] > moment()) { return null; }
    // What is too large to be fetched ahead is played as it comes.
    return !pointer || verified[video.sha256] || video.bytes > KEPT_VIDEO_BYTES ? video : null;
  }

  function openFilm(video, warm) {
    var element = root.document.createElement('video'), now = moment();
    if (!element.play) { broken['video:' + video.sha256] = Infinity; return null; }
    var opened = {
      key: video.sha256, video: video, element: element, warm: warm, shown: false, blob: '', stored: false,
      began: now, sought: -Infinity, moved: now, at: -1
    };
    element.className = 'film';
    element.muted = element.defaultMuted = true;
    element.preload = 'auto';
    element.setAttribute('muted', '');
    element.setAttribute('playsinline', '');
    element.onerror = function () { if (film === opened) { otherSource(opened); } };
    element.src = video.file;
    stage.appendChild(element);
    return opened;
  }

  /* The address fails: what was kept of it, if the policy of the server lets a page play that. */
  function otherSource(opened) {
    if (opened.stored || workers || blobless || !pointer) { failFilm(); return; }
    opened.stored = true;
    fromStore(opened.video, function (url) {
      if (film !== opened) { if (url) { root.URL.revokeObjectURL(url); } return; }
      if (!url) { failFilm(); return; }
      opened.blob = url;
      opened.element.src = url;
    });
  }

  function failFilm() {
    broken['video:' + film.key] = moment() + 60000;
    drop();
  }

  function drop() {
    if (film) { close(film.element, film.blob); }
    film = null;
  }

  /* Lets go of the decoder at once, not when memory is collected. */
  function close(element, blob) {
    element.onerror = null;
    element.pause();
    element.removeAttribute('src');
    element.load();
    if (element.parentNode) { element.parentNode.removeChild(element); }
    if (blob) { root.URL.revokeObjectURL(blob); }
  }

  /* The next picture comes up over the video, which stands still below it until the fade is over. */
  function fadeOver() {
    forget();
    var gone = film;
    leaving = gone;
    film = null;
    gone.element.pause();
    gone.element.className = gone.shown ? 'film under' : 'film';
    root.setTimeout(function () { if (leaving === gone) { forget(); } }, FADE_MS);
  }

  function forget() {
    if (leaving) { close(leaving.element, leaving.blob); }
    leaving = null;
  }

  /* Opens the video of the next slide while a picture is on the screen. */
  function warmUp(slide, seconds) {
    var video = slide && filmOf(slide);
    if (film && film.warm && !(video && video.sha256 === film.key)) { drop(); }
    if (!film && !leaving && video && seconds < 15) { film = openFilm(video, true); }
  }

  /* Keeps the video of the slide on the screen where it should be by the clock, from the middle on after a start. */
  function follow(slide, playing, t) {
    var video = filmOf(slide), now = moment();
    if (!video) { if (film && !film.warm) { drop(); } return; }
    if (film && film.key !== video.sha256) { drop(); }
    if (!film) { film = openFilm(video, false); }
    if (!film) { return; }
    if (film.warm) {
      film.warm = false;
      film.began = film.moved = now;
    }
    var element = film.element, end = video.seconds - 0.1, position = Math.max(0, Math.min(t - playing.from, end));
    if (element.readyState < 2) {
      if (now - film.began > DECODE_TIMEOUT_MS) { failFilm(); }
      if (element.readyState < 1) { return; }
    }
    var off = Math.abs(element.currentTime - position);
    if (off > (film.shown ? 1 : 0.3) && !element.seeking && now - film.sought > 2000) {
      film.sought = now;
      element.currentTime = position;
    }
    if (element.paused && position < end) {
      element.playbackRate = clock.speed();
      var started = element.play();
      // A browser that does not let it play shows the poster.
      if (started && started.then) { started.then(null, function () { return undefined; }); }
    }
    if (Math.abs(element.currentTime - film.at) > 0.01 || position >= end) { film.moved = now; }
    if (now - film.moved > STUCK_MS) { failFilm(); return; }
    if (!film.shown && element.readyState > 1 && !element.seeking && off < 1.5 && (position >= end || (!element.paused && film.at >= 0))) {
      film.shown = true;
      element.className = 'film on';
    }
    film.at = element.currentTime;
  }

  // ---- The tick ----------------------------------------------------------------------------------------------------

  function tick() {
    lastTick = moment();
    var next = STEP_MS;
    try { next = step() || STEP_MS; } catch (error) { note('tick', error); }
    soon(clock.speed() > 1 ? 50 : next);
  }

  function soon(wait) {
    root.clearTimeout(ticking);
    ticking = root.setTimeout(tick, wait);
  }

  /* One look at the clock: shows what is due, prepares what comes next, answers when to look again at the latest. */
  function step() {
    if (Math.abs(clock.drift()) > IGNORED_SKEW_SECONDS) { hurry(); }
    if (!current || !(spoken || clock.previews())) { return STEP_MS; }
    urge();
    var t = clock.now();
    if (pending && !swapped(t)) { return STEP_MS; }
    var playing = wanted(t);
    if (!playing) { darken(); prefetch(opening(t)); return Math.min(STEP_MS, Math.max((opening(t) - t) * 1000, 1)); }
    var slide = choose(current, playing);
    if (!slide) { bare(); return STEP_MS; }
    if (keyOf(slide) !== showing) {
      prepare(slide);
      // What is no longer in the loop may have expired: the office's name is better.
      if (preparing && preparing.ready) { reveal(preparing); } else if (expired(playing)) { bare(); }
    }
    if (keyOf(slide) === showing) {
      follow(slide, playing, t);
      prefetch(playing.until);
    }
    // Not a moment late: what ends at an instant is gone at that instant.
    return Math.min(STEP_MS, Math.max((wanted(t).until - t) * 1000, 1));
  }

  /* Loads the next picture while the present one is on the screen. */
  function prefetch(t) {
    if (!isFinite(t) || moment() - revealed < 800) { return; }
    var next = wanted(t + 0.001), slide = next && choose(current, next);
    if (pending && wanted(t + 0.001, pending)) { slide = choose(pending, wanted(t + 0.001, pending)); }
    if (slide && keyOf(slide) !== showing && !(preparing && preparing.ready)) { prepare(slide); }
    warmUp(slide && keyOf(slide) !== showing ? slide : null, t - clock.now());
  }

  function isPicture() { return showing !== null && showing !== 'dark' && showing !== 'bare'; }

  /* When a dark screen opens next, if that is soon. */
  function opening(t) {
    var line = current.schedule.timeline;
    for (var i = 0; i < line.length; i++) {
      if (line[i][0] > t && line[i][2] !== null) { return line[i][0] - t < 30 ? line[i][0] : Infinity; }
    }
    return Infinity;
  }

  /* The picture on the screen has no place in what plays now. */
  function expired(playing) {
    if (!isPicture() || clock.speed() !== 1) { return false; }
    var entries = current.schedule.loops[playing.plays];
    for (var i = 0; i < entries.length; i++) {
      if (keyOf(slideOf(current.feed, { item: entries[i][0], slide: entries[i][1] })) === showing) { return false; }
    }
    return true;
  }

  // ---- Feeds -------------------------------------------------------------------------------------------------------

  /*
   * Brings in the new feed between two slides, at once when what is on the screen has been taken back, and in both cases only
   * when its picture is there. False while the screen waits for that.
   */
  function swapped(t) {
    var playing = wanted(t, pending), before = wanted(t), slide = playing && choose(pending, playing);
    if (!isPicture() || !slide || keyOf(slide) === showing) { swap(); return true; }
    var due = before && choose(current, before);
    if (due && keyOf(due) === showing && holds(pending.feed, showing)) { waiting = 0; return true; }
    waiting = waiting || moment();
    prepare(slide);
    if (preparing && preparing.ready) { swap(); reveal(preparing); return true; }
    if (!before || expired(before) || moment() - waiting > GRACE_MS) { swap(); return true; }
    return false;
  }

  function eachSlide(feed, work) {
    feed.items.forEach(function (item) { item._screen.slides.forEach(work); });
  }

  function holds(feed, key) {
    if (!feed.keys) {
      feed.keys = {};
      eachSlide(feed, function (slide) { feed.keys[keyOf(slide)] = true; });
    }
    return feed.keys[key] === true;
  }

  function swap() {
    current = pending;
    pending = null;
    broken = {};
    waiting = 0;
  }

  function adopt(found) {
    if (current) { pending = found; } else { current = found; startPreview(); }
  }

  function request(url, type, timeout, done, fresh) {
    var xhr = new root.XMLHttpRequest(), sent = Date.now(), over = false;
    function finish(result) {
      if (over) { return; }
      over = true;
      root.clearTimeout(timer);
      lastPoll = moment();
      // Whatever arrives, the next poll must come.
      try { done(result, xhr, sent, Date.now()); } catch (error) { note('answer', error); finished(false); }
    }
    // Some engines ignore `timeout`. A large file on a slow line is fine as long as it comes.
    function late() { finish(null); xhr.abort(); }
    var timer = root.setTimeout(late, timeout);
    if (timeout > POINTER_TIMEOUT_MS) {
      xhr.onprogress = function () {
        if (over) { return; }
        root.clearTimeout(timer);
        timer = root.setTimeout(late, timeout);
      };
    }
    xhr.onload = function () { finish(xhr.status === 200 || (xhr.status === 0 && xhr.response) ? xhr.response : null); };
    xhr.onerror = xhr.onabort = function () { finish(null); };
    try {
      xhr.open('GET', url, true);
      xhr.responseType = type;
      if (fresh) { xhr.setRequestHeader('Cache-Control', 'no-cache'); }
      xhr.send();
    } catch (error) { finish(null); }
  }

  function textOf(buffer) {
    var bytes = new Uint8Array(buffer), text = '', i;
    if (root.TextDecoder) { return new root.TextDecoder('utf-8').decode(bytes); }
    for (i = 0; i < bytes.length; i += 8192) { text += String.fromCharCode.apply(null, bytes.subarray(i, i + 8192)); }
    return decodeURIComponent(escape(text));
  }

  function parse(text) { try { return JSON.parse(text); } catch (error) { return null; } }

  function poll() {
    root.clearTimeout(polling);
    lastPoll = moment();
    if (!pointer) { clock.anchor(); spoken = true; again(); return; }
    if (loading) { return; }
    loading = true;
    // A cached pointer would be yesterday's news; the number makes every poll a new address.
    request(pointer + '?t=' + Math.floor(Date.now() / 1000), 'arraybuffer', POINTER_TIMEOUT_MS,
      function (buffer, xhr, sent, received) {
        var head = buffer && parse(textOf(buffer));
        clock.anchor();
        spoken = true;
        if (!head || typeof head.sha256 !== 'string' || typeof head.feed !== 'string') { finished(false); return; }
        clock.sample(Date.parse(xhr.getResponseHeader('Date') || ''), sent, received, head.issued);
        writeFloor();
        if (head.format !== FORMAT) { finished(true); return; }
        var known = pending || current;
        if (known && known.sha256 === head.sha256) { known.issued = head.issued; finished(true); return; }
        fetchFeed(head);
      });
  }

  /* The device's clock was set, or the device slept: ask the server now. */
  function hurry() {
    if (!loading && moment() - lastPoll > 2000) { poll(); }
  }

  function fetchFeed(head) {
    request(head.feed + '?v=' + head.sha256.slice(0, 12), 'arraybuffer', FILE_TIMEOUT_MS, function (buffer) {
      if (!buffer) { finished(false); return; }
      hashOf(buffer, function (hash) {
        var text = hash === head.sha256 ? textOf(buffer) : '', feed = parse(text), fault = faultOf(feed);
        if (fault) { note('feed', text ? fault : 'hash'); finished(false); return; }
        var found = { sha256: '', issued: head.issued, feed: feed, schedule: feed._screen }, first = !current;
        if (first) {
          // Nothing plays yet: each picture may be shown as soon as it has been checked.
          eachSlide(feed, function (slide) { absent[keyOf(slide)] = true; });
          adopt(found);
        }
        fetchFiles(feed, function (missing) {
          short = { sha256: head.sha256, times: missing ? (short.sha256 === head.sha256 ? short.times + 1 : 1) : 0 };
          if (missing) {
            // With a picture missing, the feed that plays is better than the new one; but not for ever, since the new one may
            // take something back. It keeps no hash, so that every poll asks for the rest.
            note('files', missing);
            if (short.times !== PATIENCE || !playable(feed)) { finished(false); return; }
          } else {
            found.sha256 = head.sha256;
          }
          if (!first) { adopt(found); }
          save(head, text);
          finished(!missing);
        });
      });
    }, failures > 0);
  }

  /* Every loop has at least one picture. */
  function playable(feed) {
    var loops = feed._screen.loops, from = { feed: feed, schedule: feed._screen };
    return Object.keys(loops).every(function (name) { return !loops[name].length || !!usable(from, { plays: name, entry: 0 }); });
  }

  /* Fetches and checks every picture that the feed in hand does not have already, two at a time. */
  function fetchFiles(feed, done) {
    var queue = [], seen = {}, missing = 0, busy = 0;
    function want(slide) {
      var key = keyOf(slide);
      if (seen[key] || (current && holds(current.feed, key) && !absent[key])) { return; }
      seen[key] = true;
      queue.push(slide);
    }
    // What is due next comes first.
    var playing = at(feed._screen, clock.now()), entries = playing ? feed._screen.loops[playing.plays] : [];
    for (var n = 0; n < entries.length; n++) {
      var entry = entries[(playing.entry + n) % entries.length];
      want(slideOf(feed, { item: entry[0], slide: entry[1] }));
    }
    eachSlide(feed, want);
    function next() {
      if (!queue.length && !busy) { done(missing); return; }
      while (queue.length && busy < 2) { busy += 1; one(queue.shift()); }
    }
    function one(slide) {
      request(slide.file, 'arraybuffer', FILE_TIMEOUT_MS, function (buffer) {
        function over(good) {
          if (good) {
            store.put('file:' + slide.sha256, buffer);
            delete absent[keyOf(slide)];
            delete refused[keyOf(slide)];
          } else {
            absent[keyOf(slide)] = true;
            refused[keyOf(slide)] = true;
            missing += 1;
          }
          busy -= 1;
          next();
        }
        if (!buffer) { over(false); return; }
        hashOf(buffer, function (hash) { over(hash === slide.sha256); });
      }, refused[keyOf(slide)]);
    }
    next();
  }

  function finished(good) {
    loading = false;
    failures = good ? 0 : failures + 1;
    if (good && current) { hold(); tell(); }
    checkVideos();
    again();
  }

  /*
   * Videos come after the pictures and one at a time, so that neither a new feed nor the withdrawal of an item waits for
   * them. Each is hashed as a whole before it plays; until then its poster does.
   */
  function checkVideos() {
    var next = null;
    if (filming || !current) { return; }
    eachVideo(current.feed, function (video) { if (!next && !verified[video.sha256]) { next = video; } });
    if (!next) { return; }
    filming = true;
    function over(good) {
      filming = false;
      if (!good) { refused['video:' + next.sha256] = true; note('video', next.file); return; }
      verified[next.sha256] = true;
      checkVideos();
    }
    store.get('file:' + next.sha256, function (kept) {
      // Nothing comes into the store without having been checked.
      if (kept && !workers) { over(true); return; }
      var guarded = workers && workers.controller;
      request(next.file, guarded ? 'blob' : 'arraybuffer', FILE_TIMEOUT_MS, function (body) {
        if (!body || (body.size || body.byteLength) !== next.bytes) { over(false); return; }
        // What the Service Worker answers with has been hashed by it.
        if (guarded) { over(true); return; }
        hashOf(body, function (hash) {
          if (hash === next.sha256 && !workers && root.Blob) { store.put('file:' + next.sha256, new root.Blob([body], { type: 'video/mp4' })); }
          over(hash === next.sha256);
        });
      }, refused['video:' + next.sha256]);
    });
  }

  /* The videos that are kept for when the network is gone. */
  function eachVideo(feed, work) {
    eachSlide(feed, function (slide) {
      if (slide.video && slide.video.file && slide.video.bytes <= KEPT_VIDEO_BYTES) { work(slide.video); }
    });
  }

  /* Once in a while: what the server said the time was, for a start without it. */
  function writeFloor() {
    if (!clock.known || (floored && moment() - floored < FLOOR_MS)) { return; }
    floored = moment();
    try { root.localStorage.setItem('civicast-clock', String(Math.floor(clock.now()))); } catch (error) { note('storage', error); }
  }

  function again() {
    var wait = Math.min(POLL_SECONDS * (1 + failures / 2), SLOWEST_POLL_SECONDS);
    var now = Date.now() / 1000, due = wait;
    if (!failures) {
      // On the half minute, each screen at its own second.
      due = POLL_SECONDS - (((now - offsetOf(screenId)) % POLL_SECONDS) + POLL_SECONDS) % POLL_SECONDS;
      if (due < 5) { due += POLL_SECONDS; }
    }
    if (!current) { due = Math.min(due, 5); }
    root.clearTimeout(polling);
    polling = root.setTimeout(poll, due * 1000);
  }

  /*
   * Without a Service Worker the memory is what outlives the server: one element for each picture, which goes onto the stage
   * as it is. Needs neither the store nor blob: in the policy of the server.
   */
  function hold() {
    var kept = {}, queue = [], bytes = 0;
    if (!(workers && workers.controller)) {
      eachSlide(current.feed, function (slide) {
        var key = keyOf(slide);
        if (kept[key] || absent[key] || bytes > HELD_BYTES) { return; }
        bytes += slide.bytes || 0;
        kept[key] = held[key] || picture();
        if (!isHeld(key)) { queue.push(slide); }
      });
    }
    held = kept;
    function next() {
      var slide = held === kept && queue.shift();
      if (!slide) { return; }
      var image = kept[keyOf(slide)];
      image.onload = image.onerror = function () { image.onload = image.onerror = null; next(); };
      image.src = slide.file;
    }
    next();
  }

  function isHeld(key) { return !!held[key] && held[key].complete && held[key].naturalWidth > 0; }

  /* Tells the Service Worker what this screen needs: it fetches what it lacks and drops what no screen needs any more. */
  function tell() {
    if (!workers || told === current.sha256 || !current.sha256) { return; }
    told = current.sha256;
    var addresses = [root.location.href.split(/[?#]/)[0]], link = root.document.createElement('a');
    function add(address) { link.href = address; addresses.push(link.href); }
    [].forEach.call(root.document.querySelectorAll('script[src], link[rel=stylesheet], link[rel=icon]'), function (part) {
      add(part.src || part.href);
    });
    [current, pending].forEach(function (found) {
      if (!found) { return; }
      eachSlide(found.feed, function (slide) { add(slide.file); });
      eachVideo(found.feed, function (video) { add(video.file); });
    });
    workers.ready.then(function (registration) {
      if (registration.active) { registration.active.postMessage({ screen: screenId, keep: addresses }); }
    });
  }

  // ---- What survives a power cut -----------------------------------------------------------------------------------

  var store = (function () {
    var database = null, waiting = [];
    function ready(db) {
      database = db || false;
      waiting.splice(0).forEach(function (task) { task(); });
    }
    function later(task) { if (database === null) { waiting.push(task); } else { task(); } }
    try {
      var opening = root.indexedDB.open('civicast-' + screenId, 1);
      opening.onupgradeneeded = function () { opening.result.createObjectStore('kept'); };
      opening.onsuccess = function () { ready(opening.result); };
      opening.onerror = opening.onblocked = function () { ready(false); };
    } catch (error) { ready(false); }
    function transact(mode, work, failed) {
      later(function () {
        if (!database) { failed(); return; }
        try {
          var transaction = database.transaction('kept', mode);
          transaction.onerror = transaction.onabort = function (event) {
            if (event.preventDefault) { event.preventDefault(); }
            failed();
          };
          work(transaction.objectStore('kept'));
        } catch (error) { failed(); }
      });
    }
    function nothing() { return undefined; }
    return {
      // A full disk is no reason to stop: what plays is in memory.
      put: function (key, value) { transact('readwrite', function (kept) { kept.put(value, key); }, nothing); },
      get: function (key, done) {
        var answered = false;
        function once(value) { if (!answered) { answered = true; done(value); } }
        transact('readonly', function (kept) {
          var asking = kept.get(key);
          asking.onsuccess = function () { once(asking.result); };
        }, function () { once(undefined); });
      },
      keep: function (wantedKeys) {
        transact('readwrite', function (kept) {
          var cursor = kept.openCursor();
          cursor.onsuccess = function () {
            var found = cursor.result;
            if (!found) { return; }
            if (String(found.key).indexOf('file:') === 0 && !wantedKeys[found.key]) { found['delete'](); }
            found['continue']();
          };
        }, nothing);
      }
    };
  }());

  function save(head, text) {
    var record = { head: head, text: text }, keys = {};
    store.get('feed', function (before) {
      store.put('feed', record);
      if (before) { store.put('previous', before); }
      [before, record].forEach(function (kept) {
        var feed = kept && parse(kept.text);
        if (!feed) { return; }
        eachSlide(feed, function (slide) { keys['file:' + slide.sha256] = true; });
        eachVideo(feed, function (video) { keys['file:' + video.sha256] = true; });
      });
      store.keep(keys);
    });
    try { root.localStorage.setItem('civicast-' + screenId, JSON.stringify(record)); } catch (error) { note('storage', error); }
  }

  function restore(done) {
    store.get('feed', function (record) {
      var other = null;
      try { other = parse(root.localStorage.getItem('civicast-' + screenId) || ''); } catch (error) { note('storage', error); }
      // One of the two may have been full when the last feed came.
      if (other && other.head && !(record && record.head.issued >= other.head.issued)) { record = other; }
      var feed = record && record.head && parse(record.text);
      if (feed && !faultOf(feed) && !current) {
        adopt({ sha256: record.head.sha256, issued: record.head.issued, feed: feed, schedule: feed._screen });
      }
      done();
    });
  }

  function fromStore(slide, done) {
    store.get('file:' + slide.sha256, function (buffer) {
      if (!buffer || !root.URL || !root.Blob) { done(null); return; }
      var type = slide.type || (/\.png$/.test(slide.file) ? 'image/png' : 'image/svg+xml');
      done(root.URL.createObjectURL(new root.Blob([buffer], { type: type })), true);
    });
  }

  // ---- Small duties ------------------------------------------------------------------------------------------------

  function note(what, detail) {
    if (root.console && root.console.warn) { root.console.warn('civicast: ' + what, detail); }
  }

  function parameter(name) {
    var found = new RegExp('[?&]' + name + '=([^&]*)').exec(root.location.search);
    return found ? decodeURIComponent(found[1].replace(/\+/g, ' ')) : '';
  }

  function startPreview() {
    var time = instant(parameter('at'), current.schedule.from), speed = parseFloat(parameter('speed'));
    if (time !== null || speed > 0) { clock.preview(time, speed > 0 ? speed : 1); }
  }

  /* A few pixels a minute keep a still picture from burning in; LED strips are exempt, their pixels are letters. */
  function shift() {
    if (page.getAttribute('data-shape') === 'strip') { return; }
    var minute = Math.floor(clock.now() / 60), steps = [0, 2, 3, 2, 0, -2, -3, -2];
    var move = 'translate(' + steps[minute % 8] + 'px,' + steps[(minute + 2) % 8] + 'px)';
    stage.style.transform = stage.style.webkitTransform = move + ' scale(1.006)';
  }

  function stayAwake() {
    var lock = root.navigator.wakeLock;
    if (lock && root.document.visibilityState === 'visible') {
      lock.request('screen').then(null, function () { return undefined; });
    }
  }

  function start() {
    if (root.civicastFeed && !faultOf(root.civicastFeed)) {
      var inlined = root.civicastFeed;
      adopt({ sha256: '', issued: inlined._screen.from, feed: inlined, schedule: inlined._screen });
    }
    try { clock.floor = +root.localStorage.getItem('civicast-clock') || 0; } catch (error) { note('storage', error); }
    // The store may hang where its disk does; the network must not wait for it long.
    var begun = false;
    function begin() { if (!begun) { begun = true; poll(); } }
    restore(begin);
    root.setTimeout(begin, 1000);
    tick();
    // The watchdog: what ever stops, starts again.
    root.setInterval(function () {
      if (moment() - lastTick > 10000) { tick(); }
      if (moment() - lastPoll > 150000) { loading = false; poll(); }
    }, 5000);
    if (!parameter('at') && !parameter('speed') && root.parent === root) {
      shift();
      root.setInterval(shift, 60000);
    }
    root.document.addEventListener('visibilitychange', stayAwake);
    root.document.addEventListener('securitypolicyviolation', function (event) {
      if (/^blob/.test(event.blockedURI)) { blobless = true; }
    });
    stayAwake();
    var worker = page.getAttribute('data-worker');
    if (worker && root.navigator.serviceWorker && root.isSecureContext) {
      root.navigator.serviceWorker.register(worker).then(null, function (error) { note('worker', error); });
    }
  }

  api.state = function () {
    return {
      showing: showing, pending: !!pending, sha256: current && current.sha256, now: clock.now(),
      playing: current ? wanted(clock.now()) : null, title: current && wanted(clock.now()) ? current.feed.items[wanted(clock.now()).item].title : ''
    };
  };
  start();
}(typeof window === 'undefined' ? {} : window));
