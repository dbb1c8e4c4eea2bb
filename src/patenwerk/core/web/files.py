"""A file to keep: never shown inside a page, never guessed at, never left in a cache."""

from __future__ import annotations

from django.http import HttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_answer(body: bytes, name: str, media_type: str) -> HttpResponse:
    """The bytes as a file with this name."""
    return HttpResponse(
        body,
        content_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
