// What only works with a script: copying, printing, searching in a list of choices, counting what is typed.

import { announce, element } from "./ask_page.js";

const MANY = 8; // choices from which a search field helps
const NEAR = 200; // characters before the end, from which they are counted

export function improve(root) {
  for (const button of root.querySelectorAll("[data-copies]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", () => copy(button));
  }
  for (const button of root.querySelectorAll("[data-prints]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  root.querySelectorAll("[data-choices]").forEach(searchable);
  root.querySelectorAll("form[data-most]").forEach(counted);
}

async function copy(button) {
  const text = button.dataset.text ?? button.closest("[data-copy]").dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
    announce("Het antwoord is gekopieerd, met de bronnen.");
    const before = button.textContent;
    button.textContent = "Gekopieerd";
    setTimeout(() => {
      button.textContent = before;
    }, 3000);
  } catch {
    announce("Kopiëren mag niet in deze browser. Selecteer de tekst en kopieer die.");
  }
}

function searchable(choices) {
  const items = [...choices.querySelectorAll("input[type=checkbox]")].map((box) => box.parentElement);
  if (items.length < MANY) return;
  const field = element("div", "utrecht-form-field va-filters__search");
  const label = element("label", "utrecht-form-label", "Zoek in deze lijst");
  const input = element("input", "utrecht-textbox utrecht-textbox--html-input");
  const count = element("p", "va-count");
  label.htmlFor = input.id = "zoek-document";
  input.type = "search";
  input.autocomplete = "off";
  count.setAttribute("role", "status");
  // In this form, return would send the question.
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  input.addEventListener("input", () => {
    const wanted = folded(input.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of items) {
      const text = folded(item.textContent);
      // What is chosen stays in sight.
      item.hidden = !wanted.every((word) => text.includes(word)) && !item.querySelector("input").checked;
      shown += item.hidden ? 0 : 1;
    }
    count.textContent = wanted.length ? `${shown} van ${items.length} documenten` : "";
  });
  field.append(label, input, count);
  choices.querySelector("legend").after(field);
}

function folded(text) {
  return text.normalize("NFD").replace(/\p{Mark}/gu, "").toLowerCase();
}

function counted(form) {
  const area = form.querySelector("textarea[name=vraag]");
  const most = Number(form.dataset.most);
  const left = element("p", "va-count");
  left.setAttribute("role", "status");
  area.after(left);
  area.addEventListener("input", () => {
    const rest = most - [...area.value].length;
    if (rest >= NEAR) left.textContent = "";
    else if (rest >= 0) left.textContent = `Je kunt nog ${rest} tekens gebruiken.`;
    else left.textContent = `Je vraag is ${-rest} tekens te lang.`;
  });
}
