"""Addresses of quick posts."""

from django.urls import path

from courses.posts import views

app_name = "posts"
urlpatterns = [
    path("posts/", views.mine, name="mine"),
    path("posts/new/", views.new, name="new"),
    path("posts/<uuid:post_id>/edit/", views.edit, name="edit"),
    path("posts/<uuid:post_id>/extend/", views.extend, name="extend"),
    path("posts/<uuid:post_id>/take-back/", views.take_back, name="take_back"),
    path("posts/<uuid:post_id>/promote/", views.promote, name="promote"),
]
