"""The pages and what guards them.

Other sites' pages in the operator's browser can reach loopback too. What keeps them out: the ``Host`` header must name
loopback (a rebound DNS name does not), nothing is shared across origins, nothing here changes anything.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import structlog
from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.background import BackgroundTask

from pipeline.domain.errors import NotFoundError, SohoaError, UnavailableError
from pipeline.ports import Catalogue, ObjectStore
from pipeline.web.views import Desk, pieces, shown_day, type_titles
from pipeline.web.words import LANGUAGES, WORDS

_HERE = Path(__file__).parent
_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.IGNORECASE)
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}

#: What an error makes of the answer; the first class that fits counts.
STATUS_CODES: tuple[tuple[type[SohoaError], int], ...] = (
    (NotFoundError, 404),
    (UnavailableError, 503),
    (SohoaError, 500),
)

#: The objects of a revision that may be fetched, and their media types.
FILES = {
    "document.pdf": "application/pdf",
    "text.txt": "text/plain; charset=utf-8",
    "record.json": "application/json",
    "alto.xml": "application/xml",
}

log = structlog.get_logger(__name__)


def make_app(store: ObjectStore, catalogue: Catalogue, ping_broker: Callable[[], None], scratch: Path) -> FastAPI:
    """The application; ``ping_broker`` raises ``UnavailableError`` where the broker is away.

    Objects pass through files in ``scratch`` on their way out, so that a large one fills no memory.
    """
    desk = Desk(catalogue, store)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    pages = Environment(
        loader=PackageLoader("pipeline.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    pages.filters["pieces"] = pieces
    pages.filters["shown_day"] = shown_day
    app.mount("/static", StaticFiles(directory=_HERE / "static"), name="static")
    app.middleware("http")(_guard)

    def render(request: Request, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
        language = _language(request)
        words = WORDS[language]
        html = pages.get_template(template).render(
            t=words, language=language, languages=LANGUAGES, path=request.url.path, types=type_titles(), **values
        )
        answer = HTMLResponse(html, status_code=status, headers={"Content-Language": language})
        if request.query_params.get("lang") in LANGUAGES:
            answer.set_cookie("lang", language, max_age=31_536_000, httponly=True, samesite="strict")
        return answer

    @app.exception_handler(SohoaError)
    def tell(request: Request, error: SohoaError) -> HTMLResponse:
        status = next(code for kind, code in STATUS_CODES if isinstance(error, kind))
        log.warning("page failed", path=request.url.path, status=status, error=error.message)
        return render(request, "error.html", status=status, error=error, status_code=status)

    @app.get("/", response_class=HTMLResponse)
    def home(request: Request, q: Annotated[str, Query(max_length=200)] = "") -> HTMLResponse:
        hits = desk.find(q) if q.strip() else ()
        return render(request, "home.html", state=desk.state(), query=q.strip(), hits=hits)

    @app.get("/state", response_class=HTMLResponse)
    def state(request: Request) -> HTMLResponse:
        return render(request, "state.html", state=desk.state())

    @app.get("/documents/{document_id}", response_class=HTMLResponse)
    def document(request: Request, document_id: str) -> HTMLResponse:
        return render(request, "document.html", view=desk.document(document_id))

    @app.get("/documents/{document_id}/{name}")
    def file(document_id: str, name: str) -> Response:
        if name not in FILES:
            raise NotFoundError(f"There is no {name} of a document; there are {', '.join(FILES)}.")
        folder = tempfile.mkdtemp(prefix="web-", dir=scratch)
        removal = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
        try:
            desk.fetch(document_id, name, Path(folder) / name)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        shown = f"{document_id}{Path(name).suffix}"
        return FileResponse(
            Path(folder) / name,
            media_type=FILES[name],
            filename=shown,
            content_disposition_type="inline",
            background=removal,
        )

    @app.get("/healthz")
    def healthz() -> JSONResponse:
        parts = {"store": lambda: store.stat("working/health"), "catalogue": catalogue.overview, "broker": ping_broker}
        away = {name: error for name, ask in parts.items() if (error := _complaint(ask))}
        return JSONResponse({"ok": not away, "away": away}, status_code=503 if away else 200)

    return app


async def _guard(request: Request, call_next: Callable[[Request], object]) -> Response:
    """Refuse requests that name another host, and tell the browser to load nothing from elsewhere."""
    if not _HOST.fullmatch(request.headers.get("host", "")):
        return PlainTextResponse("This page is for this machine only.\n", status_code=421)
    if request.method not in {"GET", "HEAD"}:
        return PlainTextResponse("Nothing can be changed here.\n", status_code=405)
    response: Response = await call_next(request)  # type: ignore[misc]
    for header, value in _HEADERS.items():
        response.headers.setdefault(header, value)
    return response


def _language(request: Request) -> str:
    """Vietnamese, unless the address or the cookie says otherwise."""
    for wanted in (request.query_params.get("lang"), request.cookies.get("lang")):
        if wanted in LANGUAGES:
            return str(wanted)
    return "vi"


def _complaint(ask: Callable[[], object]) -> str:
    """What is wrong, empty where all is well."""
    try:
        ask()
    except SohoaError as error:
        return error.code
    return ""
