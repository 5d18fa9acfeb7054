"""Keys: what Enter, Tab, brackets and Ctrl-C do at the prompt. Everything else is prompt_toolkit's."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.application import get_app
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, get_common_complete_suffix
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import Condition, has_focus, is_searching
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys

from tc0.repl.inputs import INDENT, indentation, is_command, on_enter, open_braces


def bindings(stopped: Callable[[bool], None]) -> KeyBindings:
    """stopped: told on Ctrl-C whether the line was empty."""
    keys = KeyBindings()
    typing = has_focus(DEFAULT_BUFFER) & ~is_searching

    @keys.add("enter", filter=typing)
    def _enter(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.complete_state is not None and buffer.complete_state.current_completion is not None:
            buffer.complete_state = None  # what is chosen in the menu stays, and the menu goes
            return
        if on_enter(buffer.text, buffer.document.text_before_cursor) == "run":
            _without_blank_end(buffer.text, event)
            buffer.validate_and_handle()
        else:
            _new_line(event)

    # What is typed while work goes on arrives with Enter as Ctrl-J, so that Ctrl-J cannot mean anything else than Enter:
    # prompt_toolkit takes it for Enter.
    @keys.add("escape", "enter", filter=typing)
    def _line(event: KeyPressEvent) -> None:
        _new_line(event)

    @keys.add("tab", filter=typing)
    def _tab(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.complete_state is not None:
            buffer.complete_next()
        elif buffer.document.current_line_before_cursor.strip():
            _complete(buffer)
        else:
            column = len(buffer.document.current_line_before_cursor)
            buffer.insert_text(" " * (INDENT - column % INDENT))

    @Condition
    def at_blank_line() -> bool:
        before = get_app().current_buffer.document.current_line_before_cursor
        return bool(before) and not before.strip()

    @keys.add("backspace", filter=typing & at_blank_line)
    def _backspace(event: KeyPressEvent) -> None:
        column = len(event.current_buffer.document.current_line_before_cursor)
        event.current_buffer.delete_before_cursor((column - 1) % INDENT + 1)

    @keys.add("}", filter=typing & at_blank_line)
    @keys.add("]", filter=typing & at_blank_line)
    @keys.add(")", filter=typing & at_blank_line)
    def _close(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        blank = buffer.document.current_line_before_cursor
        depth = open_braces(buffer.document.text_before_cursor)
        buffer.delete_before_cursor(max(0, len(blank) - INDENT * max(depth - 1, 0)))
        buffer.insert_text(event.data)

    @keys.add("c-c")
    @keys.add(Keys.SIGINT)
    def _stop(event: KeyPressEvent) -> None:
        stopped(not event.app.current_buffer.text)
        event.app.exit(exception=KeyboardInterrupt, style="class:aborting")

    return keys


def _complete(buffer: Buffer) -> None:
    """Inserts the only candidate, or what all have in common, at once: what is typed next comes after it. Then the menu."""
    found = list(buffer.completer.get_completions(buffer.document, CompleteEvent(completion_requested=True)))
    if len(found) == 1:
        buffer.apply_completion(found[0])
    elif found:
        buffer.insert_text(get_common_complete_suffix(buffer.document, found))
        buffer.start_completion()


def _new_line(event: KeyPressEvent) -> None:
    buffer = event.current_buffer
    before = buffer.document.text_before_cursor
    blanks = 0 if is_command(before) else indentation(before)
    if not buffer.document.current_line_before_cursor.strip():
        buffer.delete_before_cursor(len(buffer.document.current_line_before_cursor))  # leaves no blanks behind
    buffer.insert_text("\n" + " " * blanks)


def _without_blank_end(text: str, event: KeyPressEvent) -> None:
    """The two blank lines that asked for the error are not kept in the history."""
    bare = text.rstrip()
    if bare != text and bare:
        event.current_buffer.text = bare
        event.current_buffer.cursor_position = len(bare)
