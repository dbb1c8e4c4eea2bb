from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from patenwerk.core.clock import day_of
from patenwerk.core.papers.writing import write_pdf
from patenwerk.core.web.files import file_answer
from patenwerk.core.web.views import ObjectView
from patenwerk.gatherings.models import Minutes
from patenwerk.gatherings.policy import SEE_MINUTES
from patenwerk.gatherings.queries.minutes import record_of, with_gathering
from patenwerk.gatherings.queries.minutes_paper import paper_data
from patenwerk.gatherings.web.minutes import ByMinutesLink


def paper_answer(minutes: Minutes, at: datetime) -> HttpResponse:
    """The minutes as a file to keep."""
    data = paper_data(record_of(minutes, day_of(at)))
    day = day_of(minutes.gathering.starts_at).isoformat()
    paper = write_pdf("gatherings/minutes", data, at=at)
    return file_answer(paper, f"protokoll-{day}.pdf", "application/pdf")


class MinutesPaper(ObjectView):
    model = Minutes
    see = do = SEE_MINUTES

    def rows(self) -> QuerySet[Any]:
        return with_gathering(Minutes.objects.all())

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return paper_answer(self.object, self.now)


class ReadPaper(ByMinutesLink):
    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return paper_answer(self.minutes, self.now)
