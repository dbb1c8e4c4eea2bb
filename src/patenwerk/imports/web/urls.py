from __future__ import annotations

from django.urls import path

from patenwerk.imports.web import book, bundles, exports, listing, questions, uploads

app_name = "imports"

urlpatterns = [
    path("", listing.UploadList.as_view(), name="uploads"),
    path("standort/<int:pk>/", questions.NewUpload.as_view(), name="new"),
    path("standort/<int:pk>/vorlage.xlsx", questions.Template.as_view(), name="template"),
    path("standort/<int:pk>/alles/", exports.ExportSite.as_view(), name="export_site"),
    path("traeger/<int:pk>/alles.zip", exports.ExportCarrier.as_view(), name="export_carrier"),
    path("traeger/<int:pk>/", bundles.NewBundle.as_view(), name="new_bundle"),
    path("standorte/<int:pk>/", bundles.BundlePage.as_view(), name="bundle"),
    path("standorte/<int:pk>/verwerfen/", bundles.DiscardBundle.as_view(), name="discard_bundle"),
    path("standorte/datei/<int:pk>/", bundles.BundleSite.as_view(), name="bundle_site"),
    path("<int:pk>/", uploads.UploadPage.as_view(), name="upload"),
    path("<int:pk>/spalten/", questions.ChooseMapping.as_view(), name="mapping"),
    path("<int:pk>/datum/", questions.AnswerDates.as_view(), name="dates"),
    path("<int:pk>/blatt/", questions.ChooseSheet.as_view(), name="sheet"),
    path("<int:pk>/fortgang/", uploads.Progress.as_view(), name="progress"),
    path("<int:pk>/offene-zeilen.xlsx", uploads.BadRows.as_view(), name="bad_rows"),
    path("datei/<int:pk>/", book.BookPage.as_view(), name="book"),
    path("datei/<int:pk>/fortgang/", book.BookProgress.as_view(), name="book_progress"),
    path("datei/<int:pk>/verwerfen/", book.DiscardBook.as_view(), name="discard_book"),
    path("<int:pk>/verwerfen/", questions.Discard.as_view(), name="discard"),
]
