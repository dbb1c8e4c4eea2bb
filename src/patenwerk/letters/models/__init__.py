"""What letters say, and which were made for whom."""

from patenwerk.letters.models.run import Letter, LetterFile, LetterRun
from patenwerk.letters.models.text import LetterText

__all__ = ["Letter", "LetterFile", "LetterRun", "LetterText"]
