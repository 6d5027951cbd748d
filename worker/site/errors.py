"""What is said when something went wrong: JSON under /api, else a page. It repeats nothing of the request or error."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException

from worker.errors import OperatorError
from worker.ops.logs import log
from worker.site import guard

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from jinja2 import Environment
    from starlette.responses import Response

UNAVAILABLE = "The database cannot be read right now; try again in a moment."
BROKEN = "Something went wrong here. The log of the site process says what."
MALFORMED = "The address cannot be right."


def add(site: FastAPI, templates: Environment) -> None:
    """Answer every kind of error."""

    def answer(request: Request, status: int, says: str, headers: dict[str, str] | None = None) -> Response:
        if request.url.path.startswith("/api/"):
            return JSONResponse({"detail": says}, status, headers)
        page = templates.get_template("error.html").render(title=HTTPStatus(status).phrase, says=says)
        return HTMLResponse(page, status, headers)

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        says = "There is nothing at this address." if error.status_code == HTTPStatus.NOT_FOUND else error.detail
        return answer(request, error.status_code, says, dict(error.headers or {}))

    async def malformed(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        wrong = ", ".join(sorted({str(problem["loc"][-1]) for problem in error.errors()}))
        return answer(request, HTTPStatus.BAD_REQUEST, f"{MALFORMED} Look at: {wrong}.")

    async def unavailable(request: Request, error: Exception) -> Response:
        log("site.unavailable", reason=str(error), level="warning")
        return answer(request, HTTPStatus.SERVICE_UNAVAILABLE, UNAVAILABLE, {"retry-after": "5"})

    async def broken(request: Request, _: Exception) -> Response:
        # Starlette answers this outside of all middleware, and has the server log the traceback.
        return answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, BROKEN, dict(guard.HEADERS))

    site.add_exception_handler(HTTPException, refused)
    site.add_exception_handler(RequestValidationError, malformed)
    site.add_exception_handler(OperatorError, unavailable)
    site.add_exception_handler(Exception, broken)
