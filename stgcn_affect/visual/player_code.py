"""CSS and JavaScript of the walk player; a page contains each once."""

PLAYER_STYLE = """
.walk-player { margin: 1rem 0; }
.walk-player figcaption { font-weight: 600; margin-bottom: .25rem; }
.walk-player .stage { display: grid; gap: .25rem; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); }
.walk-player .walk { text-align: center; font-size: .875rem; }
.walk-player canvas { display: block; width: 100%; height: auto; }
.walk-player .controls { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin-top: .5rem; }
.walk-player .controls label { display: inline-flex; gap: .4rem; align-items: center; font-size: .875rem; }
.walk-player button, .walk-player select { font: inherit; min-height: 2.5rem; padding: 0 .9rem; color: #222;
  background: #fff; border: 1px solid #666; border-radius: .3rem; }
.walk-player button { min-width: 6rem; }
.walk-player .scrub { flex: 1 1 14rem; }
.walk-player input[type=range] { flex: 1; min-width: 5rem; min-height: 2rem; }
.walk-player output { min-width: 3.2rem; text-align: right; font-variant-numeric: tabular-nums; }
.walk-player :focus-visible { outline: 3px solid #0072B2; outline-offset: 2px; }
.walk-player .legend { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; font-size: .875rem; }
.walk-player .legend i { display: inline-block; width: 10rem; height: .8rem; border: 1px solid #666;
  print-color-adjust: exact; -webkit-print-color-adjust: exact; }
@media print { .walk-player .controls { display: none; } .walk-player { break-inside: avoid; } }
"""

