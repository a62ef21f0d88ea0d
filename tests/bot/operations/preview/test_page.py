"""The page in a real browser: seen, read out, and worked from the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import pytest_asyncio

from bot.answering.answers import Answerer
from bot.config import Config
from bot.operations.preview.serving import serving_preview

pytest.importorskip("playwright", reason="playwright is not installed")
pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, Page, expect

from tests.bot.operations.preview.browser import CHROMIUM, chromium
from tests.bot.operations.preview.own import OPENS, PINNED, stored

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason=f"there is no {CHROMIUM}"),
]
OUTCOME = re.compile(r"\d+\.\d\d points, .* probability of \d+%")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def address(answerer: Answerer) -> AsyncIterator[str]:
    async with serving_preview(Config(), answerer, 0) as served:
        yield served


class Opener:
    """Opens the page; whatever a browser complains of fails the test."""

    def __init__(self, browser: Browser, address: str, stack: AsyncExitStack) -> None:
        self._browser, self._address, self._stack = browser, address, stack
        self.complaints: list[str] = []

    async def __call__(
        self,
        reader: str = "en",
        *,
        window: int = 1280,
        bypass_csp: bool = False,
        scale: float = 1,
        **chosen: str,
    ) -> Page:
        context = await self._browser.new_context(
            viewport={"width": window, "height": 800},
            bypass_csp=bypass_csp,
            device_scale_factor=scale,
        )
        self._stack.push_async_callback(context.close)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._heard)
        await page.goto(f"{self._address}{reader}#{urlencode(chosen)}")
        if "question" in chosen:
            await page.get_by_role("article").wait_for()
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)


@pytest_asyncio.fixture(loop_scope="module")
async def opened(browser: Browser, address: str) -> AsyncIterator[Opener]:
    async with AsyncExitStack() as stack:
        opener = Opener(browser, address, stack)
        yield opener
        assert opener.complaints == []


async def focused(page: Page) -> str:
    """What has the keyboard: the name that a screen reader says, roughly."""
    return str(
        await page.evaluate(
            "() => { const e = document.activeElement;"
            " return e.id || e.getAttribute('aria-label') || e.textContent.trim() }"
        )
    )


async def tabbed(page: Page) -> list[str]:
    """What the tab key goes through, from the top of the page, until it is left."""
    stops: list[str] = []
    while True:
        await page.keyboard.press("Tab")
        stop = await focused(page)
        if await page.evaluate("() => document.activeElement === document.body"):
            return stops
        stops.append(stop)
        assert len(stops) < 60


async def sideways(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(
        await page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
    )


async def test_a_question_is_asked_from_the_keyboard_alone(opened: Opener) -> None:
    page = await opened()
    for _ in range(3):
        await page.keyboard.press("Tab")
    assert await focused(page) == "question"
    await page.keyboard.type("who is tim wu")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")

    status = page.get_by_role("status")
    await expect(status).to_have_text(OUTCOME)
    await expect(status).to_contain_text("An answer is shown")
    card = page.get_by_role("article")
    await expect(card.locator("blockquote strong")).to_contain_text("Tim Wu")
    await expect(card.locator("blockquote")).to_have_attribute("lang", "en")
    table = page.get_by_role("table", name="The passages that were found, best first")
    await expect(table.get_by_role("row")).not_to_have_count(0)
    await expect(table.locator("tbody").first).to_contain_text(
        "1. small-business-rising, passage 9"
    )
    await expect(page.get_by_role("columnheader", name="Similar words")).to_be_visible()


async def test_the_tab_key_goes_through_the_page_in_the_order_in_which_it_is_read(
    opened: Opener,
) -> None:
    page = await opened(question="who is tim wu")
    stops = await tabbed(page)
    assert stops[:5] == ["Français", "English", "question", "Ask", "topics"]
    # A group of radio buttons is one stop, at what is chosen in it.
    assert len(stops[5:8]) == 3
    assert stops[8:] == [
        "Read the article (opens a new tab)",
        "Read in French",
        "👍",
        "👎",
        "More…",
        stops[-1],
    ]
    assert stops[-1].startswith("The passages that were found") or "Similar words" in stops[-1]


async def test_suggestions_are_chosen_with_the_arrow_keys(opened: Opener) -> None:
    page = await opened()
    field = page.get_by_role("combobox", name="A member’s question")
    await field.press_sequentially("who is tim")
    options = page.get_by_role("listbox", name="Suggested questions").get_by_role("option")
    await expect(options.first).to_have_text("Who is Tim Wu?")
    await expect(field).to_have_attribute("aria-expanded", "true")
    await field.press("ArrowUp")
    await expect(options.last).to_have_attribute("aria-selected", "true")
    await field.press("ArrowDown")
    await expect(options.first).to_have_attribute("aria-selected", "true")
    active = await field.get_attribute("aria-activedescendant")
    assert active == await options.first.get_attribute("id")
    await field.press("Escape")
    await expect(field).to_have_attribute("aria-expanded", "false")
    await expect(field).to_have_value("who is tim")
    await field.press("ArrowDown")
    await expect(options.first).to_have_attribute("aria-selected", "true")
    await field.press("Enter")
    await expect(field).to_have_value("Who is Tim Wu?")
    await expect(page.get_by_role("article")).to_contain_text("Tim Wu")
    await expect(options).to_have_count(0)


async def test_a_suggestion_is_chosen_with_the_pointer(opened: Opener) -> None:
    page = await opened("fr")
    await page.get_by_role("combobox").press_sequentially("qui fait")
    await page.get_by_role("option").first.click()
    await expect(page.get_by_role("status")).to_contain_text("Une réponse est montrée")


async def test_buttons_lead_on_and_the_focus_follows(opened: Opener) -> None:
    page = await opened(question="who is tim wu")
    cards = page.get_by_role("article")
    await page.get_by_text("More…").press("Enter")
    await page.get_by_role("button", name="Other passages (3)").press("Enter")
    await expect(cards).to_have_count(2)
    await expect(cards.nth(1)).to_be_focused()
    await expect(cards.nth(1)).to_contain_text("Only the member sees this.")
    await expect(page.get_by_role("status")).to_have_text("A new message is shown.")

    await page.get_by_role("button", name="Next").press("Space")
    await expect(cards.nth(1)).to_contain_text("Other passage 2 of 3")
    await expect(cards).to_have_count(2)
    await expect(cards.nth(1)).to_be_focused()

    await page.get_by_role("button", name="👍", exact=True).click()
    await expect(page.get_by_role("status")).to_contain_text("works only in Discord")
    await expect(cards).to_have_count(2)

    await page.get_by_role("button", name="Dismiss").press("Enter")
    await expect(cards).to_have_count(1)
    await expect(cards.first).to_be_focused()


async def test_topics_are_shown_and_read(opened: Opener) -> None:
    page = await opened("fr")
    await page.get_by_role("button", name="Montrer les sujets").click()
    await expect(page.get_by_role("article")).to_contain_text("Ce que je peux citer")
    await expect(page.get_by_text("Aucune recherche n’a été faite.")).to_be_visible()
    await page.get_by_role("button", name="Lire").first.click()
    await expect(page.get_by_role("article").nth(1).locator("blockquote")).to_be_visible()


async def test_the_page_answers_as_in_a_server(
    browser: Browser, answerer: Answerer, tmp_path: Path
) -> None:
    config = Config(data_folder=tmp_path)
    await stored(config, 42, answerer.index)
    async with serving_preview(config, answerer, 0, 42) as address, AsyncExitStack() as stack:
        opener = Opener(browser, address, stack)
        page = await opener(question=OPENS)
        await expect(page.locator("#scope")).to_have_text(
            "As in the server 42 when the preview was started. Documents of its own: 1; "
            "pinned questions: 1; strictness: eager."
        )
        card = page.get_by_role("article")
        await expect(card.locator("blockquote strong")).to_contain_text("opens at nine")
        await expect(page.locator("#why tbody").first).to_contain_text("1. bakery, passage 1")
        pinned = await opener("fr", question=PINNED)
        await expect(pinned.locator("#scope")).to_contain_text("questions épinglées\u00a0: 1")
        await expect(pinned.get_by_role("article")).to_contain_text("ont choisi")
        assert opener.complaints == []


async def test_the_member_and_the_reader_have_languages_of_their_own(opened: Opener) -> None:
    page = await opened("fr", question="Qui est Tim Wu ?", width="phone")
    await page.get_by_text("Plus…").click()
    await expect(page.get_by_role("button", name="Voir le contexte")).to_be_visible()
    await page.get_by_role("radio", name="anglais").check()
    await page.get_by_text("More…").click()
    await expect(page.get_by_role("button", name="In context")).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Aperçu du bot")
    await expect(page.locator(".components")).to_have_attribute("lang", "en")
    await page.get_by_role("link", name="English").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Preview of the bot")
    await expect(page.get_by_role("article")).to_be_visible()
    await expect(page.get_by_role("radio", name="Phone")).to_be_checked()
    assert "width=phone" in page.url


async def test_width_and_theme_are_chosen(opened: Opener) -> None:
    page = await opened(question="who is tim wu")
    stage = page.locator("#stage")
    box = await stage.bounding_box()
    assert box is not None and box["width"] > 500
    await page.get_by_role("radio", name="Phone").check()
    box = await stage.bounding_box()
    assert box is not None and box["width"] == 390
    for theme, page_colour in (("Dark", "rgb(30, 31, 34)"), ("Light", "rgb(242, 243, 245)")):
        await page.get_by_role("radio", name=theme).check()
        await expect(page.locator("html")).to_have_css("background-color", page_colour)


async def test_the_colour_of_the_outcome_is_that_of_discord(opened: Opener) -> None:
    for question, colour in (
        ("who is tim wu", "rgb(46, 125, 91)"),
        ("how do i unclog a sink", "rgb(128, 132, 142)"),
    ):
        page = await opened(question=question)
        await expect(page.locator(".container")).to_have_css("border-left-color", colour)


@pytest.mark.parametrize(
    "question",
    [
        "who is tim wu <img src=x onerror=document.title='owned'>",
        "who is tim wu <script>document.title='owned'</script> [x](javascript:alert(1))",
        "who is tim wu \u202eevil\u202c شركة",
        "who is tim wu " + "W" * 480,
        "x" * 10_000,
    ],
)
async def test_a_hostile_question_is_shown_as_text(opened: Opener, question: str) -> None:
    page = await opened(question=question, theme="dark", width="phone")
    card = page.get_by_role("article")
    assert await card.locator("img, script, iframe").count() == 0
    assert await page.title() == "Preview of the bot"
    if len(question) < 200:
        visible = question.replace("\u202e", "").replace("\u202c", "")
        await expect(card.locator("strong").last).to_have_text(visible)
    assert await sideways(page) == 0
    for link in await card.get_by_role("link").all():
        assert str(await link.get_attribute("href")).startswith("https://")
        assert await link.get_attribute("rel") == "noopener noreferrer"


async def test_a_hostile_payload_stays_text(opened: Opener) -> None:
    page = await opened()
    made: Any = await page.evaluate(
        """async () => {
          const { message } = await import("/card.js");
          const link = { tag: "a", children: ["x"], href: "javascript:alert(1)" };
          const text = { type: 10, elements: [
            { tag: "p", children: ["<b>bold</b>", link], href: null },
            { tag: "script", children: ["alert(1)"], href: null },
          ] };
          const choice = { type: 3, custom_id: "c", placeholder: "Choose", options: [
            { label: "<i>one</i>", value: "1" }, { label: "two", value: "2", default: true } ] };
          const pressed = [];
          const components = [{ type: 17, accent_color: 255, components: [
            text, { type: 14, divider: false }, { type: 1, components: [choice] },
            { type: 9, components: [text], accessory:
              { type: 2, style: 5, label: "<u>go</u>", url: "javascript:alert(1)" } },
            { type: 1, components: [
              { type: 2, style: 2, label: "off", custom_id: "off", disabled: true }] },
            { type: 99 },
          ] }];
          const shown = { components, quote_language: null, private: false };
          const article = message(shown, "fr", (each) => pressed.push(each.custom_id));
          document.getElementById("stage").replaceChildren(article);
          const select = article.querySelector("select");
          select.dispatchEvent(new Event("change"));
          return {
            tags: [...new Set([...article.querySelectorAll("*")].map((e) => e.localName))],
            hrefs: [...article.querySelectorAll("a")].map((e) => e.getAttribute("href")),
            text: article.textContent, selected: select.value, pressed,
            disabled: article.querySelector("button").disabled,
          };
        }"""
    )
    assert not {"script", "b", "i", "u", "img"} & set(made["tags"])
    assert made["hrefs"] == [None, None, None]
    assert "<b>bold</b>" in made["text"] and "<u>go</u>" in made["text"]
    assert made["text"].count("A component that this page cannot show") == 3
    assert (made["selected"], made["pressed"], made["disabled"]) == ("2", ["c"], True)


async def test_inline_scripts_are_refused_by_the_policy(opened: Opener) -> None:
    page = await opened()
    await page.evaluate(
        "() => { const s = document.createElement('script');"
        " try { s.textContent = 'document.title = 1'; document.body.append(s) }"
        " catch (error) { document.body.dataset.refused = error.name } }"
    )
    assert await page.evaluate("() => document.body.dataset.refused") == "TypeError"
    assert await page.title() == "Preview of the bot"
    assert all("Trusted" in each for each in opened.complaints)
    opened.complaints.clear()


async def test_a_server_that_has_gone_is_said(opened: Opener) -> None:
    page = await opened(question="who is tim wu")
    await page.route("**/ask", lambda route: route.abort())
    await page.get_by_role("button", name="Ask").click()
    await expect(page.get_by_role("status")).to_contain_text("The preview does not answer.")
    await expect(page.get_by_role("article")).to_be_visible()
    assert all("ERR_FAILED" in each for each in opened.complaints)
    opened.complaints.clear()


@pytest.mark.parametrize(("window", "scale"), [(640, 2.0), (320, 4.0)], ids=["200%", "400%"])
async def test_nothing_is_lost_when_the_page_is_enlarged(
    opened: Opener, window: int, scale: float
) -> None:
    page = await opened("fr", window=window, scale=scale, question="Qui est Tim Wu ?")
    assert await sideways(page) == 0
    await page.get_by_text("Plus…").click()
    await expect(page.get_by_role("button", name="Autres passages (3)")).to_be_visible()
    assert await sideways(page) == 0
    await page.get_by_role("button", name="Montrer les sujets").click()
    await expect(page.get_by_role("article")).to_contain_text("Ce que je peux citer")
    assert await sideways(page) == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("reader", "window", "question", "press"),
    [
        ("fr", 1280, "Qui fait partie de la coalition ?", "Autres passages (3)"),
        ("en", 390, "how do i unclog a sink", None),
        ("en", 640, "who is tim wu", "In context"),
    ],
)
async def test_axe_finds_nothing(
    opened: Opener, *, theme: str, reader: str, window: int, question: str, press: str | None
) -> None:
    page = await opened(
        reader, window=window, bypass_csp=True, question=question, theme=theme, member=reader
    )
    if press is not None:
        await page.locator("details.menu summary").first.click()
        await page.get_by_role("button", name=press).click()
        await expect(page.get_by_role("article")).to_have_count(2)
    await page.get_by_role("combobox").press_sequentially(" a")
    await page.get_by_role("option").first.wait_for()
    results = await Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
