// USWDS writes left and right; a page in Arabic, Urdu or Yiddish needs start and end. Browsers know
// logical properties, so one pass over the compiled style sheet turns every part around by itself,
// and no second style sheet is needed. Values with four sides, positions of backgrounds and pictures
// that point somewhere cannot be told by name: those are set right in scss/_right_to_left.scss.
const SIDE = { left: "start", right: "end" };
const CORNER = {
  "top-left": "start-start",
  "top-right": "start-end",
  "bottom-left": "end-start",
  "bottom-right": "end-end",
};

export function toLogical(css) {
  return css
    .replace(/([;{])(margin|padding)-(left|right):/g, (_, before, box, side) => `${before}${box}-inline-${SIDE[side]}:`)
    .replace(
      /([;{])border-(left|right)(-width|-style|-color)?:/g,
      (_, before, side, part = "") => `${before}border-inline-${SIDE[side]}${part}:`,
    )
    .replace(
      /([;{])border-(top|bottom)-(left|right)-radius:/g,
      (_, before, edge, side) => `${before}border-${CORNER[`${edge}-${side}`]}-radius:`,
    )
    .replace(/([;{])(left|right):/g, (_, before, side) => `${before}inset-inline-${SIDE[side]}:`)
    .replace(/([;{])text-align:(left|right)/g, (_, before, side) => `${before}text-align:${SIDE[side]}`)
    .replace(/([;{])float:(left|right)/g, (_, before, side) => `${before}float:inline-${SIDE[side]}`);
}
