// Tools of the portal: text size, large print, printing, reading aloud, the moving row of slogans, the notice before
// leaving the site. Every page is complete without them.
(function () {
  "use strict";

  var root = document.documentElement;

  function each(selector, act) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), act);
  }

  function remember(key, value) {
    try {
      if (value) localStorage.setItem(key, value);
      else localStorage.removeItem(key);
    } catch (refused) {
      // The choice then lasts as long as the page.
    }
  }

  // A button whose label says what pressing it does; the other label is in data-on.
  function setLabel(button, on) {
    if (!button.dataset.off) button.dataset.off = button.textContent;
    button.textContent = on ? button.dataset.on : button.dataset.off;
  }

  // ---- Large print ----

  each("[data-tool=large]", function (button) {
    // Both labels are in the page and the style shows one, so the label is right before this script runs.
    button.addEventListener("click", function () {
      remember("large", root.classList.toggle("large") ? "on" : "");
    });
  });

  // ---- Menus below an entry: Escape closes them until the pointer or the focus has left ----

  each(".menu-parent", function (entry) {
    entry.addEventListener("keydown", function (event) {
      if (event.key !== "Escape") return;
      entry.classList.add("closed");
      entry.querySelector("a").focus();
    });
    entry.addEventListener("mouseleave", function () {
      entry.classList.remove("closed");
    });
    entry.addEventListener("focusout", function (event) {
      if (!entry.contains(event.relatedTarget)) entry.classList.remove("closed");
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    each(".menu-parent:hover", function (entry) {
      entry.classList.add("closed");
    });
  });

  // ---- Text size of articles ----

  function showSize(size) {
    root.classList.toggle("size-large", size === "large");
    root.classList.toggle("size-small", size === "small");
    each("[data-size]", function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.size === size));
    });
  }
  showSize(root.classList.contains("size-large") ? "large" : root.classList.contains("size-small") ? "small" : "medium");
  each("[data-size]", function (button) {
    button.addEventListener("click", function () {
      showSize(button.dataset.size);
      remember("size", button.dataset.size === "medium" ? "" : button.dataset.size);
    });
  });

  // ---- Printing ----

  each("[data-tool=print]", function (button) {
    button.addEventListener("click", function () {
      window.print();
    });
  });

  // ---- Reading aloud, by the voices of the device ----

  each("[data-tool=read]", function (button) {
    var synthesis = window.speechSynthesis;
    var body = document.querySelector("[data-read]");
    if (!synthesis || !window.SpeechSynthesisUtterance || !body) {
      button.hidden = true;
      return;
    }
    var reading = 0;

    function pieces() {
      var title = document.querySelector("h1");
      var parts = title ? [title.textContent] : [];
      Array.prototype.forEach.call(body.querySelectorAll("p, h2, h3, h4, li, dt, dd, th, td"), function (part) {
        if (!part.querySelector("p, li")) parts.push(part.textContent);
      });
      // Engines stop in the middle of long texts, so a piece is at most a few sentences.
      return (parts.join("\n").match(/[^。！？；\n]+[。！？；]?/g) || []).filter(function (part) {
        return part.trim();
      });
    }

    function stop() {
      reading += 1;
      synthesis.cancel();
      setLabel(button, false);
    }

    button.addEventListener("click", function () {
      if (synthesis.speaking || synthesis.pending) {
        stop();
        return;
      }
      var turn = ++reading;
      var queue = pieces();
      setLabel(button, true);
      (function next() {
        if (turn !== reading) return;
        if (!queue.length) {
          stop();
          return;
        }
        var words = new SpeechSynthesisUtterance(queue.shift());
        words.lang = root.lang || "zh-CN";
        words.onend = next;
        words.onerror = stop;
        synthesis.speak(words);
      })();
    });
    window.addEventListener("pagehide", stop);
  });

  // ---- The moving row of slogans ----

  each("[data-carousel]", function (band) {
    var reel = band.querySelector(".reel");
    var pause = band.querySelector("[data-pause]");
    // One slide stands still and has no buttons.
    if (!pause) return;
    var calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    var paused = calm.matches;
    var resting = false;

    function step(direction) {
      var item = reel.querySelector("li");
      var width = item.getBoundingClientRect().width + parseFloat(getComputedStyle(item.parentNode).columnGap || 0);
      var end = reel.scrollWidth - reel.clientWidth;
      var to = reel.scrollLeft + direction * width;
      if (to > end + width / 2) to = 0;
      else if (to < -width / 2) to = end;
      reel.scrollTo({ left: to, behavior: calm.matches ? "auto" : "smooth" });
    }

    function show() {
      setLabel(pause, paused);
    }

    Array.prototype.forEach.call(band.querySelectorAll("[data-step]"), function (button) {
      button.addEventListener("click", function () {
        step(Number(button.dataset.step));
      });
    });
    pause.addEventListener("click", function () {
      paused = !paused;
      show();
    });
    // Someone is reading or moving it by hand.
    ["mouseenter", "focusin", "touchstart"].forEach(function (name) {
      reel.addEventListener(name, function () {
        resting = true;
      }, { passive: true });
    });
    ["mouseleave", "focusout", "touchend"].forEach(function (name) {
      reel.addEventListener(name, function () {
        resting = false;
      }, { passive: true });
    });
    calm.addEventListener("change", function () {
      paused = calm.matches;
      show();
    });
    show();
    setInterval(function () {
      if (!paused && !resting && !document.hidden) step(1);
    }, 5000);
  });

  // ---- Tables wider than the page scroll inside, by keyboard too ----

  each(".prose table", function (table) {
    if (table.parentNode.classList.contains("scroll")) return;
    var frame = document.createElement("div");
    frame.className = "scroll";
    table.parentNode.insertBefore(frame, table);
    frame.appendChild(table);
    function fit() {
      if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0;
      else frame.removeAttribute("tabindex");
    }
    fit();
    window.addEventListener("resize", fit);
  });

  // ---- A notice before leaving ----

  var leave = document.getElementById("leave");
  if (leave && leave.showModal) {
    var target = null;
    document.addEventListener("click", function (event) {
      var link = event.target.closest ? event.target.closest("a.external") : null;
      if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
      // Other government sites need no notice.
      if (link.hostname === location.hostname || /(^|\.)gov\.cn$/.test(link.hostname)) return;
      event.preventDefault();
      target = link;
      leave.querySelector("[data-address]").textContent = link.href;
      leave.returnValue = "";
      leave.showModal();
    });
    leave.addEventListener("close", function () {
      if (leave.returnValue === "go" && target) location.href = target.href;
      else if (target) target.focus();
      target = null;
    });
  }
})();
