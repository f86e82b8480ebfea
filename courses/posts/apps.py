"""Quick posts: a phone video or a few lines, published in minutes."""

from django.apps import AppConfig


class PostsConfig(AppConfig):
    """Quick posts, above authoring."""

    name = "courses.posts"
    label = "posts"
    verbose_name = "Quick posts"
