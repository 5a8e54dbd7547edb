// The form above: which municipality, when, how quick. Any change builds another kiosk.

const two = (number) => String(number).padStart(2, "0");
const day = (date, hour) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${hour}`;

/** The next date, from today on, for which the test is true. */
function next(test) {
  const date = new Date();
  while (!test(date)) date.setDate(date.getDate() + 1);
  return date;
}

/** Moments worth a try, by what they are good for. */
function moments() {
  const leap = next((date) => date.getMonth() === 1 && date.getDate() === 29);
  const newYear = next((date) => date.getMonth() === 0 && date.getDate() === 1);
  const sunday = next((date) => date.getDay() === 0);
  return [
    ["today, 10:00", ""],
    ["a minute before closing", day(new Date(), "22:59")],
    ["before opening", day(new Date(), "06:29")],
    ["leap day", day(leap, "10:00")],
    ["New Year's Day", day(newYear, "10:00")],
    ["a Sunday", day(sunday, "10:00")],
    ["another moment …", "other"],
  ];
}

export function offerMoments(form) {
  form.elements.moment.replaceChildren(...moments().map(([text, value]) => new Option(text, value)));
}

/** What the form says, or null while a moment is still to be given. */
export function readSetup(form) {
  const { municipality, moment, at, speed, idle } = form.elements;
  at.hidden = moment.value !== "other";
  if (!at.hidden && !at.value) return null;
  return {
    municipality: municipality.value,
    at: at.hidden ? moment.value : at.value.replace("T", " "),
    speed: Number(speed.value),
    idle: Number(idle.value),
  };
}

/** A value that the form does not offer yet is added to it. */
function choose(select, value, text = String(value)) {
  if (![...select.options].some((option) => option.value === String(value))) select.prepend(new Option(text, value));
  select.value = String(value);
}

export function showSetup(form, bench) {
  choose(form.elements.municipality, bench.municipality);
  choose(form.elements.speed, bench.speed, `${bench.speed} ×`);
  choose(form.elements.idle, bench.idle, `${bench.idle} s`);
  if (form.elements.at.hidden) choose(form.elements.moment, bench.at);
}
