"""What all command-line tools share: a progress bar, warnings on the terminal, and mistakes of the user as one line."""

import argparse
import logging
import os
import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from tqdm import tqdm

from stgcn_affect.errors import InputError
from stgcn_affect.settings import Config, known_configs

T = TypeVar("T")
log = logging.getLogger(__name__)


def bar(items: Iterable[T], total: int, label: str = "clips") -> Iterator[T]:
    """Pass items on and show a progress bar on stderr; an item's ``about``, or that of a pair's first, is shown beside.

    Args:
        items: about ``total`` of them.
        total: the length of the bar.
        label: before the bar.
    """
    with tqdm(items, total=total, desc=label, file=sys.stderr, mininterval=0.5) as shown:
        for item in shown:
            about = getattr(item[0], "about", "") if isinstance(item, tuple) else ""
            if about:
                shown.set_postfix_str(about)
            yield item


def tool_parser(program: str, words: str | None, *, configured: bool = False) -> argparse.ArgumentParser:
    """A parser for the arguments of a tool.

    Args:
        program: the name in messages, such as "train.py" or "stgcn-affect train".
        words: what the tool does; the help shows them as they are, with ``program`` for ``%(prog)s``.
        configured: the tool takes a configuration, so the help lists those known by name.
    """
    return argparse.ArgumentParser(
        prog=program,
        description=(words or "").strip(),
        epilog=_configurations() if configured else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _configurations() -> str:
    known = known_configs()
    return f"configurations known by name:\n  {', '.join(known)}\n  default describes every setting: {known['default']}"


def add_jobs(parser: argparse.ArgumentParser, words: str) -> None:
    """Add ``--jobs N``, which is None where it is not given; ``words`` say what runs side by side."""
    parser.add_argument("--jobs", type=int, metavar="N", help=words)


def checked_jobs(chosen: argparse.Namespace) -> int | None:
    """The number that ``--jobs`` gave. Raises InputError where it is below 1."""
    jobs: int | None = chosen.jobs
    if jobs is not None and jobs < 1:
        raise InputError(f"--jobs: expected 1 or more (got {jobs})")
    return jobs


def warn_without_recordings(name: str, config: Config) -> None:
    """Warn where a configuration of ours that is meant for recordings is given none.

    Args:
        name: of the configuration, without its ending.
        config: all settings.
    """
    ours = name in known_configs() and name not in ("default", "demo") and not config.benchmark.sets
    if ours and not config.data.root and not config.data.cache:
        log.warning("%s: data.root names no recordings, so synthetic walkers are used", name)


def run_tool(name: str, lines: Iterable[str]) -> int:
    """Print what a tool says, line by line as it is made; the exit code.

    Args:
        name: the name of the tool, such as "train.py".
        lines: made lazily, so that an InputError raised by them is caught here.

    Returns:
        0, also where the reader of the lines stopped reading (``| head``); 2 after a mistake of the user's (InputError)
        and 130 after Ctrl-C, both told in one line on stderr.
    """
    logging.basicConfig(format="%(levelname)s: %(message)s", level=logging.WARNING, force=True)
    try:
        for line in lines:
            print(line)
    except InputError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"{name}: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:  # as the documentation of Python's signals has it: nothing is left to be flushed at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
