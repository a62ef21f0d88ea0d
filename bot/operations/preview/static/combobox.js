// A field with suggestions: the editable combobox of the ARIA Authoring Practices.

const PAUSE = 120;

/**
 * Suggest while somebody types.
 * `suggest(typed)` gives a promise of texts; `chosen()` is called once one of them is in the field.
 */
export function combobox(field, list, suggest, chosen) {
  let active = -1;
  let latest = 0;
  let waiting;

  function close() {
    latest += 1;
    clearTimeout(waiting);
    list.hidden = true;
    list.replaceChildren();
    field.setAttribute("aria-expanded", "false");
    activate(-1);
  }

  function activate(number) {
    active = number;
    [...list.children].forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === number));
    });
    if (number < 0) {
      field.removeAttribute("aria-activedescendant");
    } else {
      field.setAttribute("aria-activedescendant", list.children[number].id);
      list.children[number].scrollIntoView({ block: "nearest" });
    }
  }

  function choose(number) {
    field.value = list.children[number].textContent;
    close();
    chosen();
  }

  async function open() {
    clearTimeout(waiting);
    latest += 1;
    const mine = latest;
    const texts = await suggest(field.value);
    if (mine !== latest || document.activeElement !== field) {
      return;
    }
    list.replaceChildren(...texts.map(option));
    list.hidden = texts.length === 0;
    field.setAttribute("aria-expanded", String(texts.length > 0));
    activate(-1);
  }

  function option(text, at) {
    const made = document.createElement("li");
    made.id = `${list.id}-${at}`;
    made.role = "option";
    made.textContent = text;
    // Before the field loses the focus, with which the list would close.
    made.addEventListener("mousedown", (event) => {
      event.preventDefault();
      choose(at);
    });
    return made;
  }

  const keys = {
    ArrowDown: async () => {
      if (list.hidden) {
        await open();
      }
      move(1);
    },
    ArrowUp: () => move(-1),
    Enter: () => choose(active),
    Escape: () => close(),
  };

  function move(by) {
    const count = list.children.length;
    if (count > 0) {
      activate(active < 0 && by < 0 ? count - 1 : (active + by + count) % count);
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(open, PAUSE);
  });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    const key = keys[event.key];
    const needless = event.key !== "ArrowDown" && list.hidden;
    if (key === undefined || needless || (event.key === "Enter" && active < 0)) {
      return;
    }
    event.preventDefault();
    key();
  });
  return { close };
}
