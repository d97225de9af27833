// Add posts: sends the form, and follows what becomes of it until it is done.

const said = () => document.getElementById("pq-add-said");
const rest = () => new Promise((done) => { setTimeout(done, 300); });

async function send(form) {
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    said().textContent = "Sending …";
    const reply = await fetch("page/add", { method: "POST", body: new FormData(form) });
    if (reply.ok) {
      await follow();
      form.reset();
    } else {
      said().textContent = (await reply.json()).error;
      said().classList.add("pq-refused");
    }
  } catch {
    said().textContent = "The posts could not be sent. Is the server still running, and are they small enough?";
  }
  button.disabled = false;
}

async function follow() {
  for (;;) {
    const reply = await fetch("page/add");
    if (!reply.ok) throw new Error(reply.statusText);
    said().innerHTML = await reply.text(); // the server has made strangers' words inert
    if (!said().querySelector("[data-running]")) return;
    await rest();
  }
}

document.addEventListener("submit", (event) => {
  if (event.target.id !== "pq-add-form") return;
  event.preventDefault();
  said().classList.remove("pq-refused");
  send(event.target);
});
