"""Completion of commands, options and choices in shells, told by the parser itself."""

from __future__ import annotations

import argparse
from collections.abc import Iterator


def completion_of(shell: str, parser: argparse.ArgumentParser) -> str:
    """A script for ``bash``, ``zsh`` or ``fish``."""
    words = {name: tuple(dict.fromkeys(_words(command))) for name, command in _commands(parser).items()}
    return _fish(parser, words) if shell == "fish" else _bash(words, zsh=shell == "zsh")


def _commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _words(command: argparse.ArgumentParser) -> Iterator[str]:
    """Options and choices of a command, and the commands below it with theirs."""
    for action in command._actions:
        yield from action.option_strings
        if not action.option_strings and action.choices is not None:
            yield from map(str, action.choices)
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from _words(below)


def _bash(words: dict[str, tuple[str, ...]], *, zsh: bool) -> str:
    cases = "\n".join(f'    {name}) words="{" ".join(found)}" ;;' for name, found in words.items())
    head = "autoload -U +X bashcompinit && bashcompinit\n" if zsh else ""
    return f"""{head}_sohoa() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "{" ".join(words)}" -- "$current"))
    return
  fi
  case "${{COMP_WORDS[1]}}" in
{cases}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [[ "$current" == -* ]] || COMPREPLY+=($(compgen -f -- "$current"))
}}
complete -o filenames -F _sohoa sohoa
"""


def _fish(parser: argparse.ArgumentParser, words: dict[str, tuple[str, ...]]) -> str:
    helps = {
        choice.dest: choice.help or ""
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for choice in action._choices_actions
    }
    lines = []
    for name, found in words.items():
        told = helps.get(name, "").replace("'", "")
        lines.append(f"complete -c sohoa -n __fish_use_subcommand -a {name} -d '{told}'")
        for word in found:
            how = f"-l {word[2:]}" if word.startswith("--") else f"-s {word[1:]}" if word.startswith("-") else f"-a {word}"
            lines.append(f"complete -c sohoa -n '__fish_seen_subcommand_from {name}' {how}")
    return "\n".join(lines) + "\n"
