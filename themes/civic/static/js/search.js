// The search of the portal: finds documents by any words of their titles and texts, in the browser alone. The index is a
// set of small scripts below search/ that call civicastSearch(name, content); a query loads the few that it needs, first the
// lists of its terms, then the texts of what it shows, in which it makes sure that they hold the words.
// Without this script the page is a plain list of ways to everything.
(function () {
  "use strict";

  var form = document.getElementById("search-form");
  if (!form) return;
  var input = form.elements.q;
  var status = document.getElementById("search-status");
  var list = document.getElementById("search-results");
  var more = document.getElementById("search-more");
  var browse = document.getElementById("search-browse");
  var PAGE = 10; // Hits shown at a time.
  var CERTAIN = 12; // So many candidates are all looked into before anything is counted.
  var TERMS = 4; // Terms looked up for a query; the texts themselves decide.
  var SNIPPET = 46; // Characters shown before and after a word.
  // The page is search/ below the top of the site.
  var top = form.action.replace(/[?#].*$/, "").replace(/search\/(index\.html)?$/, "");
  var isFolder = location.protocol === "file:";

  // ---- Files of the index ----

  var waiting = {};

  window.civicastSearch = function (name, content) {
    var file = waiting[name];
    if (file) file.settle(content);
  };

  // Calls `done` with the content of a file, with null when there is none.
  function load(name, done) {
    var file = waiting[name];
    if (!file) {
      file = waiting[name] = { done: false, content: null, calls: [] };
      file.settle = function (content) {
        if (file.done) return;
        file.done = true;
        file.content = content;
        file.calls.forEach(function (call) { call(content); });
      };
      var script = document.createElement("script");
      script.src = top + "search/" + name + ".js";
      script.onload = script.onerror = function () {
        document.head.removeChild(script);
        // What could not be loaded is asked for again next time.
        if (!file.done) delete waiting[name];
        file.settle(null);
      };
      document.head.appendChild(script);
    }
    if (file.done) done(file.content);
    else file.calls.push(done);
  }

  // Loads several files; `done` gets their contents in order.
  function loadAll(names, done) {
    var left = names.length;
    var contents = [];
    if (!left) {
      done(contents);
      return;
    }
    names.forEach(function (name, at) {
      load(name, function (content) {
        contents[at] = content;
        left -= 1;
        if (!left) done(contents);
      });
    });
  }

  // ---- Words and terms, as src/search/terms.rs cuts them ----

  // Characters one by one, those beyond the basic plane too.
  function characters(text) {
    return text.match(/[\ud800-\udbff][\udc00-\udfff]|[\s\S]/g) || [];
  }

  function foldOne(character) {
    var code = character.charCodeAt(0);
    if (code < 0x80) return character.toLowerCase();
    if (code >= 0x4e00 && code <= 0x9fff) return character;
    return characters(character.normalize("NFKC")).map(function (part) { return part.toLowerCase(); }).join("");
  }

  // The form in which texts are compared, and for each of its characters where it stands in the text.
  function fold(text) {
    var out = "";
    var from = [];
    var at = 0;
    characters(text).forEach(function (character) {
      var folded = foldOne(character);
      for (var i = 0; i < folded.length; i++) from.push(at);
      out += folded;
      at += character.length;
    });
    from.push(at);
    return { text: out, from: from };
  }

  function isWord(character) {
    var code = character.codePointAt(0);
    if ((code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a)) return true;
    if (code >= 0x4e00 && code <= 0x9fff) return true;
    function within(from, to) { return code >= from && code <= to; }
    return !(code <= 0xbf || code === 0xd7 || code === 0xf7 || within(0x2000, 0x206f) || within(0x20a0, 0x20cf)
      || within(0x2190, 0x2bff) || within(0x2e00, 0x2e7f) || within(0x3000, 0x3004) || within(0x3008, 0x3020)
      || code === 0x3030 || within(0xe000, 0xf8ff) || within(0xfe00, 0xfe6f) || within(0xff00, 0xffff)
      || within(0x1f000, 0x1faff) || code >= 0xe0000);
  }

  function runs(word) {
    var found = [];
    var run = [];
    characters(word).concat(" ").forEach(function (character) {
      if (isWord(character)) {
        run.push(character);
      } else if (run.length) {
        found.push(run);
        run = [];
      }
    });
    return found;
  }

  function isLatin(character) {
    return character < "\u0080";
  }

  // Terms that every text with this run of characters has.
  function termsOf(run) {
    if (run.length === 1) return [run[0]];
    var found = [];
    for (var i = 0; i + 1 < run.length; i++) {
      var isTriple = i + 2 < run.length && isLatin(run[i]) && isLatin(run[i + 1]) && isLatin(run[i + 2]);
      // The last pair of a Latin run lies in the triple before it.
      var isCovered = i > 0 && isLatin(run[i - 1]) && isLatin(run[i]) && isLatin(run[i + 1]);
      if (isTriple) found.push(run[i] + run[i + 1] + run[i + 2]);
      else if (!isCovered) found.push(run[i] + run[i + 1]);
    }
    return found;
  }

  // Some of the terms, from all parts of the query.
  function some(unlike) {
    if (unlike.length <= TERMS) return unlike;
    var picked = [];
    for (var i = 0; i < TERMS; i++) picked.push(unlike[Math.round(i * (unlike.length - 1) / (TERMS - 1))]);
    return picked;
  }

  // What was typed: its words, the terms to look up, and whether they alone decide.
  function understand(typed) {
    var words = fold(typed.normalize("NFC")).text.split(/\s+/).filter(Boolean).slice(0, 8);
    var terms = [];
    var isPlain = true;
    words = words.filter(function (word) {
      var own = runs(word);
      own.forEach(function (run) { terms = terms.concat(termsOf(run)); });
      if (own.length !== 1 || own[0].join("") !== word || termsOf(own[0]).length !== 1) isPlain = isPlain && !own.length;
      return own.length > 0;
    });
    var unlike = terms.filter(function (term, at) { return terms.indexOf(term) === at; });
    return { words: words, terms: some(unlike), isPlain: isPlain && unlike.length <= TERMS };
  }

  // ---- Lists ----

  function shardOf(term, shards) {
    var hash = 0;
    characters(term).forEach(function (character) {
      hash = (hash * 8191 + character.codePointAt(0)) % 1000003;
    });
    return hash % shards;
  }

  var DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  var VALUE = {};
  for (var digit = 0; digit < 64; digit++) VALUE[DIGITS.charAt(digit)] = digit;

  // Ascending numbers from their text, as src/search/lists.rs writes them.
  function decode(text) {
    var numbers = [];
    var isMap = text.charAt(0) === ".";
    var at = isMap ? 1 : 0;
    function number() {
      var sum = 0;
      for (var unit = 1; ; unit *= 32) {
        var value = VALUE[text.charAt(at++)];
        sum += (value % 32) * unit;
        if (!(value >= 32)) return sum;
      }
    }
    var next = 0;
    if (!isMap) {
      while (at < text.length) {
        next += number();
        numbers.push(next);
        next += 1;
      }
      return numbers;
    }
    next = number();
    for (; at < text.length; at++, next += 6) {
      var six = VALUE[text.charAt(at)];
      for (var bit = 0; bit < 6; bit++) if ((six >> bit) & 1) numbers.push(next + bit);
    }
    return numbers;
  }

  // The lists of a term: of all documents, and of those that have it in their title.
  function listsIn(shard, term) {
    var at = ("\t" + shard).indexOf("\t" + term + "\t");
    if (at < 0) return { all: [], title: [] };
    var start = at + term.length + 1;
    var end = shard.indexOf("\t", start);
    var parts = shard.slice(start, end < 0 ? shard.length : end).split("!");
    return { all: decode(parts[0]), title: decode(parts[1] || "") };
  }

  // What is in all of the ascending lists.
  function common(lists) {
    return lists.reduce(function (left, right) {
      var at = 0;
      return left.filter(function (number) {
        while (at < right.length && right[at] < number) at += 1;
        return right[at] === number;
      });
    });
  }

  // ---- Candidates ----

  function dayOf(year) {
    return Date.UTC(year, 0, 1) / 864e5;
  }

  // Documents of a segment that may be hits: those with all words in their title, then the others, the newest first.
  function candidatesIn(segment, query, contents) {
    var keys = query.terms.concat(query.facets);
    var lists = keys.map(function (key, at) { return listsIn(contents[at] || "", key); });
    var all = common(lists.map(function (list) { return list.all; }));
    if (query.year) {
      var from = (dayOf(query.year) - segment.day) * segment.slots;
      var to = (dayOf(query.year + 1) - segment.day) * segment.slots;
      all = segment.name === "0" ? [] : all.filter(function (number) { return number >= from && number < to; });
    }
    var titles = [];
    if (query.terms.length) {
      titles = common([all].concat(lists.slice(0, query.terms.length).map(function (list) { return list.title; })));
    }
    var first = {};
    titles.forEach(function (number) { first[number] = true; });
    function place(number) { return segment.name + "/t" + number; }
    return {
      titles: titles.reverse().map(place),
      others: all.filter(function (number) { return !first[number]; }).reverse().map(place)
    };
  }

  function hasYear(segments, at, year) {
    if (!year) return true;
    if (segments[at].name === "0") return false;
    return Number(segments[at].name) <= year && (at + 1 === segments.length || Number(segments[at + 1].name) > year);
  }

  function candidates(query, done) {
    load("manifest", function (manifest) {
      if (!manifest) {
        done(null);
        return;
      }
      var segments = manifest.segments.filter(function (segment, at) { return hasYear(manifest.segments, at, query.year); }).reverse();
      var keys = query.terms.concat(query.facets);
      var names = [];
      segments.forEach(function (segment) {
        keys.forEach(function (key) { names.push(segment.name + "/s" + shardOf(key, segment.shards)); });
      });
      loadAll(names, function (contents) {
        var isWhole = contents.every(function (content) { return content !== null; });
        if (!isWhole) {
          done(null);
          return;
        }
        var titles = [];
        var others = [];
        segments.forEach(function (segment, at) {
          var found = candidatesIn(segment, query, contents.slice(at * keys.length, (at + 1) * keys.length));
          titles = titles.concat(found.titles);
          others = others.concat(found.others);
        });
        done({ titles: titles, others: others });
      });
    });
  }

  // ---- Hits ----

  // Looks into one candidate's text: null when it does not hold the words.
  function hitIn(text, words) {
    var title = fold(text[0]);
    var body = fold(text[4]);
    function inTitle(word) { return title.text.indexOf(word) >= 0; }
    var isHit = words.every(function (word) { return inTitle(word) || body.text.indexOf(word) >= 0; });
    if (!isHit) return null;
    return { title: text[0], url: text[1], kind: text[2], date: text[3], body: text[4], foldedTitle: title, folded: body, isTitle: words.every(inTitle) };
  }

  // The hits of a query, so many at a time, in order. Titles come first; what only seemed to have the words in its title
  // goes back to its place among the others.
  function Hits(query, found) {
    this.query = query;
    this.titles = found.titles;
    this.others = found.others;
    this.total = found.titles.length + found.others.length;
    this.ready = [];
  }

  Hits.prototype.isDone = function () {
    return !this.titles.length && !this.others.length && !this.ready.length;
  };

  // Fills `ready` up to so many hits.
  Hits.prototype.fill = function (wanted, done) {
    var self = this;
    var fromTitles = self.titles.length > 0;
    var names = (fromTitles ? self.titles : self.others).splice(0, Math.max(0, wanted - self.ready.length));
    if (!names.length) {
      done();
      return;
    }
    loadAll(names, function (texts) {
      var before = self.others.length;
      texts.forEach(function (text, at) {
        var hit = text && hitIn(text, self.query.words);
        if (hit && (hit.isTitle || !fromTitles)) self.ready.push(hit);
        else if (hit) self.others.push(names[at]);
        else self.total -= 1;
      });
      if (self.others.length > before) self.others.sort(newestFirst);
      self.fill(wanted, done);
    });
  };

  // Names of texts, the newest first; documents without a date come last.
  function newestFirst(a, b) {
    var one = a.split("/t");
    var other = b.split("/t");
    return other[0] - one[0] || other[1] - one[1];
  }

  Hits.prototype.take = function (done) {
    var self = this;
    // A few candidates are all looked into at once, so that their number is right from the start.
    var left = self.titles.length + self.others.length;
    self.fill(left <= CERTAIN ? left + self.ready.length : PAGE, function () {
      done(self.ready.splice(0, PAGE));
    });
  };

  Hits.prototype.isCounted = function () {
    return this.query.isPlain || (!this.titles.length && !this.others.length);
  };

  // ---- What the reader sees ----

  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  // Adds a stretch of a text to a node, with the words in it marked.
  function addMarked(node, text, folded, words, start, end) {
    var at = start;
    while (at < end) {
      var next = -1;
      var length = 0;
      words.forEach(function (word) {
        var found = folded.text.indexOf(word, at);
        if (found >= 0 && found < end && (next < 0 || found < next || (found === next && word.length > length))) {
          next = found;
          length = word.length;
        }
      });
      var until = next < 0 ? end : next;
      if (until > at) node.appendChild(document.createTextNode(text.slice(folded.from[at], folded.from[until])));
      if (next < 0) return;
      node.appendChild(element("mark", "", text.slice(folded.from[next], folded.from[next + length])));
      at = next + length;
    }
  }

  // The words in their surroundings; the beginning of the text when only the title has them.
  function addContext(node, hit, words) {
    var places = words.map(function (word) { return hit.folded.text.indexOf(word); }).filter(function (at) { return at >= 0; });
    places.sort(function (a, b) { return a - b; });
    var last = -1;
    var count = 0;
    (places.length ? places : [0]).forEach(function (place) {
      if (place < last || count === 2) return;
      var start = Math.max(0, place - SNIPPET);
      var end = Math.min(hit.folded.text.length, place + 2 * SNIPPET);
      if (count || start) node.appendChild(document.createTextNode("…"));
      addMarked(node, hit.body.replace(/\n/g, " "), hit.folded, words, Math.max(start, last), end);
      last = end;
      count += 1;
    });
    if (last < hit.folded.text.length) node.appendChild(document.createTextNode("…"));
  }

  function show(hit, words) {
    var item = element("li", "hit");
    var heading = element("h2", "hit-title");
    var link = element("a");
    link.href = top + hit.url.replace(/^\//, "") + (isFolder ? "index.html" : "");
    addMarked(link, hit.title, hit.foldedTitle, words, 0, hit.foldedTitle.text.length);
    heading.appendChild(link);
    item.appendChild(heading);
    var text = element("p", "hit-text");
    addContext(text, hit, words);
    item.appendChild(text);
    var facts = element("p", "hit-facts");
    facts.appendChild(element("span", "", list.getAttribute("data-" + hit.kind) || hit.kind));
    if (hit.date) {
      var time = element("time", "", hit.date);
      time.setAttribute("datetime", hit.date);
      facts.appendChild(time);
    }
    item.appendChild(facts);
    list.appendChild(item);
    return link;
  }

  function say(key, count) {
    status.textContent = (status.getAttribute("data-" + key) || "").replace("{}", count);
  }

  var turn = 0;

  function showMore(hits, mine, isFirst) {
    more.hidden = true;
    hits.take(function (some) {
      if (mine !== turn) return;
      var links = some.map(function (hit) { return show(hit, hits.query.words); });
      if (!hits.total || (isFirst && !some.length)) say("none");
      else say(hits.isCounted() ? "count" : "about", hits.total);
      more.hidden = hits.isDone();
      more.onclick = function () { showMore(hits, mine, false); };
      if (!isFirst && links.length) links[0].focus();
      form.removeAttribute("aria-busy");
      list.setAttribute("data-state", hits.isDone() ? "whole" : "part");
    });
  }

  function search() {
    var mine = ++turn;
    var query = understand(input.value);
    var kind = form.elements.kind.value;
    var topic = form.elements.topic.value;
    query.facets = (kind ? ["k:" + kind] : []).concat(topic ? ["t:" + topic] : []);
    query.year = Number(form.elements.year.value) || 0;
    list.textContent = "";
    list.setAttribute("data-state", "none");
    more.hidden = true;
    var isEmpty = !query.terms.length && !query.facets.length;
    browse.hidden = !isEmpty;
    if (isEmpty) {
      say(input.value.trim() ? "none" : "start");
      return;
    }
    form.setAttribute("aria-busy", "true");
    say("busy");
    candidates(query, function (found) {
      if (mine !== turn) return;
      if (!found) {
        form.removeAttribute("aria-busy");
        say("failed");
        return;
      }
      showMore(new Hits(query, found), mine, true);
    });
  }

  // ---- The form and the address ----

  function fromAddress() {
    location.search.replace(/[?&]([^=&]+)=([^&]*)/g, function (_, name, value) {
      var field = form.elements[name];
      if (!field) return;
      try {
        field.value = decodeURIComponent(value.replace(/\+/g, " "));
      } catch (malformed) {
        field.value = "";
      }
    });
  }

  function toAddress() {
    var parts = ["q", "kind", "topic", "year"].map(function (name) {
      var value = form.elements[name].value;
      return value ? name + "=" + encodeURIComponent(value) : "";
    }).filter(Boolean);
    try {
      history.pushState(null, "", location.pathname + (parts.length ? "?" + parts.join("&") : ""));
    } catch (refused) {
      // From a folder on disk the address stays as it is.
    }
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    toAddress();
    search();
  });
  ["kind", "topic", "year"].forEach(function (name) {
    form.elements[name].addEventListener("change", function () {
      toAddress();
      search();
    });
  });
  window.addEventListener("popstate", function () {
    form.reset();
    fromAddress();
    search();
  });
  fromAddress();
  search();
})();
