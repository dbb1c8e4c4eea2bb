import io

from patenwerk.cli.progress import Bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_it_is_drawn_on_a_terminal_and_wiped_away() -> None:
    terminal, seconds = Terminal(), iter([0.0, 0.01, 0.5, 0.51])
    bar = Bar(terminal, clock=lambda: next(seconds))
    bar.show("scoring", 0, 4)
    bar.show("scoring", 1, 4)  # too soon to be drawn again
    bar.show("scoring", 2, 4)
    bar.show("scoring", 4, 4)
    bar.clear()
    assert [part.count("█") for part in terminal.getvalue().split("\r")[1:]] == [0, 12, 24, 0]
    assert terminal.getvalue().endswith("\r\033[K")


def test_elsewhere_it_is_silent() -> None:
    file = io.StringIO()
    bar = Bar(file)
    bar.show("scoring", 1, 4)
    bar.clear()
    assert file.getvalue() == ""
