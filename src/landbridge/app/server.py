"""The page as a server on this machine: headers, limits, nothing served but the page's own parts."""

import socket
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

import flask
from dash import Dash
from dash.exceptions import DashException
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from landbridge.app.callbacks import Served, register
from landbridge.app.engine import Engine
from landbridge.app.geometry import Geometry
from landbridge.app.map_figure import whole_map
from landbridge.app.page import page
from landbridge.app.panels import headline
from landbridge.app.texts import Texts, best_language, texts_of
from landbridge.app.view import first_view
from landbridge.core.problems import Problem, StudyError
from landbridge.study.model import Study

LARGEST_REQUEST: Final = 262_144
"""Bytes of a request's body; the page's own are far smaller."""
HEADERS: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
LOCAL_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
BAD: Final = (KeyError, IndexError, TypeError, ValueError, AttributeError, LookupError, RecursionError, DashException)
"""What a malformed request makes the page's library raise."""


def make_app(study: Study, name: str, *, host: str = "127.0.0.1") -> Dash:
    """Return the page of a study.

    Parameters
    ----------
    study
        The study; its baseline is found now.
    name
        How the command names it.
    host
        Where it will be served: a request for another host name is refused (a page elsewhere could otherwise make
        a browser talk to this one by a name that it points here).
    """
    engine = Engine(study)
    geometry = Geometry(engine.baseline().ground)
    start = first_view(study)
    headline(engine, engine.answer(start.question))
    whole_map(engine, geometry, start, "light", texts_of("en"))
    app = Dash(
        "landbridge",
        title=f"{study.title} - landbridge",
        update_title="",
        assets_folder=str(files("landbridge") / "app" / "assets"),
        serve_locally=True,
        suppress_callback_exceptions=True,
        compress=False,
    )
    app.layout = lambda: page(engine, geometry, _language())
    app.interpolate_index = _index(app)
    register(app, Served(engine, geometry, name, _texts))
    _guard(app, frozenset({*LOCAL_NAMES, host, f"[{host}]"}))
    return app


def _language() -> str:
    """Return the language of the request at hand; English where there is none."""
    if not flask.has_request_context():
        return best_language(None, None)
    return best_language(flask.request.cookies.get("lb-language"), flask.request.headers.get("Accept-Language"))


def _texts() -> Texts:
    return texts_of(_language())


def _index(app: Dash) -> Any:  # noqa: ANN401 - Dash's own hook
    plain = app.interpolate_index

    def interpolate(**parts: Any) -> str:  # noqa: ANN401 - Dash's own parts
        return str(plain(**parts)).replace("<html>", f'<html lang="{_language()}">')

    return interpolate


def _guard(app: Dash, hosts: frozenset[str]) -> None:
    server = app.server
    server.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    server.config["PROPAGATE_EXCEPTIONS"] = False

    @server.before_request
    def check() -> Any:  # noqa: ANN401 - a Flask answer or None
        host = flask.request.host.rsplit(":", 1)[0] if not flask.request.host.endswith("]") else flask.request.host
        if host not in hosts and "0.0.0.0" not in hosts:  # noqa: S104 - what the person asked for
            return flask.Response("This page is served under another name.", 403)
        if (flask.request.content_length or 0) > LARGEST_REQUEST:
            return flask.Response("The request is too large.", 413)
        return None

    @server.after_request
    def protect(response: Any) -> Any:  # noqa: ANN401 - a Flask answer
        response.headers.update(HEADERS)
        response.headers["Content-Security-Policy"] = _policy(app)
        return response

    def refuse(error: Exception) -> Any:  # noqa: ANN401 - a Flask answer
        if isinstance(error, (HTTPException, RequestEntityTooLarge)):
            return flask.Response(error.name, error.code)
        return flask.Response("The request makes no sense to this page.", 400)

    for kind in BAD:
        server.register_error_handler(kind, refuse)


def _policy(app: Dash) -> str:
    """Return what the browser may load: this server's own parts only."""
    hashes = " ".join(f"'{one}'" if not one.startswith("'") else one for one in app.csp_hashes())
    return (
        f"default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    )


def serve(app: Dash, host: str, port: int) -> Any:  # noqa: ANN401 - werkzeug has loose types
    """Return a server that listens, not yet answering; ``serve_forever`` answers.

    Raises
    ------
    StudyError
        If the port is taken or the host is not this machine's.
    """
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        """Answers without a line in the log for each request."""

        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_request(self, code: Any = "-", size: Any = "-") -> None:  # noqa: ANN401 - werkzeug's own
            """Say nothing."""

    try:
        return make_server(host, port, app.server, threaded=True, request_handler=Quiet)
    except (OSError, SystemExit, socket.gaierror) as error:
        message = f"Cannot listen on {host}:{port} ({error}). Give another --port, or 0 for any that is free."
        raise StudyError([Problem("LB950", message, "port")]) from error
