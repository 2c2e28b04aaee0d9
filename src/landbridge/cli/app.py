"""``landbridge app`` and ``landbridge what-if``: the page that answers back, and the same question as a command."""

from typing import Annotated

import typer

from landbridge.cli.console import Talk
from landbridge.cli.options import (
    AsJson,
    OutFolder,
    Quiet,
    Seed,
    StudyName,
    complete_measure,
    complete_parameter,
    complete_scenario,
)


def app(
    study: StudyName,
    *,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 for any that is free.")] = 8350,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; the default is reachable from this machine only.")
    ] = "127.0.0.1",
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = True,
    quiet: Quiet = False,
) -> None:
    """Open a page on which measures and parameters of a study are switched and moved.

    The page needs no network; it computes with the functions that the commands use. Stop it with Ctrl+C.

    For example:
      landbridge app northeast-asia
      landbridge app ./my-corridor --port 0 --no-browser
    """
    from landbridge.core.problems import MissingExtraError
    from landbridge.study.reader import read_study

    talk = Talk(quiet)
    try:
        from landbridge.app.server import make_app, serve
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in {"dash", "dash_mantine_components", "flask"}:
            raise
        raise MissingExtraError('The page needs two more packages. Type:  pip install "landbridge[app]"') from error
    read = read_study(study)
    talk.say(f"Preparing {read.title} ...")
    server = serve(make_app(read, study, host=host), host, port)
    address = f"http://{'[' + host + ']' if ':' in host else host}:{server.server_port}/"
    talk.out(address)
    talk.say("Stop with Ctrl+C.")
    if browser:
        import webbrowser

        webbrowser.open(address)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        talk.say("Stopped.")
    finally:
        server.server_close()


def what_if(
    study: StudyName,
    *,
    scenario: Annotated[
        str,
        typer.Option(
            "--scenario",
            "-s",
            help="Scenario to start from; the first if left out.",
            autocompletion=complete_scenario,
        ),
    ] = "",
    add: Annotated[
        list[str] | None,
        typer.Option("--add", help="Measure to add; give it again for more.", autocompletion=complete_measure),
    ] = None,
    remove: Annotated[
        list[str] | None, typer.Option("--remove", help="Measure to take away.", autocompletion=complete_measure)
    ] = None,
    values: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="Parameter to move within its range.",
            autocompletion=complete_parameter,
        ),
    ] = None,
    out: OutFolder = None,
    seed: Seed = 0,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Ask a question beside a study's scenarios: measures added or removed, parameters moved.

    The page of `landbridge app` shows this command for whatever is switched there; both give the same figures.

    For example:
      landbridge what-if minimal --add fast-border
      landbridge what-if northeast-asia -s rail-link --remove east-line-open --set trade_elasticity=4
    """
    from landbridge.core.problems import Problem, StudyError
    from landbridge.pipeline.whatif import ask, run_what_if
    from landbridge.study.reader import read_study

    talk = Talk(quiet, as_json)
    read = read_study(study)
    moved: dict[str, float] = {}
    for text in values or ():
        name, _, value = text.partition("=")
        try:
            moved[name.strip()] = float(value)
        except ValueError as error:
            message = f"'{text}' is not NAME=VALUE with a number. Write, say, --set trade_elasticity=4."
            raise StudyError([Problem("LB537", message, "set")]) from error
    question = ask(read, scenario or read.scenarios[0].name, add=add or (), remove=remove or (), parameters=moved)
    result = run_what_if(read, question, seed=seed)
    table = result.tables["headline"]
    if as_json:
        headline = {
            key: {"value": value, "unit": unit}
            for key, value, unit in zip(table["indicator"], table["value"], table["unit"], strict=True)
        }
        talk.json({"study": read.id, "standing": result.provenance["standing"], "headline": headline})
    else:
        rows = list(zip(table["name"], map(float, table["value"]), table["unit"], strict=True))
        talk.table(read.title, ("", result.scenario, "unit"), rows)
    if out is not None:
        talk.say(f"Results: {result.save(out).resolve()}")


def register(app_: typer.Typer) -> None:
    """Add the commands."""
    app_.command("app")(app)
    app_.command("what-if")(what_if)
