"""The kinds of notices and webhooks that quizzes bring, declared when all apps are there."""

from courses.quizzes import notices, webhooks

notices.declare_all()
webhooks.declare_all()
