// What hands do to the map: a mouse, one finger or two, a wheel, keys and buttons move it, zoom it and open what is on it.

const STILL = 6; // pixels that a click may slip
const STEP = 60; // pixels that the map moves for an arrow
const GLIDE = 160; // milliseconds of a zoom by button or key
const EDGE = 40; // pixels: whoever walks nearer to it takes the map along
const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

class Hands {
  constructor(map) {
    this.map = map;
    this.fingers = new Map(); // where each one is
    const listen = (name, heard) => map.area.addEventListener(name, (event) => { if (map.plane) heard(event); }, { passive: false });
    listen("pointerdown", (event) => this.down(event));
    listen("pointermove", (event) => this.move(event));
    listen("pointerup", (event) => this.up(event));
    listen("pointercancel", ({ pointerId }) => this.fingers.delete(pointerId));
    listen("pointerleave", ({ pointerType }) => { // a finger that is lifted has left, too
      if (pointerType !== "touch" && !this.fingers.size) map.forget();
    });
    listen("wheel", (event) => this.wheel(event));
    listen("keydown", (event) => this.key(event));
    for (const button of map.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => this.zoomBy(Number(button.dataset.zoom)));
    }
  }

  at({ clientX, clientY }) {
    const { area } = this.map, box = area.getBoundingClientRect();
    return [clientX - box.left - area.clientLeft, clientY - box.top - area.clientTop];
  }

  down(event) {
    if (event.target.closest("button")) return;
    this.map.area.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, this.at(event));
    this.begun = this.fingers.size === 1 ? this.at(event) : undefined; // two fingers click nothing
  }

  move(event) {
    const now = this.at(event), before = this.fingers.get(event.pointerId);
    if (!before) {
      if (event.target.closest("button")) this.map.forget();
      else this.map.hover(...now);
      return;
    }
    const far = (one, other) => Math.hypot(one[0] - other[0], one[1] - other[1]);
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (!other && this.begun && far(now, this.begun) < STILL) return;
    this.begun = undefined;
    if (other) {
      const times = far(now, other) / far(before, other) || 1;
      const { plane } = this.map;
      plane.view = plane.zoomed(times, (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    }
    const share = other ? 0.5 : 1; // each of two fingers moves the middle between them by half
    this.map.pan((before[0] - now[0]) * share, (before[1] - now[1]) * share);
    this.fingers.set(event.pointerId, now);
  }

  up(event) {
    if (!this.fingers.delete(event.pointerId) || !this.begun) return;
    const had = this.map.meant;
    this.map.hover(...this.at(event));
    const { meant } = this.map;
    this.begun = undefined;
    if (meant === -1) return;
    if (event.pointerType !== "touch" || meant === had) this.map.open(meant); // a finger shows first, then opens
  }

  wheel(event) {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    const times = Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0016));
    const { plane } = this.map;
    plane.view = plane.zoomed(times, ...this.at(event));
    this.map.forget();
    this.map.draw();
  }

  key(event) {
    const { map } = this, arrow = ARROWS[event.key];
    if (event.target !== map.area || event.ctrlKey || event.metaKey || event.altKey) return;
    if (arrow && event.shiftKey) map.pan(arrow[0] * STEP, arrow[1] * STEP);
    else if (arrow) this.walk(arrow);
    else if (event.key === "Enter" && map.point >= 0) map.open(map.point);
    else if (event.key === "+" || event.key === "=") this.zoomBy(2);
    else if (event.key === "-") this.zoomBy(0.5);
    else if (event.key === "0") this.zoomBy(0);
    else if (event.key === "Escape") map.forget();
    else return;
    event.preventDefault();
  }

  // To the next point that way, beginning in the middle.
  walk(arrow) {
    const { plane, point } = this.map, [width, height] = plane.size;
    const to = point < 0 ? plane.nearest(width / 2, height / 2, width + height) : plane.towards(point, arrow);
    if (to < 0) return;
    const [left, top] = plane.toScreen(...plane.place(to));
    const isInside = left > EDGE && top > EDGE && left < width - EDGE && top < height - EDGE;
    if (!isInside) [plane.view.x, plane.view.y] = plane.place(to);
    this.map.say(to);
  }

  zoomBy(times) {
    const { plane } = this.map;
    if (!plane) return;
    const from = plane.view;
    if (times) plane.view = plane.zoomed(times);
    else plane.home();
    this.map.forget();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) this.map.draw();
    else this.glide(from, plane.view);
  }

  glide(from, to) {
    const { plane } = this.map, begun = performance.now();
    let now = plane.view = { ...from };
    const step = (time) => {
      if (plane.view !== now) return; // a hand has moved the map meanwhile
      const share = Math.min(1, Math.max(0, (time - begun) / GLIDE));
      const between = (axis) => from[axis] + (to[axis] - from[axis]) * share;
      const scale = from.scale * (to.scale / from.scale) ** share;
      now = plane.view = share < 1 ? { x: between("x"), y: between("y"), scale } : to;
      this.map.paint();
      if (share < 1) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }
}

