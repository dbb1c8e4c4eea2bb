from __future__ import annotations

from django.urls import path

from patenwerk.letters.web import listing, runs, texts

app_name = "letters"

urlpatterns = [
    path("", listing.RunList.as_view(), name="runs"),
    path("person/<int:pk>/", runs.OfPerson.as_view(), name="of_person"),
    path("tandem/<int:pk>/", runs.OfTandem.as_view(), name="of_tandem"),
    path("<int:pk>/", runs.RunPage.as_view(), name="run"),
    path("<int:pk>/fortgang/", runs.Progress.as_view(), name="progress"),
    path("<int:pk>/versand/", runs.Mailing.as_view(), name="mailing"),
    path("<int:pk>/datei/", runs.RunFile.as_view(), name="file"),
    path("texte/<int:pk>/", texts.TextList.as_view(), name="texts"),
    path("texte/<int:pk>/text/", texts.EditText.as_view(), name="text"),
    path("texte/<int:pk>/zurueck/", texts.ReturnToDefault.as_view(), name="default"),
]
