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
