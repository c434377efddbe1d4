// Runs before the first paint, so that a remembered choice does not move the page afterwards.
(function () {
  var root = document.documentElement;
  root.classList.add("script");
  try {
    if (localStorage.getItem("large") === "on") root.classList.add("large");
    var size = localStorage.getItem("size");
    if (size === "large" || size === "small") root.classList.add("size-" + size);
  } catch (refused) {
    // Storage may be forbidden; the page then opens as it is.
  }
})();
