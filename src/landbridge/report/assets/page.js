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
  function mapOf(key) {
    const maps = data.maps, block = maps.blocks[key], lines = maps.lines;
    const theme = dark() ? "dark" : "light";
    const load = lines.loads[chosen()] || lines.loads[Object.keys(lines.loads)[0]];
    const base = lines.loads[lines.baseline] || load;
    const values = block.kind === "load" ? load : load.map((value, k) => value - base[k]);
    const traces = maps.steps[theme][block.kind].map((step) => {
      const x = [], y = [], text = [];
      values.forEach((value, row) => {
        if (Math.abs(value) < 500 || value <= step.low || value > step.high) return;
        const hover = `${lines.names[row]}<br>${Math.round(value).toLocaleString("en")} TEU a year`;
        for (let p = lines.start[row]; p < lines.start[row + 1]; p++) {
          const hidden = lines.x[p] === 99999;
          x.push(hidden ? null : lines.x[p] / 1000); y.push(hidden ? null : lines.y[p] / 1000); text.push(hover);
        }
        x.push(null); y.push(null); text.push("");
      });
      return { type: "scatter", mode: "lines", x, y, text, hoverinfo: "text", name: step.label, showlegend: x.length > 0, line: { width: step.width, color: step.colour } };
    });
    const inks = maps.inks[theme], [grid, land] = maps.ground;
    const under = [
      Object.assign({}, grid, { line: { width: 0.5, color: inks.grid } }),
      Object.assign({}, land, { fillcolor: inks.land }),
    ];
    return { data: under.concat(traces, [block.spots]), layout: maps.layout[theme] };
  }
  function figureOf(key) {
    if (data.maps.blocks && data.maps.blocks[key]) return mapOf(key);
    const all = data.figures[key];
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
    if (node.classList.contains("map") && node.clientWidth < 560) layout.height = Math.min(layout.height, 380);
    node.style.height = `${layout.height}px`;
    Plotly.react(node, figure.data, layout, { responsive: true, displaylogo: false, scrollZoom: false, modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"] });
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
