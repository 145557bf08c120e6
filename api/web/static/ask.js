// Asking without loading a new page: the answer comes as it is made, at its own address. Without this script every
// form works as it stands. All HTML that is put in here was made by our own server.

import { announce, element, focusOn, message } from "./ask_page.js";
import { improve } from "./ask_tools.js";

const EVENTS = "text/event-stream";
const OFFLINE = "Er is geen verbinding met de server. Je vraag staat er nog. Kijk of je internet hebt en probeer het opnieuw.";
const BROKEN = "De verbinding brak af. Je vraag staat er nog. Probeer het opnieuw.";
const TRIES = 4; // times that is asked for examples, which the server may still be making
const main = document.querySelector("main");
let asking = null;
let shown = location.pathname;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("form[data-ask]")) {
    event.preventDefault();
    if (!asking) ask(form, event.submitter);
  } else if (form.matches("form[data-feedback]")) {
    event.preventDefault();
    if (!form.hasAttribute("aria-busy")) tell(form, event.submitter);
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") asking?.abort();
});
// What was put in the history has an address of its own, which the server knows best how to show. Another place on the
// same page is no reason to load it again.
window.addEventListener("popstate", () => {
  if (location.pathname !== shown) location.reload();
});

async function ask(form, submitter) {
  const data = new FormData(form, submitter);
  // What is empty the server explains at the field, on a page of its own.
  if (!String(data.get("vraag") ?? "").trim()) return void form.submit();
  asking = new AbortController();
  const panel = working(form, submitter, String(data.get("vraag")));
  try {
    await read(await post(form, data, EVENTS, asking.signal), panel);
  } catch (error) {
    panel.remove();
    if (error.name === "AbortError") {
      announce("Gestopt.");
      focusOn(form.querySelector("textarea") ?? submitter);
    } else {
      fail(form, error.problem ?? (navigator.onLine ? BROKEN : OFFLINE));
    }
  } finally {
    asking = null;
    form.removeAttribute("aria-busy");
  }
}

function post(form, data, accept, signal) {
  return fetch(form.action, { method: "POST", body: new URLSearchParams(data), headers: { Accept: accept }, signal });
}

// The place where the answer grows, with a button that puts an end to it.
function working(form, submitter, question) {
  form.setAttribute("aria-busy", "true");
  document.querySelector(".va-working")?.remove();
  main.querySelectorAll("[data-problem]").forEach((one) => one.remove());
  const stop = element("button", "utrecht-button utrecht-button--secondary-action", "Stop");
  stop.type = "button";
  stop.addEventListener("click", () => asking?.abort());
  const panel = element("section", "va-working");
  panel.append(
    element("p", "utrecht-paragraph va-working__status", "Ik zoek in de documenten…"),
    element("p", "utrecht-paragraph va-working__question", question),
    element("div", "va-working__statements"),
    stop,
  );
  form.after(panel);
  announce("Ik zoek in de documenten…");
  return panel;
}

// Shows what the server sends: the answer as events, or a page that says what is wrong.
async function read(response, panel) {
  const type = response.headers.get("Content-Type") ?? "";
  if (type.startsWith("application/problem+json")) throw failure(await response.json());
  if (!type.startsWith(EVENTS)) return void showPage(await response.text(), response, panel);
  for await (const [name, data] of events(response.body)) {
    if (name === "statement") panel.querySelector(".va-working__statements").append(nodes(data.html));
    if (name === "problem") throw failure(data);
    if (name === "answer") return void showAnswer(data);
  }
  throw new Error("the stream ended without an answer");
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    const found = text.split("\n\n");
    text = found.pop();
    for (const one of found) {
      const name = /^event: (.*)$/m.exec(one)?.[1];
      if (name) yield [name, JSON.parse(/^data: (.*)$/m.exec(one)[1])];
    }
  }
}

function failure(problem) {
  if (problem.status === 401) location.assign(`/inloggen?terug=${encodeURIComponent("/")}`);
  const error = new Error(problem.title);
  error.problem = `${problem.title} ${problem.detail}`;
  return error;
}

function showAnswer({ html, title, url }) {
  main.replaceChildren(nodes(html));
  document.title = title.trim();
  history.pushState(null, "", url);
  shown = location.pathname;
  settle();
  window.scrollTo(0, 0);
  focusOn(main.querySelector("#antwoord"), { preventScroll: true });
  announce(main.querySelector("[data-spoken]")?.textContent ?? "Het antwoord is er.");
}

function showPage(html, response, panel) {
  if (response.redirected) return void location.assign(response.url);
  const page = new DOMParser().parseFromString(html, "text/html");
  panel.remove();
  main.replaceChildren(...page.querySelector("main").childNodes);
  document.title = page.title;
  settle();
  focusOn(main.querySelector("#fouten") ?? main.querySelector("h1"));
}

function fail(form, said) {
  const problem = message("error", said);
  problem.dataset.problem = "";
  form.before(problem);
  focusOn(problem);
}

// What somebody thinks of an answer: the part of the page with that form comes back as the server has it now.
async function tell(form, submitter) {
  form.setAttribute("aria-busy", "true");
  const id = form.dataset.feedback;
  try {
    const response = await post(form, new FormData(form, submitter), "text/html");
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const part = page.getElementById(id);
    if (!part) return void location.assign(response.url);
    document.getElementById(id).replaceWith(part);
    focusOn(part.querySelector("[aria-invalid=true], [aria-describedby$=fout], .va-feedback__thanks"));
    if (!response.ok) document.title = page.title;
  } catch {
    fail(form, navigator.onLine ? BROKEN : OFFLINE);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

// A piece of a page that our own server made.
function nodes(html) {
  return new DOMParser().parseFromString(`<template>${html}</template>`, "text/html").querySelector("template").content;
}

async function settle() {
  improve(main);
  const empty = main.querySelector("[data-examples]");
  if (!empty) return;
  try {
    for (let tries = 0; tries < TRIES && empty.isConnected && !empty.firstElementChild; tries += 1) {
      const response = await fetch(empty.dataset.examples, { headers: { Accept: "text/html" } });
      if (!response.ok || response.redirected) return;
      empty.replaceChildren(nodes(await response.text()));
    }
  } catch {
    // A page without examples is a page.
  }
}

settle();
