from __future__ import annotations

from django.urls import path

from patenwerk.gatherings.web import decisions, promises

urlpatterns = [
    path("beschluesse/", decisions.DecisionList.as_view(), name="decisions"),
    path("beschluss/<int:pk>/", decisions.DecisionPage.as_view(), name="decision"),
    path("beschluss/<int:pk>/umgesetzt/", decisions.CarryOut.as_view(), name="decision_carry_out"),
    path("beschluss/<int:pk>/ersetzt/", decisions.Replace.as_view(), name="decision_replace"),
    path("beschluss/<int:pk>/aufheben/", decisions.Withdraw.as_view(), name="decision_withdraw"),
    path("beschluss/<int:pk>/in-kraft/", decisions.Restore.as_view(), name="decision_restore"),
    path("zusagen/", promises.PromiseList.as_view(), name="promises"),
    path("zusagen/traeger/<int:pk>/", promises.CarrierPromises.as_view(), name="carrier_promises"),
    path("zusage/<int:pk>/", promises.CommitmentPage.as_view(), name="commitment"),
    path("zusage/<int:pk>/stand/", promises.TellProgress.as_view(), name="tell_progress"),
    path("zusage/<int:pk>/erledigt/", promises.Finish.as_view(), name="commitment_finish"),
    path("zusage/<int:pk>/fallen-lassen/", promises.Drop.as_view(), name="commitment_drop"),
    path("zusage/<int:pk>/aufnehmen/", promises.Resume.as_view(), name="commitment_resume"),
    path("zusage/<int:pk>/aendern/", promises.ChangeCommitment.as_view(), name="change_commitment"),
]
