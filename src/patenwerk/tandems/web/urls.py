from __future__ import annotations

from django.urls import path

from patenwerk.tandems.web import groups, lists, meetings, steps, tandems

app_name = "tandems"

urlpatterns = [
    path("", lists.TandemList.as_view(), name="list"),
    path("standort/<int:pk>/vorschlagen/", tandems.Propose.as_view(), name="propose"),
    path("<int:pk>/", tandems.TandemPage.as_view(), name="tandem"),
    path("<int:pk>/schritt/", steps.TakeStep.as_view(), name="step"),
    path("<int:pk>/beenden/", steps.EndTandem.as_view(), name="end"),
    path("<int:pk>/neu/", tandems.Restart.as_view(), name="restart"),
    path("<int:pk>/treffen/", meetings.LogMeeting.as_view(), name="log_meeting"),
    path("<int:pk>/dazu/", groups.Join.as_view(), name="join"),
    path("<int:pk>/gruppe/", groups.ChangeGroup.as_view(), name="group"),
    path("teilnahme/<int:pk>/verlassen/", groups.Leave.as_view(), name="leave"),
    path("teilnahme/<int:pk>/einspringen/", groups.StepIn.as_view(), name="step_in"),
    path("antwort/<int:pk>/", steps.RecordAnswer.as_view(), name="answer"),
    path("treffen/<int:pk>/entfernen/", meetings.RemoveMeeting.as_view(), name="remove_meeting"),
]
