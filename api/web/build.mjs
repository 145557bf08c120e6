// Writes static/nlds/ from what npm fetched: of the css of NL Design System only what our templates use.
// Run by setup.sh where there is npm; nothing of what it writes is committed.

import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import postcss from "postcss";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const MODULES = join(HERE, "node_modules");
const OUT = join(HERE, "static", "nlds");
const COMPONENTS = "@utrecht/component-library-css";
const TOKENS = "@nl-design-system-unstable/voorbeeld-design-tokens";
const OURS = /color|^--basis-(?:heading|text)-font-family/; // tokens.css says them, in terms of app.css
const LARGEST = 40 * 1024; // bytes; what a page may weigh leaves no room for more
// The components that are taken from it; what else a template names looks as app.css says.
const TAKEN = [
  ..."alert button checkbox form-field form-field-description form-field-error-message form-label".split(" "),
  ..."heading-1 heading-2 heading-3 heading-4 link ordered-list paragraph select textarea textbox".split(" "),
  ..."unordered-list".split(" "),
];
// States that none of our controls has, and those that tell somebody off before he has done anything.
const NEVER = /:read-only|:(?:user-)?invalid|\[pattern|\[inputmode|\[type=(?:url|email|number|tel)|placeholder|:lang\(/i;
// Where class names stand, and with which endings.
const SOURCES = [
  ["templates", ".j2"],
  ["static", ".js"],
];

/** The names of Utrecht's classes in our sources. */
async function usedClasses() {
  const names = new Set();
  for (const [folder, ending] of SOURCES) {
    for (const file of await readdir(join(HERE, folder))) {
      if (!file.endsWith(ending)) continue;
      const text = await readFile(join(HERE, folder, file), "utf8");
      for (const [name] of text.matchAll(/utrecht-[a-z0-9_-]+/g)) names.add(name);
    }
  }
  return names;
}

function isUsed(name, used) {
  const component = name.replace(/^utrecht-/, "").replace(/(?:__|--).*/, "");
  return TAKEN.includes(component) && used.has(name);
}

/** Takes out every rule that no element of ours can match. */
function keepUsedRules(root, used) {
  root.walkRules((rule) => {
    if (rule.parent.type === "atrule" && rule.parent.name.endsWith("keyframes")) return;
    const kept = rule.selectors.filter((selector) => {
      if (NEVER.test(selector)) return false;
      // What :not() names need not be there for the rule to match.
      const classes = selector.replace(/:not\([^)]*\)/g, "").match(/\.[a-zA-Z][\w-]*/g) ?? [];
      return classes.length > 0 && classes.every((name) => isUsed(name.slice(1), used));
    });
    if (kept.length === 0) rule.remove();
    else rule.selectors = kept;
  });
  root.walkComments((comment) => comment.remove());
  root.walkAtRules((rule) => {
    const animated = rule.name.endsWith("keyframes"); // only of parts that we do not have
    if (rule.name === "charset" || animated || (rule.nodes && rule.nodes.length === 0)) rule.remove();
  });
}

/** The parts of the first var() in the value: what is before it, its name, its fallback (null: none), what is after. */
function firstVar(value) {
  const start = value.indexOf("var(");
  if (start < 0) return null;
  let depth = 0;
  let comma = -1;
  for (let at = start + 3; at < value.length; at += 1) {
    if (value[at] === "(") depth += 1;
    if (value[at] === "," && depth === 1 && comma < 0) comma = at;
    if (value[at] === ")") depth -= 1;
    if (depth > 0) continue;
    return {
      before: value.slice(0, start),
      name: value.slice(start + 4, comma < 0 ? at : comma).trim(),
      fallback: comma < 0 ? null : value.slice(comma + 1, at).trim(),
      after: value.slice(at + 1),
    };
  }
  throw new Error(`no end of var() in ${value}`);
}

/**
 * The value with the tokens of components filled in, down to the basic tokens, which stay variable; null when it needs
 * a token that nobody defines. `own` are the names that rules assign themselves.
 */
function resolved(value, tokens, own) {
  const found = firstVar(value);
  if (!found) return value;
  const after = resolved(found.after, tokens, own);
  if (after === null) return null;
  const token = tokens.get(found.name);
  let filled = null;
  if (own.has(found.name)) {
    const otherwise = token ?? found.fallback;
    const rest = otherwise === null ? null : resolved(otherwise, tokens, own);
    filled = rest === null ? `var(${found.name})` : `var(${found.name},${rest})`;
  } else if (token !== undefined && found.name.startsWith("--basis-")) {
    filled = `var(${found.name})`;
  } else if (token !== undefined) {
    filled = resolved(token, tokens, own);
  } else if (found.fallback !== null) {
    filled = resolved(found.fallback, tokens, own);
  }
  return filled === null ? null : found.before + filled + after;
}

/** Fills the tokens of components in, which takes two thirds of the weight off. */
function fillIn(root, tokens) {
  const own = new Set();
  root.walkDecls(/^--/, (declaration) => own.add(declaration.prop));
  root.walkDecls((declaration) => {
    const value = resolved(declaration.value, tokens, own);
    if (value === null) declaration.remove();
    else declaration.value = value.replace(/\s+/g, " ");
  });
  root.walkRules((rule) => {
    if (rule.nodes.length === 0) rule.remove();
  });
}

/** The basic tokens that the rules refer to, and those that these refer to in turn. Those of colour are ours. */
function reachable(root, tokens) {
  const names = (value) => [...value.matchAll(/var\(\s*(--[\w-]+)/g)].map((match) => match[1]);
  const pending = [];
  root.walkDecls((declaration) => pending.push(...names(declaration.value)));
  const kept = new Map();
  while (pending.length > 0) {
    const name = pending.pop();
    if (kept.has(name) || !tokens.has(name) || OURS.test(name)) continue;
    kept.set(name, tokens.get(name));
    pending.push(...names(tokens.get(name)));
  }
  return kept;
}

function withoutSpace(root) {
  root.walk((node) => {
    node.raws.before = "";
    node.raws.after = "";
    if (node.type === "rule") {
      node.raws.between = "";
      node.selector = node.selectors.join(",");
    }
    if (node.type === "decl") node.raws.between = ":";
    node.raws.semicolon = false;
  });
  root.raws.after = "";
  return root.toString();
}

async function version(name) {
  const about = JSON.parse(await readFile(join(MODULES, name, "package.json"), "utf8"));
  return `${name} ${about.version}, ${about.license}`;
}

const css = await readFile(join(MODULES, COMPONENTS, "dist", "index.css"), "utf8");
const theme = await readFile(join(MODULES, TOKENS, "dist", "theme.css"), "utf8");
const colours = postcss.parse(await readFile(join(HERE, "tokens.css"), "utf8"));
const root = postcss.parse(css);
keepUsedRules(root, await usedClasses());
const tokens = new Map();
postcss.parse(theme).walkDecls(/^--/, (declaration) => tokens.set(declaration.prop, declaration.value));
fillIn(root, tokens);
const values = [...reachable(root, tokens)].map(([name, value]) => `${name}:${value}`).sort();
const about = await Promise.all([COMPONENTS, TOKENS].map(version));

colours.walkComments((comment) => comment.remove());
const said = new Set();
colours.walkDecls((declaration) => said.add(declaration.prop));
root.walkDecls((declaration) => {
  for (const [name] of declaration.value.matchAll(/--basis-[\w-]+/g)) {
    if (OURS.test(name) && !said.has(name)) throw new Error(`tokens.css has no ${name}`);
  }
});

// One layer for all of it: app.css says in which order the layers count.
const sheet =
  `/*! ${about[0]}, (c) Gemeente Utrecht, Frameless B.V.; ${about[1]}, (c) NL Design System Community */\n` +
  `@layer plain,nlds,va;@layer nlds{:root{${values.join(";")}}${withoutSpace(colours)}${withoutSpace(root)}}\n`;
if (Buffer.byteLength(sheet) > LARGEST) throw new Error(`nlds.css has ${Buffer.byteLength(sheet)} bytes`);

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
await writeFile(join(OUT, "nlds.css"), sheet);
await writeFile(join(OUT, "licences.txt"), `${about.join("\n")}\n`);
