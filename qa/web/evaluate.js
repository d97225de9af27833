// Evaluate: shows a run's report, offers what it missed to the map, and reads a gold file without sending it.

const place = () => document.getElementById("pq-report");

async function show({ run, baseline }) {
  if (!place() || !run) return;
  place().setAttribute("aria-busy", "true");
  try {
    const reply = await fetch(`page/evaluation?${new URLSearchParams({ run, baseline: baseline ?? "" })}`);
    if (![200, 404].includes(reply.status)) throw new Error(reply.statusText);
    place().innerHTML = await reply.text(); // the server has made strangers' words inert
  } catch {
    place().textContent = "The run cannot be read now. Is the server still running?";
  }
  place().removeAttribute("aria-busy");
  const marks = document.getElementById("pq-report-marks")?.textContent ?? "[]";
  document.dispatchEvent(new CustomEvent("pq-map-marks", { detail: { marks: JSON.parse(marks) } }));
}

document.addEventListener("pq-evaluation", ({ detail }) => show(detail));

// A file is put into the field as if it had been pasted; its questions go out only when they are run.
document.addEventListener("change", async ({ target }) => {
  if (target.id !== "pq-gold-file" || !target.files.length) return;
  const [file] = target.files;
  const field = document.querySelector("#pq-gold-text textarea");
  const said = document.getElementById("pq-gold-said");
  if (file.size > Number(field.maxLength)) {
    said.textContent = "The file is too large for the page; evaluate it with qa eval.";
    return;
  }
  field.value = await file.text();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  said.textContent = `${file.name} stands above.`;
});
