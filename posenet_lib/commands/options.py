"""Options shared by several sub-commands, and options made from a settings dataclass."""

import argparse
import dataclasses
import types
import typing
from typing import Any

from posenet_lib.scenes.scene import PRACTICE_COURT


class HelpFormatter(argparse.ArgumentDefaultsHelpFormatter):
    """Show each option's default, unless it has none worth showing."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        if action.default is None or action.default is False or not action.option_strings:
            return action.help
        return super()._get_help_string(action)


def add_command(commands: Any, name: str, run: Any, help: str) -> argparse.ArgumentParser:
    """A sub-command whose `--help` begins with its help line."""
    parser = commands.add_parser(name, help=help, description=help, formatter_class=HelpFormatter)
    parser.set_defaults(run=run)
    return parser


def add_scene_option(parser: argparse.ArgumentParser) -> None:
    """`--scene`, a folder or a known name."""
    parser.add_argument(
        "--scene",
        default=PRACTICE_COURT,
        metavar="DIR",
        help="a scene's folder, or the name of a known scene",
    )


def court_seed(text: str) -> int:
    """The type of options that choose a court."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"a court's seed is a whole number from 0 up, got {text}")
    return int(text)


def add_settings(parser: argparse.ArgumentParser, settings: type) -> None:
    """One option for each field of a settings dataclass: `max_minutes` -> `--max-minutes`."""
    kinds = typing.get_type_hints(settings)
    for item in dataclasses.fields(settings):
        flag = "--" + item.name.replace("_", "-")
        if kinds[item.name] is bool:
            parser.add_argument(flag, action="store_true", default=item.default, help=item.metadata["help"])
            continue
        parser.add_argument(
            flag,
            type=_plain_type(kinds[item.name]),
            default=item.default,
            choices=item.metadata["choices"],
            metavar=None if item.metadata["choices"] else "NAME" if _plain_type(kinds[item.name]) is str else "N",
            help=item.metadata["help"],
        )


def read_settings(options: argparse.Namespace, settings: type) -> Any:
    """The dataclass that the parsed options describe."""
    return settings(**{item.name: getattr(options, item.name) for item in dataclasses.fields(settings)})


def _plain_type(kind: Any) -> type:
    """`float | None` -> `float`."""
    if isinstance(kind, types.UnionType):
        (kind,) = (part for part in typing.get_args(kind) if part is not type(None))
    return kind
