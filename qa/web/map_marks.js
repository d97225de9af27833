// Questions on the map: gathered from the page (qa/web/marks.py) or told by the event `pq-map-marks`, placed by the
// server, drawn over the points. The event's detail is {name?, marks: [{kind, question, understood?, turn?, spots?}]};
// marks of one name replace the earlier ones of that name.

const SAID = { // beside a question in the list, and below it over the map
  question: ["answered", "Answered from the posts that are ringed."],
  refusal: ["refused", "The posts do not say; those are nearest that are ringed."],
  miss: ["missed", "Not found in the posts. Click to ask it."],
};
const AT_ONCE = 500; // questions that the server places for one request
const told = new Map(); // marks by the name they were told under

document.addEventListener("pq-map-marks", ({ detail }) => {
  told.set(detail.name ?? "", detail.marks ?? []);
  document.dispatchEvent(new CustomEvent("pq-map-changed"));
});

class Marks {
  constructor() {
    this.key = "[]";
    this.shown = [];
  }

  // Marks as they are in the page now; true where they are others than before.
  async gather(tag) {
    const written = [...document.querySelectorAll("pre.pq-marks")].flatMap((one) => JSON.parse(one.textContent));
    const all = [...written, ...[...told.values()].flat()].filter(({ question }) => typeof question === "string");
    const key = JSON.stringify([tag, all]);
    if (key === this.key) return false;
    this.key = key;
    const placed = [];
    for (let at = 0; at < all.length; at += AT_ONCE) placed.push(...await placesOf(all.slice(at, at + AT_ONCE)));
    if (key !== this.key) return false; // meanwhile there were others again
    const last = Math.max(0, ...all.map((mark) => mark.turn ?? 0));
    this.shown = all.map((mark, at) => ({
      ...mark, ...placed[at], isLast: mark.turn > 0 && mark.turn === last, spots: spotsOf(mark, placed[at].rows),
    }));
    return true;
  }

  // The mark nearest to a place of the window, the topmost first.
  nearest(plane, left, top, within) {
    return this.shown.findLast((mark) => {
      const [x, y] = plane.toScreen(mark.x, mark.y);
      return Math.hypot(x - left, y - top) <= within;
    });
  }

  draw(context, plane, colours, chosen) {
    const inOrder = [...this.shown].sort((a, b) => Number(a.isLast) - Number(b.isLast));
    const led = inOrder.filter((mark) => mark.isLast || mark === chosen);
    for (const mark of led) drawLines(context, plane, colours, mark);
    for (const mark of led) drawRings(context, plane, colours, mark);
    for (const mark of inOrder) {
      drawShape(context, plane.toScreen(mark.x, mark.y), mark.kind, mark.isLast || mark === chosen ? 9 : 6, colours);
    }
  }
}

async function placesOf(marks) {
  const questions = marks.map(({ question, understood, spots = [] }) => ({ text: understood || question, spots }));
  const reply = await fetch("page/place", {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ questions }),
  });
  if (!reply.ok) throw new Error(reply.statusText);
  return (await reply.json()).places;
}

// The passages of a question, each once: what was quoted from it goes before that it was found.
function spotsOf(mark, rows) {
  const spots = new Map();
  (mark.spots ?? []).forEach(({ number }, at) => {
    const row = rows[at];
    if (row === null) return;
    const numbers = spots.get(row) ?? [];
    if (number) numbers.push(number);
    spots.set(row, numbers);
  });
  return [...spots].map(([row, numbers]) => ({ row, numbers }));
}

function drawLines(context, plane, colours, mark) {
  const [x, y] = plane.toScreen(mark.x, mark.y);
  for (const { row, numbers } of mark.spots) {
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(...plane.toScreen(...plane.place(row)));
    context.globalAlpha = numbers.length ? 0.9 : 0.45;
    context.setLineDash(numbers.length ? [] : [3, 4]);
    context.lineWidth = numbers.length ? 1.8 : 1;
    context.strokeStyle = mark.kind === "question" ? colours.accent : colours.warn;
    context.stroke();
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
}

function drawRings(context, plane, colours, mark) {
  const colour = mark.kind === "question" ? colours.accent : colours.warn;
  for (const { row, numbers } of mark.spots) {
    const [x, y] = plane.toScreen(...plane.place(row));
    const radius = plane.radius() + (numbers.length ? 5 : 3);
    for (const [width, stroke] of [[numbers.length ? 5 : 3, colours.card], [numbers.length ? 2.4 : 1.2, colour]]) {
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.lineWidth = width;
      context.strokeStyle = stroke;
      context.stroke();
    }
    if (numbers.length) drawNumber(context, numbers.join(", "), x + radius + 3, y - radius - 3, colours);
  }
}

function drawNumber(context, text, x, y, colours) {
  context.font = "600 12px system-ui, sans-serif";
  const width = context.measureText(text).width + 10;
  context.beginPath();
  context.roundRect(x, y - 9, width, 18, 6);
  context.fillStyle = colours.card;
  context.strokeStyle = colours.accent;
  context.lineWidth = 1.2;
  context.fill();
  context.stroke();
  context.fillStyle = colours.ink;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, x + width / 2, y + 0.5);
}

// A disc for a question that was answered, a hollow diamond for a refusal, a hollow triangle for a miss.
function drawShape(context, [x, y], kind, size, colours) {
  const isFilled = kind === "question";
  context.beginPath();
  if (kind === "question") context.arc(x, y, size, 0, 2 * Math.PI);
  else {
    const corners = kind === "refusal" ? [[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]]
      : [[0, -1.2], [1.15, 0.85], [-1.15, 0.85]];
    corners.forEach(([right, down], at) => {
      context[at ? "lineTo" : "moveTo"](x + right * size, y + down * size);
    });
    context.closePath();
  }
  context.lineJoin = "round";
  context.lineWidth = 5;
  context.strokeStyle = colours.card;
  context.stroke();
  context.fillStyle = isFilled ? colours.accent : colours.card;
  context.fill();
  context.lineWidth = 2.2;
  context.strokeStyle = isFilled ? colours.accent : colours.warn;
  context.stroke();
  if (size < 8) return;
  context.font = `700 ${isFilled ? 12 : 11}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = isFilled ? colours.onAccent : colours.warn;
  context.fillText(kind === "question" ? "?" : kind === "refusal" ? "–" : "!", x, y + 1);
}