PLAYER_SCRIPT = """
"use strict";
(() => {
  const VIEWS = {"from the right": 90, "from the front right": 55, "from the front": 0, "from the left": -90};
  const INK = "#222222", PAPER = "#ffffff", PALE = "#d9d9d9";

  function make(tag, about, parent) {
    const node = Object.assign(document.createElement(tag), about);
    parent.append(node);
    return node;
  }

  function choice(words, options, chosen, parent) {
    const label = make("label", {textContent: words}, parent);
    const select = make("select", {}, label);
    for (const name of options) make("option", {textContent: name, value: name, selected: name === chosen}, select);
    return select;
  }

  function start(figure) {
    const data = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    const reach = {wide: 0, low: 0, high: 0};
    for (const walk of data.walks) {
      for (let i = 0; i < walk.path.length; i += 3) {
        reach.wide = Math.max(reach.wide, Math.hypot(walk.path[i], walk.path[i + 2]));
        reach.low = Math.min(reach.low, walk.path[i + 1]);
        reach.high = Math.max(reach.high, walk.path[i + 1]);
      }
    }
    const tall = 1.16 * (reach.high - reach.low), span = Math.max(2.2 * reach.wide, 0.62 * tall);
    const stage = figure.querySelector(".stage");
    for (const walk of data.walks) {
      const cell = make("div", {className: "walk"}, stage);
      walk.canvas = make("canvas", {}, cell);
      walk.canvas.setAttribute("role", "img");
      walk.canvas.setAttribute("aria-label", "a walking body: " + walk.name);
      make("div", {textContent: walk.name}, cell);
    }
    const mean = data.walks.reduce((sum, walk) => sum + walk.seconds, 0) / data.walks.length;
    const controls = figure.querySelector(".controls");
    const button = make("button", {type: "button", textContent: "Play"}, controls);
    const label = make("label", {className: "scrub", textContent: "Phase "}, controls);
    const scrub = make("input", {type: "range", min: 0, max: 100, step: 1, value: 0}, label);
    const shown = make("output", {textContent: "0 %"}, label);
    const speed = choice("Speed ", ["0.25", "0.5", "1", "2"], "1", controls);
    const view = choice("View ", Object.keys(VIEWS), "from the right", controls);
    const own = make("input", {type: "checkbox"}, make("label", {textContent: "own speed "}, controls));
    let seconds = 0, last = null, playing = false;

    function point(walk, frame, joint, turn) {
      const at = frame * data.joints, next = ((frame + 1) % data.frames) * data.joints, part = walk.part;
      const mix = (axis) =>
        walk.path[3 * (at + joint) + axis] * (1 - part) + walk.path[3 * (next + joint) + axis] * part;
      const x = mix(0), z = mix(2);
      return [Math.cos(turn) * x + Math.sin(turn) * z, mix(1), Math.cos(turn) * z - Math.sin(turn) * x];
    }

    function draw(walk) {
      const canvas = walk.canvas, sharp = window.devicePixelRatio || 1;
      const width = Math.round(Math.max(canvas.clientWidth, 80) * sharp), height = Math.round(width * tall / span);
      if (canvas.width !== width || canvas.height !== height) { canvas.width = width; canvas.height = height; }
      const pen = canvas.getContext("2d"), unit = width / span, turn = VIEWS[view.value] * Math.PI / 180;
      const phase = ((own.checked ? seconds / walk.seconds : seconds / mean) % 1) * data.frames;
      const frame = Math.floor(phase) % data.frames;
      walk.part = phase - Math.floor(phase);
      const place = (p) => [width / 2 + unit * p[0], height - unit * (p[1] - reach.low + 0.04 * tall)];
      const points = [...Array(data.joints).keys()].map((v) => point(walk, frame, v, turn));
      pen.fillStyle = PAPER;
      pen.fillRect(0, 0, width, height);
      const line = (from, to, colour, thick, dash) => {
        pen.strokeStyle = colour; pen.lineWidth = thick; pen.lineCap = dash.length ? "butt" : "round";
        pen.setLineDash(dash);
        pen.beginPath(); pen.moveTo(...from); pen.lineTo(...to); pen.stroke();
      };
      const disc = (at, radius, fill, stroke, thick) => {
        pen.setLineDash([]); pen.fillStyle = fill; pen.strokeStyle = stroke; pen.lineWidth = thick;
        pen.beginPath(); pen.arc(...at, radius, 0, 2 * Math.PI); pen.fill(); pen.stroke();
      };
      const ground = height - unit * 0.04 * tall, thick = Math.max(2, height / 90);
      line([0, ground], [width, ground], PALE, sharp, []);
      const near = (bone) => points[bone[0]][2] + points[bone[1]][2];
      for (const bone of [...data.bones].sort((a, b) => near(a) - near(b))) {
        const right = data.right[bone[1]];
        const dash = right ? [2.2 * thick, 1.1 * thick] : [];
        line(place(points[bone[0]]), place(points[bone[1]]), right ? walk.pale : walk.colour, thick, dash);
      }
      if (data.head.length) {
        const head = [0, 1].map((i) => data.head.reduce((sum, v) => sum + points[v][i], 0) / data.head.length);
        disc(place(head), 0.042 * unit * tall, PAPER, walk.colour, thick);
      }
      if (walk.level) {
        for (let v = 0; v < data.joints; v++) {
          const level = walk.level[frame * data.joints + v];
          disc(place(points[v]), 0.5 * 5.2 * thick * data.sizes[level], data.shades[level], INK, 0.3 * thick);
        }
      }
    }

    function show() {
      const phase = Math.round(100 * ((seconds / mean) % 1));
      scrub.value = phase;
      shown.textContent = phase + " %";
      scrub.setAttribute("aria-valuetext", phase + " per cent of the gait cycle");
      figure.dataset.phase = phase;
      data.walks.forEach(draw);
    }

    function step(now) {
      if (!playing) return;
      if (last !== null) seconds += Math.min(0.2, (now - last) / 1000) * Number(speed.value);
      last = now;
      show();
      requestAnimationFrame(step);
    }

    function play(on) {
      playing = on;
      last = null;
      button.textContent = on ? "Pause" : "Play";
      if (on) requestAnimationFrame(step);
    }

    button.addEventListener("click", () => play(!playing));
    scrub.addEventListener("input", () => { play(false); seconds = mean * Number(scrub.value) / 100; show(); });
    for (const control of [view, own]) control.addEventListener("change", show);
    window.addEventListener("resize", show);
    window.addEventListener("beforeprint", show);
    show();
  }

  document.querySelectorAll(".walk-player").forEach(start);
})();
"""
