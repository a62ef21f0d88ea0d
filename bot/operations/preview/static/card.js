// A message as Discord shows it, from the components that Discord is sent. Everything in it may
// come from a stranger: it becomes text and elements of known names, never HTML.

const TAGS = new Set([
  "p", "blockquote", "small", "ul", "ol", "li", "h3", "h4", "h5",
  "strong", "em", "u", "s", "code", "a",
]);
const LINK_STYLE = 5;

/** A copy of what stands in a <template> of the page. */
export function copy(id) {
  return document.getElementById(id).content.cloneNode(true);
}

/**
 * The message of these components, as an <article>.
 * `press(button, message)` is called with the button's component when it is pressed.
 */
export function message(shown, member, press) {
  const article = copy("message").querySelector("article");
  const box = article.querySelector(".components");
  box.lang = member;
  const show = { lang: shown.quote_language, press: (button) => press(button, article) };
  box.append(...shown.components.map((each) => component(each, show)));
  const aside = article.querySelector(".private");
  if (shown.private) {
    aside.querySelector("button").addEventListener("click", () => dismiss(article));
  } else {
    aside.remove();
  }
  return article;
}

function dismiss(article) {
  const before = article.previousElementSibling;
  article.remove();
  (before ?? document.getElementById("question")).focus();
}

function component(each, show) {
  const make = COMPONENTS[each.type];
  return make === undefined ? copy("unknown") : make(each, show);
}

function all(components, show) {
  return components.map((each) => component(each, show));
}

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

const COMPONENTS = {
  1: (row, show) => element("div", "row", ...all(row.components, show)),
  2: button,
  3: select,
  9: (section, show) => element(
    "div", "section",
    element("div", "", ...all(section.components, show)),
    component(section.accessory, show),
  ),
  10: (text, show) => element("div", "text", ...text.elements.map((each) => node(each, show))),
  14: (separator) => element("hr", separator.divider === false ? "undivided" : ""),
  17: (container, show) => {
    const made = element("div", "container", ...all(container.components, show));
    if (container.accent_color != null) {
      const colour = container.accent_color.toString(16).padStart(6, "0");
      made.style.setProperty("--accent", `#${colour}`);
    }
    return made;
  },
};

function button(each, show) {
  if (each.style === LINK_STYLE) {
    const link = element("a", "button link", each.label, copy("new-tab"));
    follow(link, each.url);
    return link;
  }
  const made = element("button", "button", each.label ?? each.emoji.name);
  made.type = "button";
  made.dataset.style = each.style;
  made.disabled = each.disabled === true;
  made.addEventListener("click", () => show.press(each));
  return made;
}

function select(each, show) {
  const chosen = each.options.some((option) => option.default === true);
  return chosen ? choice(each, show) : menu(each, show);
}

function choice(each, show) {
  const made = element("select", "");
  made.setAttribute("aria-label", each.placeholder ?? each.custom_id);
  made.append(...each.options.map((option) => new Option(
    option.label, option.value, option.default === true, option.default === true,
  )));
  made.addEventListener("change", () => show.press(each));
  return made;
}

/** What is chosen is a press of the button whose `custom_id` is the option's value. */
function menu(each, show) {
  const options = each.options.map(({ label, value }) => button({ label, custom_id: value }, show));
  const summary = element("summary", "button", each.placeholder ?? each.custom_id);
  return element("details", "menu", summary, element("div", "row", ...options));
}

function node(each, show) {
  if (typeof each === "string") {
    return each;
  }
  if (!TAGS.has(each.tag)) {
    return copy("unknown");
  }
  const made = element(each.tag, "", ...each.children.map((child) => node(child, show)));
  if (each.tag === "a") {
    follow(made, each.href);
  } else if (each.tag === "blockquote" && show.lang) {
    made.lang = show.lang;
  }
  return made;
}

function follow(link, address) {
  if (/^https?:/.test(address)) {
    link.href = address;
  }
  link.target = "_blank";
  link.rel = "noopener noreferrer";
}
