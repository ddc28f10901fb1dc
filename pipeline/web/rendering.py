"""Pages out of templates: the language, the words, who is signed in, what the menu shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.reporting.report import shown
from pipeline.understanding import type_titles
from pipeline.web.happenings import actor_in_words, part_in_words, problem_in_words, reason_in_words
from pipeline.web.navigation import menu_of
from pipeline.web.permissions import Act, Page, may
from pipeline.web.views import pieces, shown_day, shown_value
from pipeline.web.words import LANGUAGES, WORDS

if TYPE_CHECKING:
    from pipeline.web.visiting import Visit

#: Seconds for which the choice of a language is remembered.
_YEAR = 31_536_000


class Writer:
    """Writes pages. Templates are escaped, and an unknown name in one is an error."""

    def __init__(self) -> None:
        self.templates = Environment(
            loader=PackageLoader("pipeline.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.filters["pieces"] = pieces
        self.templates.filters["shown_day"] = shown_day
        self.templates.filters["shown_value"] = shown_value
        self.templates.globals["shown"] = shown
        self.templates.globals["reason_in_words"] = reason_in_words
        self.templates.globals["actor_in_words"] = actor_in_words
        self.templates.globals["problem_in_words"] = problem_in_words
        self.templates.globals["part_in_words"] = part_in_words

    def page(self, request: Request, template: str, visit: Visit, *, status: int = 200, **values: object) -> HTMLResponse:
        """The page, in the visitor's language."""
        language = language_of(request)
        person = visit.person
        html = self.templates.get_template(template).render(
            t=WORDS[language],
            language=language,
            languages=LANGUAGES,
            path=request.url.path,
            types=type_titles(),
            person=person,
            csrf=visit.token,
            menu=menu_of(person, request.url.path) if person else (),
            may=lambda page, act: person is not None and may(person, Page(page), Act(act)),
            **values,
        )
        answer = HTMLResponse(html, status_code=status, headers={"Content-Language": language})
        if request.query_params.get("lang") in LANGUAGES:
            answer.set_cookie("lang", language, max_age=_YEAR, httponly=True, samesite="strict")
        return answer


def language_of(request: Request) -> str:
    """Vietnamese, unless the address or the cookie says otherwise."""
    for wanted in (request.query_params.get("lang"), request.cookies.get("lang")):
        if wanted in LANGUAGES:
            return str(wanted)
    return "vi"
