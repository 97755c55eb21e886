// Builds lms/core/static/build: one style sheet, the images it names, one sprite of icons, the scripts.
// Run with `npm run build`. Nothing is fetched: everything comes from node_modules and this folder.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as sass from "sass";
import { ICONS } from "./icons.mjs";
import { toLogical } from "./logical.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const uswds = join(root, "node_modules/@uswds/uswds");
const finished = join(here, "../static/build");
// Written beside, so that a failed or broken build leaves the last good one in place.
const target = join(here, "../static/build.new");
const started = Date.now();
// Pages must stay light on a phone at the end of a shift (gzipped bytes).
const CSS_LIMIT = 35_000;
// Scripts of their own load on the pages of a test or a lesson only.
const JS_LIMIT = 9_000;

const gzipped = (text) => gzipSync(text, { level: 9 }).length;
const say = (text) => console.log(`front end: ${text}`);

function write(name, text) {
  const path = join(target, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function styles() {
  const { css } = sass.compile(join(here, "scss/site.scss"), {
    loadPaths: [join(uswds, "packages")],
    style: "compressed",
    quietDeps: true,
  });
  const text = toLogical(css);
  write("site.css", text);
  const size = gzipped(text);
  say(`site.css ${(text.length / 1000).toFixed(0)} kB, ${(size / 1000).toFixed(1)} kB gzipped`);
  if (size > CSS_LIMIT) throw new Error(`site.css is ${size} bytes gzipped, more than ${CSS_LIMIT}`);
  return text;
}

function images(css) {
  const names = new Set([...css.matchAll(/url\(["']?(img\/[^"')]+)["']?\)/g)].map((match) => match[1]));
  for (const name of names) {
    const path = join(target, name);
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync(join(uswds, "dist", name), path);
  }
  say(`${names.size} images named by the style sheet`);
}

function sprite() {
  const whole = readFileSync(join(uswds, "dist/img/sprite.svg"), "utf8");
  const symbols = ICONS.map((name) => {
    const found = whole.match(new RegExp(`<symbol id="${name}".*?</symbol>`, "s"));
    if (!found) throw new Error(`USWDS has no icon named ${name}`);
    return found[0];
  });
  write("sprite.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
  say(`sprite.svg with ${symbols.length} icons`);
}

function scripts() {
  const folder = join(here, "js");
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".js")) : [];
  let size = 0;
  for (const name of names) {
    const text = readFileSync(join(folder, name), "utf8");
    size += gzipped(text);
    write(join("js", name), text);
  }
  say(`${names.length} scripts, ${(size / 1000).toFixed(1)} kB gzipped`);
  if (size > JS_LIMIT) throw new Error(`The scripts are ${size} bytes gzipped, more than ${JS_LIMIT}`);
}

rmSync(target, { recursive: true, force: true });
images(styles());
sprite();
scripts();
rmSync(finished, { recursive: true, force: true });
renameSync(target, finished);
say(`done in ${((Date.now() - started) / 1000).toFixed(1)} s, in ${relative(process.cwd(), finished)}`);
