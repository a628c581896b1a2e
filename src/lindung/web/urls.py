"""The addresses of the pages, in Indonesian."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from lindung.web import rosters, signing_in, today, workers

app_name = "web"

urlpatterns = [
    path("", today.today, name="today"),
    path("kerja-sama/<int:agreement_id>/unggah/", rosters.upload, name="roster_upload"),
    path("daftar/<int:roster_id>/", rosters.roster, name="roster"),
    path("daftar/<int:roster_id>/daftarkan/", rosters.enrol, name="roster_enrol"),
    path("pekerja/<int:person_id>/", workers.worker, name="worker"),
    path("masuk/demo/<str:token>/", signing_in.demo_link, name="demo_sign_in"),
    # Before anybody has signed in, too: the sign-in page is read in either language.
    path("ganti-bahasa/", login_not_required(set_language), name="choose_language"),
]
