// Add posts: sends the form, and shows the progress until the posts are indexed.

const status = () => document.getElementById("pq-add-status");
const pause = () => new Promise((done) => { setTimeout(done, 300); });

async function send(form) {
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    status().textContent = "Sending …";
    const reply = await fetch("page/add", { method: "POST", body: new FormData(form) });
    if (reply.ok) {
      await follow();
      form.reset();
    } else {
      status().textContent = (await reply.json()).error;
      status().classList.add("pq-error");
    }
  } catch {
    status().textContent = "The posts could not be sent. Is the server still running, and are they small enough?";
  }
  button.disabled = false;
}

async function follow() {
  for (;;) {
    const reply = await fetch("page/add");
    if (!reply.ok) throw new Error(reply.statusText);
    status().innerHTML = await reply.text(); // the server has escaped what it quotes
    if (!status().querySelector("[data-running]")) break;
    await pause();
  }
  document.dispatchEvent(new CustomEvent("pq-index-changed"));
}

document.addEventListener("submit", (event) => {
  if (event.target.id !== "pq-add-form") return;
  event.preventDefault();
  status().classList.remove("pq-error");
  send(event.target);
});
