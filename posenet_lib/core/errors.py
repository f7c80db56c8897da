"""The one exception type for bad input: its text is written for the person who has to mend it."""


class WorkbookError(Exception):
    """Something the user gave is wrong: the message names the file, line or cell, the bad value and what is right.

    The `posenet` command prints it without a traceback and exits with status 2; notebooks show it in one paragraph.
    """

    def _render_traceback_(self) -> list[str]:
        # IPython shows these lines in place of a traceback: the message is for the reader, the stack is ours.
        return [f"{type(self).__name__}: {self}"]
