"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const chooser = document.getElementById("scenario");
  const root = document.documentElement;
  const drawn = new Set();
  const dark = () => root.dataset.theme === "dark";
  const ink = () => (dark() ? { text: "#e8edf2", faint: "#a3afbb", grid: "#3a4653", sea: "#151b22", paper: "#1a2129" }
                            : { text: "#1d2733", faint: "#55616e", grid: "#d9dee3", sea: "#f7fafc", paper: "#ffffff" });
  const chosen = () => (chooser ? chooser.value : "");
  function figureOf(key) {
    const all = data.figures[key].by_scenario;
    return all[""] || all[chosen()] || all[Object.keys(all)[0]];
  }
  function draw(node) {
    const key = node.dataset.figure;
    const figure = figureOf(key);
    if (!figure) return;
    const colours = ink();
    const layout = structuredClone(figure.layout);
    layout.font = Object.assign({}, layout.font, { color: colours.text });
    layout.hoverlabel = { bgcolor: colours.paper, font: { color: colours.text }, align: "left" };
    for (const axis of Object.keys(layout).filter((name) => /^[xy]axis/.test(name))) {
      Object.assign(layout[axis], { gridcolor: colours.grid, zerolinecolor: colours.faint });
      layout[axis].tickfont = Object.assign({}, layout[axis].tickfont, { color: colours.text });
    }
    let traces = figure.data;
    if (data.figures[key].on_map) {
      traces = data.ground[dark() ? "dark" : "light"].concat(traces);
      layout.plot_bgcolor = colours.sea;
      if (node.clientWidth < 560) layout.height = Math.min(layout.height, 420);
    }
    Plotly.react(node, traces, layout, { responsive: true, displaylogo: false, scrollZoom: false, modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"] });
    drawn.add(node);
  }
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) { watcher.unobserve(entry.target); draw(entry.target); }
  }, { rootMargin: "400px" });
  function show() {
    for (const node of document.querySelectorAll("[data-scenario]")) node.hidden = node.dataset.scenario !== chosen();
    for (const node of drawn) draw(node);
  }
  for (const node of document.querySelectorAll("[data-figure]")) watcher.observe(node);
  if (chooser) {
    const wanted = new URLSearchParams(location.hash.slice(1)).get("scenario");
    if (wanted && [...chooser.options].some((option) => option.value === wanted)) chooser.value = wanted;
    chooser.addEventListener("change", show);
  }
  document.getElementById("theme").addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    for (const node of drawn) draw(node);
  });
  addEventListener("beforeprint", () => {
    root.dataset.theme = "light";
    for (const node of document.querySelectorAll("[data-figure]")) draw(node);
  });
  show();
})();
