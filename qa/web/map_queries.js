// Queries on the map: gathered from the page (qa/web/map_queries.py) or given by the event `pq-show-queries`, located
// by the server, drawn over the points. The event's detail is {name?, queries: [{kind, question, understood?, turn?,
// spots?}]}; queries of one name replace the earlier ones of that name.

const KIND_LABELS = { // beside a query in the list, and in its tooltip
  question: ["answered", "Answered from the ringed passages."],
  refusal: ["refused", "The posts do not say; the ringed passages are nearest."],
  miss: ["missed", "Not found in the posts. Click to ask it."],
};
const BATCH = 500; // questions that the server locates for one request
const given = new Map(); // queries by the name they were given under

document.addEventListener("pq-show-queries", ({ detail }) => {
  given.set(detail.name ?? "", detail.queries ?? []);
  document.dispatchEvent(new CustomEvent("pq-map-changed"));
});

class MapQueries {
  constructor() {
    this.key = "[]";
    this.shown = [];
  }

  // Collect the queries of the page; true where they have changed.
  async gather(tag) {
    const written = [...document.querySelectorAll("pre.pq-map-queries")].flatMap((element) => JSON.parse(element.textContent));
    const all = [...written, ...[...given.values()].flat()].filter(({ question }) => typeof question === "string");
    const key = JSON.stringify([tag, all]);
    if (key === this.key) return false;
    this.key = key;
    const located = [];
    for (let at = 0; at < all.length; at += BATCH) located.push(...await locate(all.slice(at, at + BATCH)));
    if (key !== this.key) return false; // they have changed meanwhile
    const last = Math.max(0, ...all.map((query) => query.turn ?? 0));
    this.shown = all.map((query, at) => ({
      ...query, ...located[at], isLast: query.turn > 0 && query.turn === last, spots: spotsOf(query, located[at].rows),
    }));
    return true;
  }

  // The topmost query within so many pixels of a position of the window.
  nearest(plane, left, top, within) {
    return this.shown.findLast((query) => {
      const [x, y] = plane.toScreen(query.x, query.y);
      return Math.hypot(x - left, y - top) <= within;
    });
  }

  draw(context, plane, colours, chosen) {
    const inOrder = [...this.shown].sort((a, b) => Number(a.isLast) - Number(b.isLast));
    const emphasised = inOrder.filter((query) => query.isLast || query === chosen);
    for (const query of emphasised) drawLines(context, plane, colours, query);
    for (const query of emphasised) drawRings(context, plane, colours, query);
    for (const query of inOrder) {
      drawShape(context, plane.toScreen(query.x, query.y), query.kind, query.isLast || query === chosen ? 9 : 6, colours);
    }
  }
}

async function locate(queries) {
  const questions = queries.map(({ question, understood, spots = [] }) => ({ text: understood || question, spots }));
  const reply = await fetch("page/map/locate", {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ questions }),
  });
  if (!reply.ok) throw new Error(reply.statusText);
  return (await reply.json()).points;
}

// The passages of a query, each once, with the numbers of the quotes from it.
function spotsOf(query, rows) {
  const spots = new Map();
  (query.spots ?? []).forEach(({ number }, at) => {
    const row = rows[at];
    if (row === null) return;
    const numbers = spots.get(row) ?? [];
    if (number) numbers.push(number);
    spots.set(row, numbers);
  });
  return [...spots].map(([row, numbers]) => ({ row, numbers }));
}

function drawLines(context, plane, colours, query) {
  const [x, y] = plane.toScreen(query.x, query.y);
  for (const { row, numbers } of query.spots) {
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(...plane.toScreen(...plane.position(row)));
    context.globalAlpha = numbers.length ? 0.9 : 0.45;
    context.setLineDash(numbers.length ? [] : [3, 4]);
    context.lineWidth = numbers.length ? 1.8 : 1;
    context.strokeStyle = query.kind === "question" ? colours.accent : colours.warn;
    context.stroke();
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
}

function drawRings(context, plane, colours, query) {
  const colour = query.kind === "question" ? colours.accent : colours.warn;
  for (const { row, numbers } of query.spots) {
    const [x, y] = plane.toScreen(...plane.position(row));
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

// A disc for an answered question, a hollow diamond for a refusal, a hollow triangle for a miss.
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
