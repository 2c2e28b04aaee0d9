"""The command ``landbridge``: gathers the commands, runs one, turns errors into words and an exit code."""

import re
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from typing import Annotated, Final

import typer
from rich.console import Console
from typer.exceptions import TyperException

from landbridge.core.problems import LandbridgeError, StudyError

DONE, NO_SOLUTION, BAD_INPUT = 0, 1, 2
SOUTHERN: Final = re.compile(r"-\d+(\.\d+)?\s*,\s*-?\d+(\.\d+)?")

COMMANDS: Final = (
    "run", "check", "new", "route", "compare", "report", "cooperate", "plan", "appraise", "estimate", "sweep",
    "data", "app",
)  # fmt: skip
"""Modules of this package; each defines `register(app)`. The order is that of ``--help``."""

app = typer.Typer(
    name="landbridge",
    help=(
        "If a route, a border or a trade rule changes: what happens to freight, trade and welfare, who has to agree, "
        "and does it pay?\n\nSTUDY is the name of a shipped study (northeast-asia, minimal, island-canal) or a folder."
    ),
    epilog="Start with:  landbridge run northeast-asia --report   |   landbridge route Busan Moscow",
    no_args_is_help=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(f"landbridge {version('landbridge')}")
        raise typer.Exit


@app.callback()
def _top(
    _version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Keep the options that stand before a command."""


for _name in COMMANDS:
    import_module(f"landbridge.cli.{_name}").register(app)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns
    -------
    int
        0 done, 1 no solution (a method did not converge, or the question has no answer), 2 bad input.
    """
    talk = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        code = app(args=[_no_option(word) for word in (sys.argv[1:] if argv is None else argv)], standalone_mode=False)
    except typer.Abort:
        talk.print("Stopped.", style="yellow")
        return NO_SOLUTION
    except TyperException as error:
        return _say_usage(talk, error)
    except StudyError as error:
        for problem in error.problems:
            style = "red" if problem.severity == "fault" else "yellow"
            talk.print(str(problem), style=style, markup=False)
        faults = sum(problem.severity == "fault" for problem in error.problems)
        talk.print(f"{faults} fault{'s' if faults != 1 else ''}; nothing was written.", style="bold red")
        return BAD_INPUT
    except LandbridgeError as error:
        talk.print(str(error), style="red", markup=False)
        return NO_SOLUTION
    except BrokenPipeError:
        return DONE
    except KeyboardInterrupt:
        talk.print("Stopped; nothing was written.", style="yellow")
        return NO_SOLUTION
    return int(code or DONE)


def _no_option(word: str) -> str:
    """Return a word of the command line so that a place in the south, ``-33.45,-70.66``, is not taken for an option."""
    return f" {word}" if SOUTHERN.fullmatch(word) else word


def _say_usage(talk: Console, error: TyperException) -> int:
    """Say what is wrong with the words of a command, and where help is; with no words at all, help itself."""
    context = getattr(error, "ctx", None)
    words = error.format_message().strip()
    if not words:
        return DONE
    talk.print(words, style="red", markup=False)
    if context is not None:
        talk.print(f"'{context.command_path} --help' shows what may be given.", markup=False)
    return BAD_INPUT


def entry() -> None:
    """Run and leave with the exit code (the console script)."""
    sys.exit(main())
