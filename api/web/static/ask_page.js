// Small things that the scripts of the pages share.

export function element(name, classes = "", text = "") {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  made.textContent = text;
  return made;
}

// One place that is read out when it changes; it stays when the page around it is replaced.
const live = element("div", "va-visually-hidden");
live.setAttribute("role", "status");
live.setAttribute("aria-live", "polite");
document.body.append(live);

export function announce(text) {
  live.textContent = "";
  // A change that follows at once on another is not always read out.
  setTimeout(() => {
    live.textContent = text.replace(/\s+/g, " ").trim();
  }, 100);
}

export function focusOn(target, options) {
  if (!target) return;
  if (!target.matches("a[href], button, input, select, textarea, summary, [tabindex]")) target.tabIndex = -1;
  target.focus(options);
}

// A message that is to get the focus, and so is read out.
export function message(kind, text) {
  const made = element("div", `utrecht-alert utrecht-alert--${kind}`);
  const content = element("div", "utrecht-alert__content");
  content.append(element("p", "utrecht-paragraph", text));
  made.append(content);
  return made;
}
