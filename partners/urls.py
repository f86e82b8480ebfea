"""Addresses: how one comes in (under `accounts/`, in allauth's names), people and organisations."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from partners.views import (
    demo,
    invitations,
    organisations,
    pasting,
    people,
    profile,
    setup,
    several,
    signing_in,
)

_accounts = [
    path("login/", signing_in.sign_in, name="account_login"),
    path("logout/", signing_in.sign_out, name="account_logout"),
    path("link/", signing_in.mail_link, name="account_mail_link"),
    path("link/<str:token>/", signing_in.open_link, name="account_link"),
    path("password/change/", signing_in.change_password, name="account_change_password"),
    path("password/set/", signing_in.first_password, name="account_set_password"),
    path("password/reset/", signing_in.forgotten, name="account_reset_password"),
    path("password/reset/done/", signing_in.forgotten_sent, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        signing_in.new_password,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        signing_in.new_password_set,
        name="account_reset_password_from_key_done",
    ),
]

_organisations = [
    path("", organisations.organisations, name="organisations"),
    path("new/", organisations.add_partner, name="add_partner"),
    path("<uuid:organisation_id>/", organisations.organisation, name="organisation"),
    path("<uuid:organisation_id>/edit/", organisations.edit_organisation, name="edit_organisation"),
    path(
        "<uuid:organisation_id>/active/",
        organisations.organisation_active,
        name="organisation_active",
    ),
    path("<uuid:organisation_id>/paste/", pasting.paste_people, name="paste_people"),
    path("<uuid:organisation_id>/invite/", invitations.invite_all, name="invite_all"),
    path("<uuid:organisation_id>/teams/new/", organisations.add_team, name="add_team"),
    path("teams/<uuid:team_id>/", organisations.edit_team, name="edit_team"),
    path("teams/<uuid:team_id>/active/", organisations.team_active, name="team_active"),
]

_people = [
    path("", people.people, name="people"),
    path("people.csv", people.people_csv, name="people_csv"),
    path("people.xlsx", people.people_xlsx, name="people_xlsx"),
    path("new/", people.add_person, name="add_person"),
    path("chosen/", several.chosen, name="chosen"),
    path("chosen/invite/", several.invite_several, name="invite_several"),
    path("chosen/move/", several.move_several, name="move_several"),
    path("chosen/leave/", several.leave_several, name="leave_several"),
    path("<uuid:person_id>/", people.person, name="person"),
    path("<uuid:person_id>/edit/", people.edit_person, name="edit_person"),
    path("<uuid:person_id>/roles/", people.change_roles, name="change_roles"),
    path("<uuid:person_id>/move/", people.move_person, name="move_person"),
    path("<uuid:person_id>/active/", people.person_active, name="person_active"),
    path("<uuid:person_id>/invite/", invitations.invite, name="invite"),
    path("<uuid:person_id>/revoke/", invitations.revoke, name="revoke"),
]

_pages: list[URLPattern | URLResolver] = [
    path("partners/", include(_organisations)),
    path("people/", include(_people)),
    path("profile/", profile.profile, name="profile"),
    path("profile/picture/", profile.picture, name="profile_picture"),
    path("profile/look/", profile.look, name="profile_look"),
    path("i/<str:token>/", invitations.accept, name="invitation"),
    path("setup/", setup.setup, name="setup"),
    path("setup/next/", setup.first_steps, name="first_steps"),
    path("demo/", demo.demo_people, name="demo_people"),
    path("demo/<uuid:person_id>/", demo.demo_sign_in, name="demo_sign_in"),
    path("demo/<uuid:person_id>/face/", demo.demo_face, name="demo_face"),
]

urlpatterns = [
    path("accounts/", include(_accounts)),
    path("", include((_pages, "partners"))),
]
