// What only a browser can do: remember the theme, copy an address, save the map as a picture, keys for undo and redo.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.landbridge = {
  theme: function (clicks, now) {
    const next = clicks ? (now === "dark" ? "light" : "dark") : now || "light";
    document.documentElement.setAttribute("data-lb-theme", next);
    return [clicks ? next : window.dash_clientside.no_update, next];
  },
  language: function (chosen, now) {
    if (!chosen || chosen === now) return window.dash_clientside.no_update;
    document.cookie = "lb-language=" + encodeURIComponent(chosen) + "; SameSite=Strict; path=/; max-age=31536000";
    window.location.reload();
    return window.dash_clientside.no_update;
  },
  share: function (clicks) {
    if (!clicks) return window.dash_clientside.no_update;
    navigator.clipboard && navigator.clipboard.writeText(window.location.href);
    const button = document.getElementById("share");
    button.classList.add("lb-done");
    window.setTimeout(function () { button.classList.remove("lb-done"); }, 1200);
    return window.dash_clientside.no_update;
  },
  picture: function (clicks, format) {
    if (!clicks) return window.dash_clientside.no_update;
    const graph = document.querySelector("#map .js-plotly-plot");
    window.Plotly.downloadImage(graph, { format: format, width: 1400, height: 900, scale: 2, filename: "landbridge-map" });
    return window.dash_clientside.no_update;
  },
  // Years: pictures are all here when playing begins; the server is not asked again.
  play: function (film, clicks, ends, now) {
    const none = window.dash_clientside.no_update, context = window.dash_clientside.callback_context;
    const cause = (context.triggered[0] || {}).prop_id || "", button = document.getElementById("year-play");
    const stop = function () { window.clearInterval(window.lbPlaying); window.lbPlaying = null; if (button) button.textContent = "▶"; };
    if (cause.startsWith("year-end")) { stop(); return [true, true]; }
    if (!film || !clicks) return [none, none];
    if (window.lbPlaying) { stop(); return [false, false]; }
    const years = film.years.map(function (one) { return one[0]; });
    let at = years.indexOf(now);
    const still = at === years.length - 1 || cause.startsWith("film") ? 0 : at;
    at = still;
    window.dash_clientside.set_props("year", { value: years[at] });
    button.textContent = "❚❚";
    const pace = window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 4000 : 1600;
    window.lbPlaying = window.setInterval(function () {
      at += 1;
      if (at >= years.length) { stop(); return; }
      window.dash_clientside.set_props("year", { value: years[at] });
      if (at === years.length - 1) stop();
    }, pace);
    return [false, false];
  },
  year: function (year, film, figure) {
    const none = window.dash_clientside.no_update;
    const one = film && film.years.find(function (each) { return each[0] === year; });
    if (!one || !figure) return [none, none, none, none];
    const traces = film.frames[one[1]], data = figure.data.slice();
    traces.forEach(function (trace, k) { data[2 + k] = trace; });
    return [Object.assign({}, figure, { data: data }), null, one[2], String(year)];
  },
  svg: function (clicks) { return window.dash_clientside.landbridge.picture(clicks, "svg"); },
  png: function (clicks) { return window.dash_clientside.landbridge.picture(clicks, "png"); },
};
document.addEventListener("keydown", function (event) {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type === "text";
  if (typing || !(event.ctrlKey || event.metaKey)) return;
  const key = event.key.toLowerCase();
  const undo = key === "z" && !event.shiftKey, redo = key === "y" || (key === "z" && event.shiftKey);
  if (undo || redo) {
    event.preventDefault();
    document.getElementById(undo ? "undo" : "redo").click();
  }
});

// One box for all hints: on elements with data-hint, and on table cells whose text is a key of data-hints.
(function () {
  let box = null;
  function words(target) {
    if (!(target instanceof Element)) return null;
    const own = target.closest("[data-hint]");
    if (own) return [own, own.getAttribute("data-hint")];
    const cell = target.closest("td, th"), all = cell && cell.closest("[data-hints]");
    if (!all) return null;
    const found = JSON.parse(all.getAttribute("data-hints"))[cell.textContent];
    return found ? [cell, found] : null;
  }
  let told = null;
  function hide() {
    if (box) { box.remove(); box = null; }
    if (told) { told.removeAttribute("aria-describedby"); told = null; }
  }
  function show(event) {
    const found = words(event.target);
    hide();
    if (!found) return;
    box = document.createElement("div");
    box.id = "lb-hint";
    box.setAttribute("role", "tooltip");
    box.textContent = found[1];
    document.body.appendChild(box);
    if (event.type === "focusin") { told = event.target; told.setAttribute("aria-describedby", "lb-hint"); }
    const at = found[0].getBoundingClientRect(), size = box.getBoundingClientRect();
    const below = at.bottom + size.height + 8 < window.innerHeight;
    box.style.left = Math.max(4, Math.min(at.left, window.innerWidth - size.width - 4)) + "px";
    box.style.top = Math.max(4, below ? at.bottom + 6 : at.top - size.height - 6) + "px";
  }
  document.addEventListener("mouseover", show);
  document.addEventListener("focusin", show);
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") hide();
    const region = event.target.closest && event.target.closest("[data-hints]");
    if (!region || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    const all = JSON.parse(region.getAttribute("data-hints"));
    const cells = Array.from(region.querySelectorAll("td, th")).filter(function (cell) { return all[cell.textContent]; });
    const next = cells.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1);
    if (!cells.length || next >= cells.length) return;
    event.preventDefault();
    const to = next < 0 ? region : cells[next];
    if (next >= 0) to.tabIndex = -1;
    to.focus();
  });
  window.addEventListener("scroll", hide, true);
})();

document.addEventListener("click", function (event) {
  document.querySelectorAll("details.lb-menu[open]").forEach(function (menu) {
    if (!menu.contains(event.target) || event.target.tagName === "BUTTON") menu.removeAttribute("open");
  });
});
