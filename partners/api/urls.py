"""Addresses under `/api/v1/` for people, teams, companies."""

from django.urls import path

from partners.api import people

urlpatterns = [
    path("people", people.People.as_view(), name="people"),
    path("people/<uuid:person_id>", people.OnePerson.as_view(), name="person"),
    path("teams", people.Teams.as_view(), name="teams"),
    path("organisations", people.Organisations.as_view(), name="organisations"),
]
